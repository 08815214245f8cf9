"""A page without a browser: it speaks the whole protocol, and a Python function plays JavaScript."""

from __future__ import annotations

import itertools
import json
import time
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from nbsession._link import Link, LinkSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from .kernel_process import KernelProcess, Message

_names = itertools.count(1)


def python_as_javascript(code: str, args: dict[str, Any]) -> object:
    """Evaluate the code as a Python expression."""
    return eval(code, {}, dict(args))


class FakePage:
    """Says hello as soon as the kernel opens a bridge, runs what it is sent, answers.

    Attributes
    ----------
    ran : list
        The code of every ``run`` and ``eval`` that was run, in order.
    evaluate : callable
        ``evaluate(code, args)`` gives an eval's value; None as return leaves it unanswered if ``silent`` holds it.
    """

    def __init__(self, process: KernelProcess, page: str | None = None, version: str = "1.0") -> None:
        self._process = process
        self.page = page or f"page-{next(_names)}"
        self.version = version
        self.context = ""
        self.comm_id: str | None = None
        self.text_only = False  # whether the bridge asks for buffers as text
        self.ran: list[str] = []
        self.opened: dict[int, dict[str, Any]] = {}
        self.closed: dict[int, str] = {}
        self.nodes: list[dict[str, Any]] = []
        self.images: list[bytes] = []  # that came with nodes, in order
        self.refused: dict[str, Any] | None = None
        self.welcomed = False
        self.previous: dict[str, Any] | None = None
        self.evaluate: Callable[[str, dict[str, Any]], object] = python_as_javascript
        self.silent: set[str] = set()  # code of evals that are never answered
        self.dies_at: str | None = None  # the context is lost while this code runs
        self.begun = 0
        self.info: dict[str, Any] = {
            "host": "localhost:8888",
            "origin": "http://localhost:8888",
            "frontend": "jupyterlab",
        }
        # What it tells of itself when it has been welcomed, by the name `info` has in its "pending".
        self.later: dict[str, Any] | None = None
        self._renew()

    def attach(self) -> None:
        """Listen to the kernel: say hello when it opens a bridge."""
        self._process.attended = True  # else a busy machine gives it a second and a half to do so
        self._process.on_comm = self.on_comm
        self._process.on_message = self.on_message

    def forget(self) -> None:
        """Be as one that has attached and run nothing."""
        for seen in (self.ran, self.closed, self.nodes, self.images, self.silent):
            seen.clear()

    def on_message(self, message: Message) -> None:
        if self.note_bridge(message):
            self.hello()

    def note_bridge(self, message: Message) -> bool:
        """Learn the bridge's comm when the kernel opens it; say whether this was it."""
        if message["msg_type"] == "comm_open" and "bridge" in message["content"]["data"].get("state", {}):
            state = message["content"]["data"]["state"]
            if state["bridge"] == message["content"]["comm_id"]:
                self.comm_id = message["content"]["comm_id"]
                self.text_only = state["text_only"]
                return True
        return False

    def hello(self) -> None:
        self.tell(
            {
                "hello": {
                    "version": self.version,
                    "page": self.page,
                    "context": self.context,
                    "previous": self.previous,
                    "info": self.info,
                }
            }
        )

    def reload(self, *, finished: bool = True) -> None:
        """Lose the JavaScript context and come back with a new one."""
        self.previous = {"context": self.context, "begun": self.begun, "finished": finished}
        self._renew()
        self.hello()

    def open_again(self) -> None:
        """Go on as a page that nothing ties to the one before: its tab was closed, and the notebook opened again."""
        self.page = f"page-{next(_names)}"
        self.previous = None
        self._renew()
        self.hello()

    def _renew(self) -> None:
        self.context = f"{self.page}-context-{next(_names)}"
        self._link = Link(LinkSettings(ack_delay=0))
        self.begun = 0
        self.opened = {}

    def tell(self, envelope: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        """Send an envelope to the kernel."""
        assert self.comm_id is not None
        if self.text_only and buffers:
            envelope = {**envelope, "base64": [b64encode(buffer).decode() for buffer in buffers]}
            buffers = []
        self._process.comm(self.comm_id, envelope, buffers or [])

    def on_comm(self, message: Message) -> None:
        content = message["content"]["data"].get("content", {})
        if content.get("context") != self.context:
            return
        self.refused = content.get("refused", self.refused)
        if "welcome" in content:
            self.welcomed = True
            if self.later is not None:
                self.say(0, ["info", self.later])
                self.flush()
        if "frame" in content:
            texts = content.get("base64", [])
            self._frame(content["frame"], [b64decode(text) for text in texts] or message["buffers"])

    def _frame(self, frame: dict[str, Any], buffers: list[Any]) -> None:
        for arrival in self._link.receive(frame, buffers, time.monotonic()):
            self.begun = arrival.number
            for item in arrival.messages:
                if item.channel == 0:
                    self.control(item.body)
                    continue
                self._message(item.channel, item.body, item.buffers)
                if self.dies_at is not None and self.ran and self.ran[-1] == self.dies_at:
                    self.dies_at = None
                    self.reload(finished=False)
                    return
        self.flush()

    def control(self, body: list[Any]) -> None:
        if body[0] == "open":
            self.opened[body[1]] = body[2]
        elif body[0] == "close":
            self.opened.pop(body[1], None)
            self.closed[body[1]] = body[2]

    def _message(self, channel: int, body: list[Any], buffers: list[Any]) -> None:
        if body[0] == "run":
            self.ran.append(body[1])
        elif body[0] == "eval":
            _, number, code, args, *_ = body
            self.ran.append(code)
            if code not in self.silent:
                self.answer(channel, number, code, args)
        elif body[0] == "put":
            self.nodes.append(body[1])
            self.images += [bytes(buffer) for buffer in buffers]
        elif body[0] == "snapshot":
            self.images += [bytes(buffer) for buffer in buffers]
        elif body[0] == "end":
            self.say(channel, ["saved", 0])

    def answer(self, channel: int, number: int, code: str, args: dict[str, Any]) -> None:
        try:
            value = self.evaluate(code, args)
        except Exception as error:  # noqa: BLE001 -- whatever JavaScript could throw
            fields = {"name": type(error).__name__, "message": str(error), "stack": "", "code": code}
            self.say(channel, ["error", number, fields])
        else:
            self.say(channel, ["value", number, value])

    def say(self, channel: int, message: list[Any]) -> None:
        self._link.send(channel, json.dumps(message), now=time.monotonic())

    def flush(self) -> None:
        for outgoing in self._link.transmit(time.monotonic()):
            buffers = [bytes(buffer) for buffer in outgoing.buffers]
            self.tell({"context": self.context, "frame": outgoing.frame}, buffers)

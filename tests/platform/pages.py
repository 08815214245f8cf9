"""Pages of a notebook without browsers, on a wire whose messages the test delivers, or loses."""

from __future__ import annotations

import json
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._link import Link, LinkSettings

if TYPE_CHECKING:
    from .test_page_registry import Kernel


class Page:
    """Runs what it is sent: each ``run`` appends its code to ``ran``, which pages may share.

    Attributes
    ----------
    down : deque
        What Python has sent and `receive` has not yet delivered.
    up : deque
        What the page has said and `speak` has not yet delivered.
    open : dict
        The channels that are open, by number.
    elsewhere : dict
        Where sessions are, by number.
    promises : set
        Code of evals that are not answered until `keep` is called.
    """

    def __init__(
        self,
        kernel: Kernel,
        name: str,
        peer: str,
        ran: list[str],
        former: Page | None = None,
        *,
        notes: bool = True,
    ) -> None:
        self.kernel = kernel
        self.former = former
        self.name = name
        self.context: str = name if former is None else f"{former.context}+"
        self.peer = peer
        self.ran = ran
        self.down: deque[tuple[dict[str, Any], list[Any]]] = deque()
        self.up: deque[tuple[dict[str, Any], list[Any]]] = deque()
        self.open: dict[int, dict[str, Any]] = {}
        self.elsewhere: dict[int, str] = {}
        self.closed: dict[int, str] = {}
        self.shown: list[str] = []
        self.promises: set[str] = set()
        self.kept: list[tuple[int, int]] = []
        self.files: dict[int, int] = {}  # the bytes that have come of each download
        self.begun = 0
        self.alive = True
        self._link = Link(LinkSettings(ack_delay=0))
        kernel.wire[self.context] = self.down
        begun = (
            None if former is None else {"context": former.context, "begun": former.begun, "finished": True}
        )
        kernel.hello(name, peer, self.context, begun if notes else None)

    def reloaded(self, *, notes: bool) -> Page:
        """Return the page's next life; with its ``notes`` on what it had begun, if its browser kept them."""
        self.alive = False
        return Page(self.kernel, self.name, f"{self.peer}+", self.ran, self, notes=notes)

    def receive(self, count: int | None = None) -> None:
        """Take what has come, or so many messages of it."""
        for _ in range(len(self.down) if count is None else min(count, len(self.down))):
            envelope, buffers = self.down.popleft()
            if "frame" in envelope and self.alive:
                self._frame(envelope["frame"], [bytes(buffer) for buffer in buffers])

    def speak(self, count: int | None = None) -> None:
        """Let Python hear what the page has said, or so many messages of it."""
        for _ in range(len(self.up) if count is None else min(count, len(self.up))):
            envelope, buffers = self.up.popleft()
            self.kernel.say(envelope, self.peer, buffers)

    def say(self, channel: int, message: list[Any]) -> None:
        """Say something at once."""
        self._link.send(channel, json.dumps(message), now=monotonic())
        self._flush()
        self.speak()

    def leave(self, **more: bool) -> None:
        """Unload the page: it says goodbye."""
        self.alive = False
        self.kernel.say({"context": self.context, "goodbye": True, "begun": self.begun, **more}, self.peer)

    def keep(self, value: object) -> None:
        """Keep all promises."""
        for channel, number in self.kept:
            self.say(channel, ["value", number, value])
        self.kept.clear()

    def _frame(self, frame: dict[str, Any], buffers: list[bytes]) -> None:
        for arrival in self._link.receive(frame, buffers, monotonic()):
            self.begun = arrival.number
            for message in arrival.messages:
                self._message(message.channel, message.body, message.buffers)
        self._flush()

    def _flush(self) -> None:
        self._link.hurry()
        for outgoing in self._link.transmit(monotonic()):
            self.up.append(({"context": self.context, "frame": outgoing.frame}, list(outgoing.buffers)))

    def _message(self, channel: int, body: list[Any], buffers: list[Any]) -> None:
        kind = body[0]
        if channel == 0:
            self._control(body)
        elif kind == "run":
            assert channel in self.open, "a command for a session that is not here"
            self.ran.append(body[1])
        elif kind == "eval":
            self.ran.append(body[2])
            if body[2] in self.promises:
                self.kept.append((channel, body[1]))
            else:
                self._link.send(channel, json.dumps(["value", body[1], 1]), now=monotonic())
        elif kind == "put":
            self.shown.append(str(body[1].get("details") or body[1].get("text")))
        elif kind == "snapshot":
            self.shown += [str(node.get("details") or node.get("text")) for node in body[1]]
        elif kind == "chunk":
            self.files[channel] = self.files.get(channel, 0) + sum(len(buffer) for buffer in buffers)
        elif kind == "end":
            self._link.send(channel, json.dumps(["saved", self.files[channel]]), now=monotonic())
        elif kind == "moved":
            del self.open[channel]
            self.elsewhere[channel] = body[1]
            self._link.send(channel, '["left"]', now=monotonic())

    def _control(self, body: list[Any]) -> None:
        if body in (["untouched"], ["probe"]):
            return
        kind, number, about = body
        if kind == "open":
            self.open[number] = about
            self.elsewhere.pop(number, None)
        elif kind == "close":
            self.open.pop(number, None)
            self.elsewhere.pop(number, None)
            self.closed[number] = about
        elif kind == "elsewhere":
            self.elsewhere[number] = about

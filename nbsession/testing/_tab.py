"""How a fake browser handles messages: it records them, and answers evals."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from nbsession._core.values import Encoded, decode, encode_output
from nbsession.exceptions import JSError

from ._calls import Calls, Reader
from ._nodes import Nodes
from ._rules import Rules, UnansweredError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._link import Buffer

    from ._nodes import Node


class Command(NamedTuple):
    """JavaScript code for the browser, and its local variables."""

    code: str
    args: dict[str, Any]


class Tab:
    """The page of a fake browser. Used on the page's thread; other threads only read from it.

    Parameters
    ----------
    rules : Rules
        The rules that answer evals.
    send : callable
        ``send(channel, message)`` sends a message to Python, on the page's thread.
    tell : callable
        ``tell(channel, message)`` does the same on any thread.
    unanswered : callable
        ``unanswered(channel, number, error)`` is called for an eval that no rule answers, or whose rule ended the test.
    form : callable
        ``form(channel, node)`` is called for a form that waits for an answer.
    """

    def __init__(
        self,
        rules: Rules,
        send: Callable[[int, Encoded], object],
        tell: Callable[[int, Encoded], object],
        unanswered: Callable[[int, int, BaseException], object],
        form: Callable[[int, Node], object],
    ) -> None:
        self._rules = rules
        self._send = send
        self._tell = tell
        self._calls = Calls(tell)
        self._unanswered = unanswered
        self._form = form
        self._files: dict[int, tuple[str, bytearray]] = {}
        self.nodes: dict[int, Nodes] = {}
        self.evaluated: list[Command] = []
        self.ran: list[Command] = []
        self.downloads: dict[str, bytes] = {}

    def handle(self, channel: int, body: list[Any], buffers: Sequence[Buffer]) -> None:
        """Handle one message from Python."""
        name = body[0]
        if channel == 0:
            if name == "open":
                self._open(body[1], body[2])
        elif channel in self._files:
            self._file(channel, name, buffers)
        elif name == "run":
            self.ran.append(_command(body[1:], buffers, Reader(self._calls, channel)))
        elif name == "eval":
            reader = Reader(self._calls, channel)
            command = _command(body[2:], buffers, reader)
            self._evaluate(channel, body[1], command, calls=reader.functions > 0)
        elif name in {"returned", "threw"}:
            self._calls.settle(body, buffers)
        elif name == "sync":
            self._send(channel, Encoded(f'["value",{body[1]},null]', ()))
        else:
            nodes = self.nodes[channel]
            nodes.take(body, buffers)
            for key in _asking(body):
                for node in nodes.with_key(key):
                    self._form(channel, node)

    def _open(self, channel: int, about: dict[str, Any]) -> None:
        if about["kind"] == "download":
            self._files.setdefault(channel, (about["name"], bytearray()))
        else:
            self.nodes.setdefault(channel, Nodes())

    def _evaluate(self, channel: int, number: int, command: Command, *, calls: bool) -> None:
        self.evaluated.append(command)
        if calls:
            # The rule may call a function, and this thread receives the answer.
            name = "nbsession fake browser's rule"
            arguments = (channel, number, command, self._tell)
            threading.Thread(target=self._answer, args=arguments, name=name, daemon=True).start()
        else:
            self._answer(channel, number, command, self._send)

    def _answer(
        self, channel: int, number: int, command: Command, send: Callable[[int, Encoded], object]
    ) -> None:
        try:
            answer = _value(number, self._rules.answer(*command))
        except UnansweredError as error:
            self._unanswered(channel, number, error)
            return
        except Exception as error:  # noqa: BLE001 -- what JavaScript could throw, a rule may raise
            answer = _error(number, command.code, error)
        except BaseException as error:  # noqa: BLE001 -- pytest.fail(), pytest.skip(): meant for the test
            self._unanswered(channel, number, error)
            return
        send(channel, answer)

    def _file(self, channel: int, name: str, buffers: Sequence[Buffer]) -> None:
        file_name, content = self._files[channel]
        if name == "chunk":
            content.extend(buffers[0])
        elif name == "end":
            self.downloads[file_name] = bytes(content)
            del self._files[channel]
            self._send(channel, Encoded(json.dumps(["saved", len(content)]), ()))
        elif name == "abort":
            del self._files[channel]


def _asking(body: list[Any]) -> list[int]:
    """Return the forms that a message shows, or whose submission it answers."""
    name, *rest = body
    if name == "update":
        return [rest[0]] if "turn" in rest[1] else []
    shown = rest[:1] if name == "put" else rest[0] if name == "snapshot" else []
    return [node["key"] for node in shown if node["kind"] == "form"]


def _command(rest: list[Any], buffers: Sequence[Buffer], reader: Reader) -> Command:
    code, args, *specials = rest
    plain: Any = decode(args, specials[0] if specials else None, buffers, reader)
    return Command(code, plain)


def _value(number: int, value: object) -> Encoded:
    try:
        return encode_output(("value", number), value)
    except TypeError as error:
        msg = f"the fake browser's answer is not a value that JavaScript can return: {value!r:.200}"
        raise UnansweredError(msg) from error


def _error(number: int, code: str, error: Exception) -> Encoded:
    if isinstance(error, JSError):
        fields = {"name": error.name, "message": error.message, "stack": error.stack}
    else:
        fields = {"name": type(error).__name__, "message": str(error), "stack": ""}
    return Encoded(json.dumps(["error", number, {**fields, "code": code[:200]}]), ())

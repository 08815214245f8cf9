"""The page's messages on a session's channel (docs/protocol.md). Pages are not trusted to follow the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from nbsession.exceptions import JSError

from .values import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._link import Buffer

    from .callbacks import Callbacks
    from .functions import Functions
    from .inputs import Inputs
    from .interfaces.channel import Caller
    from .outputs import Outputs
    from .pending_calls import Settle


class _Session(Protocol):
    """The parts of a session that are used here."""

    callbacks: Callbacks
    functions: Functions
    inputs: Inputs
    outputs: Outputs
    run_errors: dict[int, int]

    @property
    def awaits(self) -> Callable[[object], bool]:
        """Tells whether an eval with a number waits for its answer."""
        ...

    @property
    def settle(self) -> Settle:
        """Settles a call."""
        ...

    def warn(self, error: JSError, count: int = 1) -> int | None:
        """Show the reader a JavaScript error and return its output node."""
        ...

    def note_run_error(self, key: int, node: int) -> None:
        """Remember the output node of an error of ``run_js``."""
        ...


def handle(session: _Session, message: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:
    """Process one message. Unknown names are ignored, as the protocol requires."""
    name, *rest = message
    if name == "value":
        _value(session, rest, buffers)
    elif name == "call":
        session.functions.call(rest, buffers, page)
    elif name == "error":
        _error(session, rest)
    elif name == "callback":
        number, value = (*rest, None, None)[:2]
        session.callbacks.call(number, value)
    elif name == "input":
        session.inputs.receive(rest, buffers, page)
    elif name == "release":
        session.functions.discard(rest[0] if rest and isinstance(rest[0], list) else ())
    elif name == "repeated":
        _repeated(session, rest)


def _value(session: _Session, rest: list[Any], buffers: Sequence[Buffer]) -> None:
    number = rest[0] if rest else None
    if not session.awaits(number):  # withdrawn or invented: its value is not decoded
        return
    try:
        value = decode(rest[1], rest[2] if len(rest) > 2 else None, buffers)  # noqa: PLR2004
    except (ValueError, IndexError) as error:
        session.settle(number, error=JSError("ProtocolError", str(error)))
    else:
        session.settle(number, value)


def _error(session: _Session, rest: list[Any]) -> None:
    number, fields = (*rest, None, None)[:2]
    if not isinstance(fields, dict):
        fields = {}
    texts = (str(fields.get(field, ""))[:20_000] for field in ("name", "message", "stack", "code"))
    error = JSError(*texts)
    if number is not None:
        session.settle(number, error=error)
        return
    node = session.warn(error, _count(fields.get("count")))
    key = fields.get("key")
    if node is not None and type(key) is int:
        session.note_run_error(key, node)


def _repeated(session: _Session, rest: list[Any]) -> None:
    key, count = (*rest, None, None)[:2]
    node = session.run_errors.get(key) if type(key) is int else None
    if node is not None:
        session.outputs.count_error(node, _count(count))


def _count(count: object) -> int:
    return count if type(count) is int and count > 0 else 1

"""What the reader enters: the forms and pins of a session, by the keys of their nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbsession._link import Buffer

    from .interfaces.channel import Caller

MOST_TYPED = 1024 * 1024
"""The most bytes of what was typed in a form or a pin that are kept for a reload."""


class Input(Protocol):
    """A form or a pin."""

    def receive(self, event: str, rest: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:
        """Handle an event of the page (docs/protocol.md). Called on the receiving thread; must return quickly."""
        ...

    def end(self) -> None:
        """Handle the end of the session."""
        ...


class Inputs:
    """The forms and pins of one session. Can be used on any thread."""

    def __init__(self) -> None:
        self._inputs: dict[int, Input] = {}

    def add(self, key: int, each: Input) -> None:
        """Pass the events of a node on, from now on."""
        self._inputs[key] = each

    def remove(self, key: int) -> None:
        """Ignore further events of a node."""
        self._inputs.pop(key, None)

    def find(self, key: int) -> Input | None:
        """Return the form or pin of a node; None if it has been removed."""
        return self._inputs.get(key)

    def receive(self, rest: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:
        """Handle one message. Events of unknown nodes are ignored: the form may just have been answered."""
        key, event = (*rest, None, None)[:2]
        found = self._inputs.get(key) if type(key) is int else None
        if found is not None and isinstance(event, str):
            found.receive(event, rest[2:], buffers, page)

    def end(self) -> None:
        """Release everything: the session has ended."""
        inputs, self._inputs = self._inputs, {}
        for each in inputs.values():
            each.end()

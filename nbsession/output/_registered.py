"""The functions of an output that the page calls. They are forgotten when the output is removed, or gets others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ._calling import calling
from ._presses import Presses

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

    from ._content import Content, Entered


def closed_by_reader(session: Session, key: int, content: Content) -> Content:
    """Return content whose callback removes its node, if the reader can."""
    if not content.closable:
        return content
    return replace(content, called=lambda _: session.outputs.remove(key))


def register_input(session: Session, entered: Entered, key: int) -> Callable[[], object]:
    """Receive the events of a node that is about to be shown. Return the function to call when it is removed."""
    session.inputs.add(key, entered)
    entered.shown_as(session, key)

    def forget() -> None:
        session.inputs.remove(key)
        entered.removed()

    return forget


class Registered:
    """Removes a callback when the output that has it is removed, or gets another one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.number: int | None = None
        self.presses: Presses | None = None

    def __call__(self) -> None:
        if self.number is not None:
            self._session.callbacks.remove(self.number)

    def register(self, content: Content, presses: Presses | None) -> dict[str, Any]:
        """Register the callback of an output, and return the node's fields."""
        assert content.called is not None
        callbacks, fields = self._session.callbacks, content.fields
        function = calling(self._session, content.called)
        if not content.pressed:
            self.number = callbacks.add(function, serial=content.serial)
            return {**fields, "callback": self.number}
        presses = self.presses = presses or Presses(self._session)
        function = presses.of(function, len(fields["buttons"]), repeat=fields["repeat"])
        self.number = callbacks.add(function, serial=content.serial, admit=presses.admit)
        return {**fields, "callback": self.number, "busy": presses.busy}


def with_callback(session: Session, key: int, content: Content) -> dict[str, Any]:
    """Return the fields for an update; a new callback replaces the previous one."""
    if content.called is None:
        return content.fields
    forget = Registered(session)
    former = session.outputs.removed(key, forget)
    fields = forget.register(content, former.presses if isinstance(former, Registered) else None)
    if former is not None:
        former()
    return fields

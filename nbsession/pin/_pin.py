"""A pin: an input among the outputs that keeps its value."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from nbsession._core.tree import measure
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
from nbsession.input._field import ImpossibleAnswer
from nbsession.output._shown import Content

from ._registry import registry_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbsession._core.interfaces.channel import Caller
    from nbsession._core.session import Session
    from nbsession._link import Buffer
    from nbsession.input._field import Field

log = logging.getLogger("nbsession")

# Most bytes of a pin's value that are kept for a reload.
_MOST_TYPED = 1024 * 1024


class Pin:
    """One pin and its value, as the page has last reported it.

    Parameters
    ----------
    name : str
        Its name.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = InterruptSafeLock()
        self._session: Session | None = None
        self._key: int | None = None
        self._field: Field | None = None
        self._value: Any = None
        self._expired = False

    @property
    def session(self) -> Session:
        """The session that shows it."""
        assert self._session is not None
        return self._session

    @property
    def there(self) -> bool:
        """Whether it is still on a page."""
        session, key = self._session, self._key
        return (
            session is not None
            and key is not None
            and session.closed is None
            and session.outputs.contains(key)
        )

    @property
    def value(self) -> Any:
        """Its value."""
        with self._lock:
            return self._value

    # -- its output -------------------------------------------------------------------------------

    def content(self, field: Field) -> Content:
        """Return the output that shows a field in place of the one that it has shown before."""
        with self._lock:
            self._field = field
            self._value = field.default()
            described = {**field.describe(), **({"disabled": True} if self._expired else {})}
        return Content("pin", {"field": described, "typed": None}, entered=self)

    def shown_as(self, session: Session, key: int) -> None:
        """Set its place: the node is about to be sent."""
        self._session, self._key = session, key
        registry_of(session).add(self)

    def removed(self) -> None:
        """Note that its output was removed."""
        if self._session is not None:
            registry_of(self._session).remove(self)

    def expire(self) -> None:
        """Note that another pin has its name now: the reader can read it, but not change it."""
        with self._lock:
            self._expired = True
        if self.there:
            self._send({})

    def end(self) -> None:
        """Do nothing: a pin of a closed session is found no more."""

    def change(self, attributes: Mapping[str, Any]) -> None:
        """Change the field; see `Field.update`."""
        with self._lock:
            assert self._field is not None
            self._field.update("pin_update", dict(attributes))
            if "value" in attributes or "options" in attributes:
                self._value = self._field.default()
        self._send({"typed": None} if "value" in attributes else {})

    def _send(self, fields: dict[str, object]) -> None:
        with self._lock:
            assert self._field is not None
            described = {**self._field.describe(), **({"disabled": True} if self._expired else {})}
        if self._session is not None and self._key is not None:
            self._session.outputs.update(self._key, field=described, **fields)

    # -- its value --------------------------------------------------------------------------------

    def receive(self, event: str, rest: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:  # noqa: ARG002
        """Handle an event of the page; see `Input.receive`."""
        if event != "change" or len(rest) < 2 or self._expired:  # noqa: PLR2004 -- the name and the value
            return
        raw = rest[1]
        with self._lock:
            assert self._field is not None
            try:
                self._value = value = self._field.read_unchecked(raw)
            except ImpossibleAnswer as error:
                log.warning("a page has sent what pin %r does not allow: %s", self.name, error)
                return
            typed = raw if measure(raw) <= _MOST_TYPED else None
        if self._session is not None and self._key is not None:
            self._session.outputs.note(self._key, typed=typed)
            registry_of(self._session).changed(self.name, value)

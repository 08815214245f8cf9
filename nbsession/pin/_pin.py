"""A pin: an input among the outputs that keeps its value."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from nbsession._core.tree import measure
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
from nbsession.input._field import ImpossibleAnswer
from nbsession.input._files import FileField
from nbsession.input._uploading import Uploading
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
EXPIRED = "This input can no longer be changed."


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
        self._uploading: Uploading | None = None

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
            value = self._value
        return self._resolved(value)

    def _resolved(self, value: Any) -> Any:
        """Return the program's value; that of a file field may be read from the disk."""
        field, uploading = self._field, self._uploading
        if isinstance(field, FileField) and uploading is not None:
            return uploading.answer(field, value)
        return value

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
        assert self._field is not None
        self._uploading = Uploading(session, [self._field], self._write)
        registry_of(session).add(self)

    def _write(self) -> None:
        """Write what has been uploaded, in a thread of its own."""
        assert self._session is not None
        assert self._uploading is not None
        self._session.callbacks.start_beside(self._uploading.work)

    def removed(self) -> None:
        """Note that its output was removed."""
        self.end()
        if self._session is not None:
            registry_of(self._session).remove(self)

    def expire(self) -> None:
        """Note that another pin has its name now: the reader can read it, but not change it."""
        with self._lock:
            self._expired = True
        if self._uploading is not None:
            self._uploading.refuse(EXPIRED)
        if self.there:
            self._send({})

    def end(self) -> None:
        """Drop unfinished uploads: the session has ended."""
        if self._uploading is not None:
            self._uploading.close(keep=True)

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

    def receive(self, event: str, rest: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:
        """Handle an event of the page; see `Input.receive`."""
        if self._uploading is not None and self._uploading.takes(event):
            self._uploading.receive(event, rest, buffers, page)
            return
        if self._expired or event != "change" or len(rest) < 2:  # noqa: PLR2004 -- the name and the value
            return
        raw, seen = (*rest[1:], None)[:2]
        with self._lock:
            assert self._field is not None
            if self._field.outdated(seen):
                return
            try:
                self._value = value = self._read(self._field, raw)
            except ImpossibleAnswer as error:
                log.warning("a page has sent what pin %r does not allow: %s", self.name, error)
                return
            typed = raw if measure(raw) <= _MOST_TYPED else None
        if self._session is not None and self._key is not None:
            self._session.outputs.note(self._key, typed=typed)
            registry_of(self._session).changed(self.name, partial(self._resolved, value))

    def _read(self, field: Field, raw: object) -> Any:
        if isinstance(field, FileField) and self._uploading is not None:
            return self._uploading.files(field, raw)
        return field.read_unchecked(raw)

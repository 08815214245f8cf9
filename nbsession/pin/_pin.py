"""A pin: an input among the outputs that keeps its value."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from nbsession._core.complaints import complain
from nbsession._core.inputs import MOST_TYPED
from nbsession._core.tree import measure
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
from nbsession.input._fields.field import ImpossibleAnswer
from nbsession.input._fields.files import FileField
from nbsession.input._uploading import Uploading
from nbsession.output._content import Content

from ._registry import registry_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbsession._core.interfaces.channel import Caller
    from nbsession._core.session import Session
    from nbsession._link import Buffer
    from nbsession.input._fields.field import Field

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
            if self._field is not None:
                field.follow(self._field)
            self._field = field
            self._value = field.default()
            described = self._described()
        if self._session is not None:
            self._renew_uploads(self._session)
        return Content("pin", {"field": described, "typed": None}, entered=self)

    def _described(self) -> dict[str, object]:
        """Return the field for the page. The caller holds the lock."""
        assert self._field is not None
        return {**self._field.describe(), **({"disabled": True} if self._expired else {})}

    def shown_as(self, session: Session, key: int) -> None:
        """Set its place: the node is about to be sent."""
        self._session, self._key = session, key
        self._renew_uploads(session)
        registry_of(session).add(self)

    def _renew_uploads(self, session: Session) -> None:
        former = self._uploading
        assert self._field is not None
        self._uploading = Uploading(session, [self._field], self._write)
        if former is not None:
            former.close(keep=True)

    def _write(self) -> None:
        """Write what has been uploaded, in a thread of its own."""
        assert self._session is not None
        assert self._uploading is not None
        self._session.callbacks.start_beside(self._uploading.work)

    def removed(self) -> None:
        """Note that its output was removed."""
        if self._uploading is not None:
            self._uploading.close(keep=True)
        if self._session is not None:
            registry_of(self._session).remove(self)

    def expire(self) -> None:
        """Note that another pin has its name now: the reader can read it, but not change it."""
        with self._lock:
            self._expired = True
        if self._uploading is not None:
            self._uploading.refuse(EXPIRED)
        if self.there:
            with self._lock:
                self._send({})

    def end(self) -> None:
        """Drop the value and unfinished uploads: the session has ended."""
        if self._uploading is not None:
            self._uploading.close(keep=True)
        with self._lock:
            self._value = None
        if self._session is not None:
            registry_of(self._session).forget(self._session)

    def change(self, attributes: Mapping[str, Any]) -> None:
        """Change the field; see `Field.update`."""
        anew = "value" in attributes or "options" in attributes
        with self._lock:
            assert self._field is not None
            self._field.update("pin_update", dict(attributes))
            if anew:
                self._value = self._field.default()
            self._send({"typed": None} if anew else {})

    def _send(self, fields: dict[str, object]) -> None:
        """Send the field as it is. The caller holds the lock, so that the changes are sent in order."""
        if self._session is not None and self._key is not None:
            self._session.outputs.update(self._key, field=self._described(), **fields)

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
            field, session, key = self._field, self._session, self._key
            if field is None or session is None or key is None or field.outdated(seen) or field.is_fixed:
                return
            try:
                self._value = value = self._read(field, raw)
            except ImpossibleAnswer as error:
                complain("a page has sent a value that pin %r does not allow: %.200s", self.name, error)
                return
            kept = not field.secret and measure(raw) <= MOST_TYPED
            session.outputs.note(key, typed=raw if kept else None)
        registry_of(session).changed(self.name, partial(self._resolved, value))

    def _read(self, field: Field, raw: object) -> Any:
        if isinstance(field, FileField) and self._uploading is not None:
            return self._uploading.files(field, raw)
        return field.read_unchecked(raw)

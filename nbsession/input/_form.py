"""A form: questions that the reader answers together, and the loop that checks the answers.

The thread or coroutine that has called ``input()`` runs ``validate``, ``onchange`` and ``action``, as in PyWebIO: it
waits anyway, and it never waits for another callback of the session.
"""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

from nbsession._core.complaints import complain
from nbsession._core.inputs import MOST_TYPED
from nbsession._core.reader_events import ReaderEvents
from nbsession._core.tree import measure
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

from ._fields.field import ImpossibleAnswer, InvalidAnswer
from ._fields.files import FileField
from ._fields.text import TextField
from ._uploading import Uploading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nbsession._core.interfaces.channel import Caller
    from nbsession._core.session import Session
    from nbsession._link import Buffer

    from ._fields.field import Field
    from ._way import Way

Values = dict[str, Any]

NOT_VALID = "Your input is not valid."
OPTIONS_CHANGED = "The options have just changed. Please check your choice."
NOT_STORED = "The file could not be stored."
# The key of errors that belong to no field.
_FORM = ""
_FOCUSABLE = frozenset(
    {
        "text",
        "number",
        "float",
        "password",
        "url",
        "email",
        "date",
        "time",
        "datetime-local",
        "textarea",
        "select",
    }
)


class Changing(NamedTuple):
    """The field whose ``onchange`` runs."""

    form: Form
    name: str


changing_var: ContextVar[Changing | None] = ContextVar("nbsession_changing", default=None)


class Form:
    """One form of a session.

    The receiving thread calls `receive`; the thread or coroutine that asks runs `run`; any thread may change fields.

    Parameters
    ----------
    session : Session
        The session that shows it.
    label : str
        Its heading.
    fields : list of Field
        Its fields, with different names.
    validate : callable, optional
        Checks all values. Returns None, or the name of a field and an error message.
    cancelable : bool
        Whether it has a "Cancel" button.
    """

    def __init__(
        self,
        session: Session,
        label: str,
        fields: Sequence[Field],
        *,
        validate: Callable[[Values], object] | None = None,
        cancelable: bool = False,
    ) -> None:
        self.label = label
        self.fields: dict[str, Field] = {field.name: field for field in fields}
        self._session = session
        self._validate = validate
        self._cancelable = cancelable
        self._events = ReaderEvents(session)
        self._uploading = Uploading(session, fields, lambda: self._events.put(("upload", None)))
        # Held while fields, errors and what was typed change.
        self._lock = InterruptSafeLock()
        self._key: int | None = None
        self._turn = 0
        self._errors: dict[str, str] = {}
        self._typed: dict[str, object] = {}

    # -- the page -------------------------------------------------------------------------------

    def show(self) -> None:
        """Show the form."""
        key = self._key = self._session.outputs.next_key()
        self._session.inputs.add(key, self)
        with self._lock:
            fields = self._described()
        self._session.outputs.put(
            "form",
            key=key,
            label=self.label,
            fields=fields,
            cancelable=self._cancelable,
            errors={},
            turn=0,
            typed={},
        )

    def remove(self, *, answered: bool) -> None:
        """Remove the form. A second call has no effect.

        Parameters
        ----------
        answered : bool
            Whether the reader's files are kept.
        """
        key, self._key = self._key, None
        try:
            if key is not None:
                self._session.inputs.remove(key)
                self._session.outputs.remove(key)
        finally:
            self._uploading.close(keep=answered)

    def _described(self) -> list[dict[str, object]]:
        described = [field.describe() for field in self.fields.values()]
        if not any(each.get("focus") for each in described):
            single = len(described) == 1
            first = next((each for each in described if single or each["type"] in _FOCUSABLE), None)
            if first is not None:
                first["focus"] = True
        return described

    def receive(self, event: str, rest: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:
        """Handle an event of the page; see `Input.receive`. What no form of ours sends is ignored."""
        if self._uploading.takes(event):
            self._uploading.receive(event, rest, buffers, page)
        elif event in {"submit", "cancel"}:
            self._events.put((event, None), (*rest, None, None)[:2])
        elif event == "typed":
            self._note_typed(rest[0] if rest else None)
        elif event in {"blur", "change", "action"}:
            name, raw, seen = (*rest, None, None, None)[:3]
            if isinstance(name, str) and name in self.fields and not self.fields[name].outdated(seen):
                self._events.put((event, name), raw)

    def end(self) -> None:
        """Do nothing: the code that waits gets an exception."""

    def _note_typed(self, typed: object) -> None:
        if not isinstance(typed, dict):
            return
        with self._lock:
            kept = {name: raw for name, raw in typed.items() if name in self.fields}
            now = {**self._typed, **{name: raw for name, raw in kept.items() if not self.fields[name].secret}}
            if measure(now) > MOST_TYPED:
                return
            self._typed = now
            if self._key is not None:
                self._session.outputs.note(self._key, typed=now)

    def _update(self, **fields: object) -> None:
        if self._key is not None:
            self._session.outputs.update(self._key, **fields)

    # -- changes by the program -----------------------------------------------------------------

    def change(self, function: str, name: str, attributes: Mapping[str, Any]) -> None:
        """Change a field; see `Field.update`.

        Raises
        ------
        ValueError
            If the form has no such field.
        """
        if name not in self.fields:
            msg = f"{function}() found no field {name!r} in this form, which has {', '.join(map(repr, self.fields))}"
            raise ValueError(msg)
        with self._lock:
            self.fields[name].update(function, dict(attributes))
            self._send_fields(name, value_set="value" in attributes or "options" in attributes)

    def stand_for(self, field: TextField, value: object, label: object) -> None:
        """Show a text that the reader cannot change in place of the value; see `TextField.stand_for`."""
        with self._lock:
            field.stand_for(value, label)
            self._send_fields(field.name, value_set=True)

    def _send_fields(self, name: str, *, value_set: bool) -> None:
        if value_set and name in self._typed:
            self._typed = {other: raw for other, raw in self._typed.items() if other != name}
            if self._key is not None:
                self._session.outputs.note(self._key, typed=self._typed)
        self._update(fields=self._described())

    # -- the loop -------------------------------------------------------------------------------

    async def run(self, way: Way) -> Values | None:
        """Handle events until the form is submitted with valid values. Return these, or None if it was cancelled."""
        while True:
            (event, name), raw = await way.next(self._events)
            if event == "failed":
                raise raw
            if event == "cancel":
                if self.can_be_cancelled:
                    return None
            elif event == "submit":
                raws, seen = (each if isinstance(each, dict) else {} for each in raw)
                values = await self.check(raws, way, seen)
                if values is not None:
                    return values
            elif event == "upload":
                await way.work(self._uploading.work)
            elif event == "blur":
                await self._left(name, raw, way)
            else:
                await self._changed(event, name, raw, way)

    def submit(self, raws: Mapping[str, object]) -> None:
        """Submit the form with raw values that no page can send, such as files of this computer."""
        self._events.put(("submit", None), (dict(raws), None))

    @property
    def can_be_cancelled(self) -> bool:
        """Whether it has a button that cancels it."""
        return self._cancelable or any(field.cancels for field in self.fields.values())

    def fail(self, error: BaseException) -> None:
        """Let the code that asks raise an exception."""
        self._events.put(("failed", None), error)

    @property
    def errors(self) -> dict[str, str]:
        """The errors that the form shows, by the names of the fields."""
        with self._lock:
            return dict(self._errors)

    async def check(
        self, raws: Mapping[str, object], way: Way, seen: Mapping[str, object] | None = None
    ) -> Values | None:
        """Return the values of a submitted form; None if the reader has to correct something.

        Parameters
        ----------
        raws : mapping
            The raw values by the names of the fields.
        way : Way
            How the code waits.
        seen : mapping, optional
            The ``set`` of the fields, as the page had them.
        """
        values: Values = {}
        errors: dict[str, str] = {}
        files: dict[str, Any] = {}
        await way.work(self._uploading.work)
        for name, field in self.fields.items():
            if seen and field.outdated(seen.get(name)):
                errors[name] = OPTIONS_CHANGED
                continue
            try:
                values[name] = self._read(field, raws.get(name))
            except InvalidAnswer as error:
                errors[name] = str(error)
                continue
            if isinstance(field, FileField):
                files[name] = values[name]
                continue
            wrong = await self._wrong(field, values[name], way)
            if wrong is not None:
                errors[name] = wrong
        if not errors and files:
            errors = await self._take_files(files, values, way)
        if not errors and self._validate is not None:
            errors = await self._check_together(self._validate, values, way)
        if not errors:
            return values
        await way.work(self._uploading.take_back)
        with self._lock:
            self._errors = errors
            self._turn += 1
            self._update(errors=errors, turn=self._turn)
        return None

    def _read(self, field: Field, raw: object) -> Any:
        """Return the value of a field; of a file field, the files."""
        with self._lock:
            try:
                if isinstance(field, FileField):
                    return self._uploading.files(field, raw)
                return field.read(field.fixed_raw if field.is_fixed else raw)
            except ImpossibleAnswer as error:
                complain(
                    "a page has sent a value that the field %r does not allow: %.200s", field.name, error
                )
                raise InvalidAnswer(NOT_VALID) from None

    async def _take_files(self, files: dict[str, Any], values: Values, way: Way) -> dict[str, str]:
        """Replace files by the program's values, and check these. Return the errors."""

        def take() -> None:
            for name, each in files.items():
                field = self.fields[name]
                assert isinstance(field, FileField)
                taken.append(name)
                values[name] = self._uploading.answer(field, each)

        taken: list[str] = []
        try:
            await way.work(take)
        except OSError as error:
            self._session.failed(error)
            return {taken[-1]: NOT_STORED}
        wrong = {name: await self._wrong(self.fields[name], values[name], way) for name in files}
        return {name: message for name, message in wrong.items() if message is not None}

    async def _wrong(self, field: Field, value: object, way: Way) -> str | None:
        """Return the error message of a field's ``validate``."""
        if field.validate is None:
            return None
        try:
            message = await self._call(field.validate, value, way)
        except Exception as error:  # noqa: BLE001 -- shown; the form stays, as in PyWebIO
            self._session.failed(error)
            return NOT_VALID
        return None if message is None else str(message) or NOT_VALID

    async def _check_together(
        self, validate: Callable[[Values], object], values: Values, way: Way
    ) -> dict[str, str]:
        result: Any = await self._call(validate, dict(values), way)
        if result is None:
            return {}
        if isinstance(result, str) or not isinstance(result, (tuple, list)) or len(result) != 2:  # noqa: PLR2004 -- a pair
            msg = (
                "input_group() expects validate to return None, or the name of a field and an error message, not "
                f"{result!r:.80}"
            )
            raise ValueError(msg)
        name, message = result
        return {name if name in self.fields else _FORM: str(message) or NOT_VALID}

    async def choose(self, name: str, raw: object, way: Way) -> None:
        """Do what follows when the reader changes a field: call its ``onchange``."""
        await self._changed("change", name, raw, way)

    async def _left(self, name: str, raw: object, way: Way) -> None:
        """Check a field that the reader has just completed."""
        field = self.fields[name]
        if isinstance(field, FileField):  # its files come when the form is submitted
            return
        try:
            wrong = await self._wrong(field, self._read(field, raw), way)
        except InvalidAnswer:  # the page shows it when the form is submitted
            return
        with self._lock:
            if self._errors.get(name) == wrong:
                return
            others = {other: message for other, message in self._errors.items() if other != name}
            self._errors = others if wrong is None else {**others, name: wrong}
            self._update(errors=self._errors)

    async def _changed(self, event: str, name: str, raw: object, way: Way) -> None:
        field = self.fields[name]
        if event == "action":
            await self._act(field, way)
            return
        if field.onchange is None:
            return
        try:
            value = self._read(field, raw)
        except InvalidAnswer:
            return
        try:
            with _changing(Changing(self, name)):
                await self._call(field.onchange, value, way)
        except Exception as error:  # noqa: BLE001 -- shown; the form stays, as in PyWebIO
            self._session.failed(error)

    async def _act(self, field: Field, way: Way) -> None:
        """Call the function of the button beside a field."""
        if not isinstance(field, TextField) or field.action is None:
            return

        def set_value(value: object, label: str | None = None) -> None:
            if label is None:
                self.change("set_value", field.name, {"value": value})
            else:
                self.stand_for(field, value, label)

        try:
            await self._call(field.action.called, set_value, way)
        except Exception as error:  # noqa: BLE001 -- as above
            self._session.failed(error)
        with self._lock:
            self._turn += 1
            self._update(turn=self._turn)

    async def _call(self, function: Callable[[Any], object], value: object, way: Way) -> object:
        result = function(value)
        return await way.finish(result) if inspect.iscoroutine(result) else result


@contextmanager
def _changing(field: Changing) -> Iterator[None]:
    token = changing_var.set(field)
    try:
        yield
    finally:
        changing_var.reset(token)

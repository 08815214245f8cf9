"""What the fields have in common whose control holds a text."""

from __future__ import annotations

from typing import Any, ClassVar

from . import formats
from .call_arguments import Arguments, plain_number
from .field import NO_INITIAL, Field, ImpossibleAnswer, InvalidAnswer, NoInitial, Raw
from .units import scalar, units


class WrittenField(Field):
    """A field whose control holds a text: a line, or an area."""

    PARAMETERS: ClassVar[frozenset[str]] = Field.PARAMETERS | {
        "value",
        "placeholder",
        "maxlength",
        "minlength",
    }

    _most_units: ClassVar[int]

    def _identify(self, arguments: Arguments) -> None:
        super()._identify(arguments)
        self._value = ""
        self._given = False  # whether the author has given a value

    def _take(self, arguments: Arguments) -> None:
        super()._take(arguments)
        for name in ("minlength", "maxlength"):
            if name in arguments:
                self._attributes[name] = arguments.count(name, 0)

    def _limit(self, name: str) -> int | None:
        limit = self._attributes.get(name)
        return limit if isinstance(limit, int) else None

    def _take_value(self, arguments: Arguments, value: object) -> None:
        text = "" if value is None else self._text(value)
        if text is None:
            arguments.refuse("value", self._expected, value)
        text = self._clean(text)
        if units(text) > self._most_units:
            arguments.refuse("value", f"a text of at most {self._most_units} characters", value, ValueError)
        self._value = text
        self._given = value is not None

    @property
    def _expected(self) -> str:
        return "a str"

    def _text(self, value: object) -> str | None:
        """Return what a control shows for a program's value, or None."""
        number = plain_number(value)
        return formats.written(value) if number is None else str(number)

    def _clean(self, text: str) -> str:
        """Return what a control makes of a text."""
        return scalar(text)

    def describe(self) -> dict[str, object]:
        return {**super().describe(), "value": self._value}

    def read(self, raw: Raw) -> Any:
        if not isinstance(raw, str):
            msg = f"a text was expected, not {type(raw).__name__}"
            raise ImpossibleAnswer(msg)
        if len(raw) > self._most_units or units(raw) > self._most_units:
            msg = f"a text of more than {self._most_units} characters"
            raise ImpossibleAnswer(msg)
        return self._read(scalar(raw))

    def _read(self, text: str) -> Any:
        if text:
            self._check_length(text)
        elif self._needed:
            msg = "Please fill out this field."
            raise InvalidAnswer(msg)
        return text

    def _check_length(self, text: str) -> None:
        entered = units(text)
        least, most = self._limit("minlength"), self._limit("maxlength")
        if least is not None and entered < least:
            msg = f"Please enter at least {least} characters (you have entered {entered})."
            raise InvalidAnswer(msg)
        # A text of the author may be longer, and then the page lets it be.
        if most is not None and entered > most and text != self._value:
            msg = f"Please enter at most {most} characters (you have entered {entered})."
            raise InvalidAnswer(msg)

    def _untouched(self) -> Raw | NoInitial:
        return self._value if self._given else NO_INITIAL

    @property
    def _empty(self) -> Raw:
        return ""

    @property
    def is_fixed(self) -> bool:
        return super().is_fixed or self._flags.get("readonly", False)

    def encode(self, answer: object) -> Raw:
        text = "" if answer is None else self._text(answer)
        if text is None:
            msg = f"the field {self.name!r} accepts {self._expected}, not {answer!r:.80}"
            raise ValueError(msg)
        return self._clean(text)

"""``input``: the field. One line of text, which is a number, a date, an address... by its type."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from . import formats
from .call_arguments import Arguments, plain_number
from .field import ImpossibleAnswer, InvalidAnswer
from .text_types import EXPECTED, TYPES, TextType
from .units import scalar
from .written import WrittenField

if TYPE_CHECKING:
    from typing_extensions import Self

_MIB = 2**20
_NUMBERS = ("number", "float")


class Action(NamedTuple):
    """The button beside a text field."""

    label: str
    called: Callable[..., object]


class TextField(WrittenField):
    """One line of text.

    Attributes
    ----------
    action : Action or None
        The button beside it. Its function is called with ``set_value``.
    """

    PARAMETERS: ClassVar[frozenset[str]] = WrittenField.PARAMETERS | {
        "type",
        "action",
        "datalist",
        "min",
        "max",
        "step",
    }

    type: str = "text"
    action: Action | None = None
    _most_units: ClassVar[int] = _MIB
    _stand_in: tuple[str, object] | None = None

    def _identify(self, arguments: Arguments) -> None:
        super()._identify(arguments)
        self.type = arguments.text("type", self.type)
        if self.type not in TYPES:
            arguments.refuse("type", f"one of {', '.join(sorted(TYPES))}", self.type, ValueError)
        self.action = _action(arguments)
        self._suggestions: list[str] = []
        self._bounds: dict[str, tuple[Fraction, str]] = {}

    @property
    def _type(self) -> TextType:
        return TYPES[self.type]

    def _copy(self) -> Self:
        changed = super()._copy()
        changed._bounds = dict(self._bounds)
        return changed

    def _take(self, arguments: Arguments) -> None:
        super()._take(arguments)
        self._suggestions = arguments.texts("datalist", self._suggestions)
        if "step" in arguments:
            self._attributes["step"] = _step(arguments)
        for name in ("min", "max"):
            if name in arguments:
                self._take_bound(arguments, name)
        least, most = self._bounds.get("min"), self._bounds.get("max")
        # Times may go past midnight: from 22:00 to 06:00.
        if least and most and least[0] > most[0] and self.type != "time":
            arguments.refuse("min", f"at most max, {most[1]}", least[1], ValueError)

    def _take_bound(self, arguments: Arguments, name: str) -> None:
        given = arguments.get(name)
        text = self._text(given)
        measure = self._type.measure
        exact = measure(text) if measure is not None and text is not None else None
        if text is None or (measure is not None and (exact is None or not self._is_whole(exact))):
            expected = self._expected if measure is None else f"{self._expected} (type={self.type!r})"
            arguments.refuse(name, expected, given, ValueError)
        self._attributes[name] = text
        if exact is not None:
            self._bounds[name] = exact, text

    def _take_value(self, arguments: Arguments, value: object) -> None:
        super()._take_value(arguments, value)
        self._stand_in = None
        if self._value and self._type.cleans:
            try:
                self._parse(self._value)
            except InvalidAnswer:
                arguments.refuse("value", self._expected, value, ValueError)

    @property
    def _expected(self) -> str:
        return EXPECTED.get(self.type, "a str")

    def _text(self, value: object) -> str | None:
        if self.type not in _NUMBERS or isinstance(value, str):
            return super()._text(value)
        number = plain_number(value)
        return None if number is None else _digits(number)

    def _clean(self, text: str) -> str:
        line = scalar(text).replace("\n", "").replace("\r", "")
        if self.type == "datetime-local":
            return line.replace(" ", "T")
        return line if self.type in {"text", "password"} else line.strip(" \t\f")

    def stand_for(self, value: object, label: object) -> None:
        """Show ``label`` and make it read-only. The answer is ``value``, any object.

        This is what ``set_value(value, label)`` of an action does.
        """
        text = scalar(str(label)).replace("\n", "").replace("\r", "")
        self._value, self._given = text, True
        self._stand_in = text, value
        self._flags["readonly"] = True
        self._set += 1

    def describe(self) -> dict[str, object]:
        field = super().describe()
        if self._suggestions:
            field["suggestions"] = list(self._suggestions)
        if self.action is not None:
            field["action"] = self.action.label
        if self.type == "float" and "step" not in self._attributes:
            field["attributes"] = {**self._attributes, "step": "any"}
        return field

    def _read(self, text: str) -> Any:
        if self._stand_in is not None and text == self._stand_in[0]:
            return self._stand_in[1]
        if "\n" in text or "\r" in text:
            msg = "a line of text was expected, not several"
            raise ImpossibleAnswer(msg)
        text = self._clean(text)
        if not text:
            super()._read(text)
            return None if self.type in _NUMBERS else text
        if self._type.patterned:
            self._check_length(text)
        value = self._parse(text)
        self._check_bounds(text)
        return value

    @property
    def secret(self) -> bool:
        return self.type == "password"

    def _unchecked(self, raw: object) -> Any:
        text = self._clean(str(raw))
        exact = formats.number(text) if self.type in _NUMBERS else None
        if exact is None:
            return None if self.type in _NUMBERS else text
        return int(exact) if self.type == "number" and exact.denominator == 1 else float(exact)

    def _parse(self, text: str) -> Any:
        kind = self._type
        exact = kind.measure(text) if kind.measure is not None else None
        if kind.measure is not None and exact is None:
            raise InvalidAnswer(kind.message)
        if kind.accepts is not None:
            several = self.type == "email" and self._attributes.get("multiple")
            parts = [part.strip() for part in text.split(",")] if several else [text]
            if not all(kind.accepts(part) for part in parts):
                raise InvalidAnswer(kind.message)
        if exact is None or self.type not in _NUMBERS:
            return text
        if self.type == "float":
            return float(exact)
        if not self._is_whole(exact):
            msg = "Please enter a whole number."
            raise InvalidAnswer(msg)
        return int(exact) if exact.denominator == 1 else float(exact)

    def _is_whole(self, exact: Fraction) -> bool:
        """Return whether a number is whole, if it has to be: HTML's default step is 1."""
        return self.type != "number" or "step" in self._attributes or exact.denominator == 1

    def _check_bounds(self, text: str) -> None:
        kind = self._type
        exact = kind.measure(text) if kind.measure is not None else None
        if exact is None:
            return
        least, most = self._bounds.get("min"), self._bounds.get("max")
        if least and most and least[0] > most[0] and (exact >= least[0] or exact <= most[0]):
            least = most = None
        if least and exact < least[0]:
            raise InvalidAnswer(kind.least.format(least[1]))
        if most and exact > most[0]:
            raise InvalidAnswer(kind.most.format(most[1]))
        self._check_step(exact)

    def _check_step(self, exact: Fraction) -> None:
        given = self._attributes.get("step")
        if given is None or given == "any":
            return
        step = Fraction(str(given))
        measure = self._type.measure
        # From where a page counts: the lower bound, or else what the field began with.
        bases = [self._bounds["min"][0]] if "min" in self._bounds else [Fraction(0)]
        if "min" not in self._bounds and self._value and measure is not None:
            begun = measure(self._value)
            bases += [] if begun is None else [begun]
        if not any((exact - base) % step == 0 for base in bases):
            msg = f"Please enter a valid value, in steps of {given}."
            raise InvalidAnswer(msg)


def _digits(number: float) -> str:
    """Return a number as a control shows it: 5.0 is 5."""
    return str(int(number)) if number == int(number) and abs(number) < 2**53 else repr(number)


def _step(arguments: Arguments) -> str | int | float:
    given = arguments.get("step")
    if given == "any":
        return "any"
    exact = formats.number(given) if isinstance(given, str) else None
    number = plain_number(given) if exact is None else float(exact)
    if number is None or number <= 0:
        arguments.refuse("step", "a positive number or 'any'", given, ValueError)
    return int(number) if number == int(number) else number


def _action(arguments: Arguments) -> Action | None:
    given = arguments.get("action")
    if given is None:
        return None
    if not isinstance(given, (tuple, list)) or len(given) != 2:  # noqa: PLR2004 -- a pair
        arguments.refuse("action", "a (label, function) pair", given)
    label, called = given
    if not isinstance(label, str) or not callable(called):
        arguments.refuse("action", "a (label, function) pair", given)
    arguments.check_takes("the function of action", called)
    return Action(label, called)

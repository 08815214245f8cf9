"""``slider``: the field."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from .call_arguments import Arguments, plain_number
from .field import Field, ImpossibleAnswer, NoInitial, Raw

_LOWER, _UPPER, _STEP = "min_value", "max_value", "step"
# Of a step: how far a page's arithmetic may be from ours.
_NEAR = 1e-6
_DIGITS = 12
# Larger integers are not exact in a page.
_LARGEST = 2**53


class SliderField(Field):
    """A number between two others."""

    PARAMETERS: ClassVar[frozenset[str]] = Field.PARAMETERS | {"value", _LOWER, _UPPER, _STEP, "min", "max"}

    type: str = "slider"
    _value: int | float = 0
    _lower: int | float = 0
    _upper: int | float = 100
    _step: int | float | None = 1  # None: any number

    def __init__(
        self, function: str, *, other_html_attrs: Mapping[str, object] | None = None, **parameters: object
    ) -> None:
        super().__init__(function, other_html_attrs=other_html_attrs, **parameters)
        # The type of the answers stays, whatever an update sets.
        self._began_float = any(
            isinstance(number, float) for number in (self._value, self._lower, self._upper)
        )

    def _take(self, arguments: Arguments) -> None:
        super()._take(arguments)
        # An update may use the names of the original's control, too.
        self._lower = arguments.number(_LOWER, arguments.number("min", self._lower))
        self._upper = arguments.number(_UPPER, arguments.number("max", self._upper))
        for name, bound in ((_LOWER, self._lower), (_UPPER, self._upper)):
            if abs(bound) > _LARGEST:
                arguments.refuse(name, "from -2**53 to 2**53", bound, ValueError)
        if self._lower > self._upper:
            arguments.refuse(_LOWER, f"at most {_UPPER}, {self._upper!r}", self._lower, ValueError)
        if arguments.get(_STEP) == "any":
            self._step = None
        elif _STEP in arguments:
            self._step = arguments.number(_STEP, 1)
            if self._step <= 0:
                arguments.refuse(_STEP, "a positive number", self._step, ValueError)

    def _take_value(self, arguments: Arguments, value: object) -> None:
        number = plain_number(value)
        if number is None:
            arguments.refuse("value", "a finite number", value)
        self._value = number

    @property
    def _float(self) -> bool:
        return self._began_float or self._step is None or self._step != int(self._step)

    @property
    def _stepping(self) -> int | float | None:
        # 1 is the default, which would leave a slider from 0.0 to 1.0 two places.
        return None if self._float and self._step == 1 else self._step

    @property
    def _nearest(self) -> int | float:
        """The place where a browser puts the slider for the value."""
        value = min(max(self._value, self._lower), self._upper)
        step = self._stepping
        if step is not None:
            places = min(math.floor((value - self._lower) / step + 0.5), self._places(step))
            if abs((value - self._lower) / step - places) > _NEAR:
                value = round(self._lower + places * step, _DIGITS)
        return float(value) if self._float else int(value)

    def _places(self, step: float) -> int:
        return math.floor((self._upper - self._lower) / step + _NEAR)

    def describe(self) -> dict[str, object]:
        step = self._stepping
        return {
            **super().describe(),
            "value": self._nearest,
            "min": self._lower,
            "max": self._upper,
            "step": "any" if step is None else step,
        }

    def read(self, raw: Raw) -> int | float:
        number = plain_number(raw) if isinstance(raw, (int, float)) else None
        if number is None or not self._lower <= number <= self._upper:
            msg = f"a number from {self._lower} to {self._upper} was expected, not {type(raw).__name__}"
            raise ImpossibleAnswer(msg)
        step = self._stepping
        if step is not None:
            places = (number - self._lower) / step
            if abs(places - round(places)) > _NEAR:
                msg = f"a number in steps of {step} from {self._lower} was expected"
                raise ImpossibleAnswer(msg)
        return float(number) if self._float else round(number)

    def encode(self, answer: object) -> Raw:
        number = plain_number(answer)
        if number is None or not self._lower <= number <= self._upper:
            msg = f"the field {self.name!r} accepts a number from {self._lower} to {self._upper}, not {answer!r:.80}"
            raise ValueError(msg)
        return number

    def _untouched(self) -> Raw | NoInitial:
        return self._nearest

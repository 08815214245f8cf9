"""The arguments of one call of a public function. Errors name the function, the argument and what was expected."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

_LONG = 10


class Arguments:
    """The arguments that were given: None counts as not given.

    Parameters
    ----------
    function : str
        Name of the public function.
    given : mapping
        The arguments by the names of their parameters.
    """

    def __init__(self, function: str, given: Mapping[str, object]) -> None:
        self.function = function
        self._given = {name: value for name, value in given.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def get(self, name: str) -> object:
        return self._given.get(name)

    def text(self, name: str, default: str) -> str:
        value = self._given.get(name, default)
        if not isinstance(value, str):
            self.refuse(name, "a str", value)
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._given.get(name, default)
        # A number is a truth value to those who come from HTML; a text may be "false".
        if not isinstance(value, (bool, int)):
            self.refuse(name, "True or False", value)
        return bool(value)

    def count(self, name: str, default: int, least: int = 0) -> int:
        value = self._given.get(name, default)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < _LONG:
            value = int(value)  # as in HTML
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(name, "an int", value)
        if value < least:
            self.refuse(name, f"an int of at least {least}", value, ValueError)
        return value

    def number(self, name: str, default: float) -> int | float:
        value = plain_number(self._given.get(name, default))
        if value is None:
            self.refuse(name, "a finite number", self._given[name])
        return value

    def texts(self, name: str, default: list[str]) -> list[str]:
        value = self._given.get(name, default)
        if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
            self.refuse(name, "a list of str", value)
        texts = list(value)
        for text in texts:
            if isinstance(text, bool) or not isinstance(text, (str, int, float)):
                self.refuse(name, "a list of str", value)
        return [str(text) for text in texts]

    def function_of_value(self, name: str) -> Callable[[Any], object] | None:
        """Return a function that takes one argument, or None."""
        value = self._given.get(name)
        if value is None:
            return None
        if not callable(value):
            self.refuse(name, "a function", value)
        self.check_takes(name, value)
        return value

    def check_takes(self, name: str, called: Callable[..., object]) -> None:
        """Raise the error that would otherwise occur at the call. Accept a signature that cannot be read."""
        try:
            # The wrapper's own signature: it may pass other arguments to the wrapped function.
            signature = inspect.signature(called, follow_wrapped=False)
        except (TypeError, ValueError):
            return
        try:
            signature.bind(None)
        except TypeError:
            bare = signature.replace(return_annotation=signature.empty)
            msg = (
                f"{self.function}() expects {name} to take one argument, "
                f"not {getattr(called, '__name__', repr(called))}{bare}"
            )
            raise TypeError(msg) from None

    def refuse(
        self, name: str, expected: str, value: object, error: type[TypeError | ValueError] = TypeError
    ) -> NoReturn:
        given = f"{type(value).__name__}: {value!r:.80}" if error is TypeError else f"{value!r:.80}"
        msg = f"{self.function}() expects {name} to be {expected}, not {given}"
        raise error(msg)


def plain_number(value: object) -> int | float | None:
    """Return a finite int or float of a number, one of numpy included, or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    # numpy's integers are no ints, and its floats of another width than float64 no floats.
    item = getattr(value, "item", None)
    plain = item() if callable(item) and getattr(value, "ndim", None) == 0 else None
    return plain_number(plain) if isinstance(plain, (int, float)) else None

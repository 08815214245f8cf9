"""Copying a value to a JSON value and a list of specials."""

from __future__ import annotations

import json
import math
from datetime import date, time
from typing import TYPE_CHECKING, Any, Protocol

from .foreign_values import NoPlainFormError, plain_form, plain_scalar, typed_array
from .large_integers import is_safe
from .value_advice import advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from typing_extensions import Self

    from nbsession._link import Buffer

BYTES_LIKE = (bytes, bytearray, memoryview)
Path = tuple[str | int, ...]


class Walker:
    """Copies a value to a JSON value and collects the specials.

    Takes JSON values, NaN and infinities, scalars of numpy, and bytes-like objects.

    Parameters
    ----------
    function : str
        Name of the public function, for error messages.

    Attributes
    ----------
    specials : list
        The values that JSON cannot represent.
    buffers : list
        The bytes that the specials refer to.
    """

    takes = "JSON values, NaN and infinities, numpy scalars and bytes-like objects can"

    def __init__(self, function: str) -> None:
        self._function = function
        self.specials: list[list[object]] = []
        self.buffers: list[Buffer] = []
        self._inside: list[object] = []

    def plain(self, value: object, path: Path) -> object:
        """Return the JSON value, with None at the place of a special."""
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, int):
            return self._integer(value, path)
        if isinstance(value, float):
            return self._float(value, path)
        if isinstance(value, BYTES_LIKE):
            self._buffer(value if type(value) is bytes else bytes(value), "bytes", path)
            return None
        if isinstance(value, (dict, list, tuple)):
            return self._container(value, value, path)
        return self._foreign(value, path)

    def _integer(self, value: int, path: Path) -> object:  # noqa: ARG002 -- arguments have more to do
        return value

    def _float(self, value: float, path: Path) -> object:
        if math.isfinite(value):
            return value
        self.specials.append([path, "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"])
        return None

    def _buffer(self, content: Buffer, kind: str, path: Path) -> None:
        self.specials.append([path, kind, len(self.buffers)])
        self.buffers.append(content)

    def _foreign(self, value: object, path: Path) -> object:
        try:
            scalar = plain_scalar(value)
        except NoPlainFormError:
            pass
        else:
            return self.plain(scalar, path)
        raise TypeError(self._describe(path, value))

    def _container(
        self, value: object, content: dict[Any, Any] | list[Any] | tuple[Any, ...], path: Path
    ) -> object:
        """Return a copy of the content of a value."""
        if any(value is outer for outer in self._inside):
            raise TypeError(self._refusal(path, "contains itself"))
        if len(path) > 200:  # noqa: PLR2004 -- three frames per level, below the recursion limit
            raise TypeError(self._refusal(path[:3], "is nested more than 200 levels deep"))
        self._inside.append(value)
        try:
            if isinstance(content, dict):
                return dict(
                    self._members(((self._key(key, path), item) for key, item in content.items()), path)
                )
            return [item for _, item in self._members(enumerate(content), path)]
        finally:
            self._inside.pop()

    def _members(self, members: Iterable[tuple[Any, Any]], path: Path) -> Iterable[tuple[Any, Any]]:
        for step, item in members:
            # Most are, and a path for each would take longer than the rest.
            kind = type(item)
            simple = kind is str or (kind is float and math.isfinite(item)) or (kind is int and is_safe(item))
            yield step, item if simple else self.plain(item, (*path, step))

    def _key(self, key: object, path: Path) -> str:
        if isinstance(key, str):
            return key
        if key is None or isinstance(key, (bool, int, float)):
            return json.dumps(key)
        if isinstance(key, (date, time)):
            return key.isoformat()
        try:
            return self._key(plain_scalar(key), path)
        except NoPlainFormError:
            pass
        raise TypeError(
            self._refusal(path, f"has a key of type {type(key).__name__} ({key!r:.40})", "str keys")
        )

    def _describe(self, path: Path, value: object) -> str:
        return self._refusal(path, f"is a {type(value).__module__}.{type(value).__qualname__}", advice(value))

    def _refusal(self, path: Path, what: str, instead: str = "") -> str:
        path = path or ("value",)
        place = str(path[0]) + "".join(f"[{step!r}]" for step in path[1:])
        more = f"Send {instead} instead" if instead else self.takes
        return f"{self._subject(str(path[0]))} cannot be sent to JavaScript: {place} {what}. {more}"

    def _subject(self, name: str) -> str:
        return f"{self._function}() argument {name!r}"


class Offers(Protocol):
    """Functions that the page can call (`Functions`)."""

    def add(self, function: Callable[..., object]) -> int:
        """Register a function and return its number."""
        ...

    def discard(self, numbers: Iterable[object]) -> None:
        """Remove functions that no page has."""
        ...


class ArgumentWalker(Walker):
    """Also takes large integers, dates, decimals and sets, the arrays and tables of numpy and pandas, and functions.

    As a context manager, it takes functions back if a value cannot be sent.

    Parameters
    ----------
    function : str
        Name of the public function, for error messages.
    functions : Functions, optional
        Registers functions. Without it, they cannot be sent.
    """

    takes = (
        "JSON values, NaN and infinities, bytes-like objects, dates and times, decimals, sets, functions, "
        "and arrays, tables and scalars of numpy and pandas can"
    )

    def __init__(self, function: str, functions: Offers | None = None) -> None:
        super().__init__(function)
        self._functions = functions
        self._offered: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is not None and self._functions is not None:
            self._functions.discard(self._offered)

    def _integer(self, value: int, path: Path) -> object:
        if is_safe(value):
            return value
        try:
            digits = format(int(value), "d")
        except ValueError:  # Python's limit for such text
            raise TypeError(self._refusal(path, "has too many digits", "hex() of it")) from None
        self.specials.append([path, "bigint", digits])
        return None

    def _foreign(self, value: object, path: Path) -> object:
        array = typed_array(value)
        if array is not None:
            kind, content = array
            self._buffer(content, kind, path)
            return None
        try:
            form = plain_form(value)
        except NoPlainFormError as error:
            reason = str(error)
            if not reason and self._functions is not None and callable(value):
                number = self._functions.add(value)
                self._offered.append(number)
                self.specials.append([path, "function", number])
                return None
            raise TypeError(self._refusal(path, reason) if reason else self._describe(path, value)) from None
        return (
            self._container(value, form, path) if isinstance(form, (dict, list)) else self.plain(form, path)
        )


class ResultWalker(ArgumentWalker):
    """Copies the value that a function returned."""

    def _refusal(self, path: Path, what: str, instead: str = "") -> str:
        return super()._refusal(("value", *path), what, instead)

    def _subject(self, name: str) -> str:  # noqa: ARG002
        return f"the value that {self._function}() returned"

"""The plain form of dates, sets and decimals, and of the values of numpy and pandas.

Neither library is imported. Their types are recognized by their methods, and the methods are looked up in the type,
because a table's columns can be attributes of the table.
"""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from .large_integers import MOST_EXACT

if TYPE_CHECKING:
    from nbsession._link import Buffer

ARRAYS = {
    "int8": "b",
    "int16": "h",
    "int32": "i",
    "int64": "q",
    "uint8": "B",
    "uint16": "H",
    "uint32": "I",
    "uint64": "Q",
    "float32": "f",
    "float64": "d",
}
"""The kinds of typed arrays, and the format of their numbers in ``struct``."""
_NESTED = frozenset("biufSUTO")
"""The kinds of numpy's dtypes whose elements are Python values in the result of ``tolist()``."""


class NoPlainFormError(Exception):
    """The value has no plain form. The text may say why."""


def plain_form(value: Any) -> object:
    """Return a value as None, a bool, a number, a str, a list or a dict. Members may have a plain form of their own.

    Raises
    ------
    NoPlainFormError
        If there is none, or if the value is sent as bytes.
    """
    kind = type(value)
    if isinstance(value, (date, time)):
        return None if _is_missing(value) else value.isoformat()
    if isinstance(value, (set, frozenset)):
        return list(value)
    if hasattr(kind, "dtype"):
        return _of_dtype(value)
    if hasattr(kind, "iloc") and hasattr(kind, "itertuples"):
        return _records(value)
    if hasattr(kind, "is_finite") and hasattr(kind, "as_integer_ratio"):
        return _decimal(value)
    if kind.__name__ == "NAType" and kind.__module__.startswith("pandas"):
        return None
    raise NoPlainFormError


def plain_scalar(value: Any) -> object:
    """Return a scalar or an array without dimensions as a Python value.

    Raises
    ------
    NoPlainFormError
        If the value is none, or its element cannot be sent.
    """
    if getattr(value, "shape", None) != () or not hasattr(value, "dtype"):
        raise NoPlainFormError
    if getattr(value, "mask", False):
        return None
    kind = getattr(value.dtype, "kind", None)
    item = value.item()
    if kind == "M":
        # Nanoseconds are integers in Python, and what is no time is None.
        return item.isoformat() if isinstance(item, date) else None if item is None else str(value)
    if kind == "m" or not isinstance(item, (bool, int, float, str, bytes)):
        raise NoPlainFormError
    return item


def typed_array(value: Any) -> tuple[str, Buffer] | None:
    """Return the type of a typed array's elements, and a copy of their bytes, lowest byte first.

    Returns None if the value is no array of numbers in one dimension.
    """
    if not _is_vector(value):
        return None
    dtype = value.dtype
    if dtype.kind == "f" and dtype.itemsize == 2:  # noqa: PLR2004 -- JavaScript has no such array
        value = value.astype("f4")
        dtype = value.dtype
    if dtype.kind in "iu" and dtype.itemsize == 8 and _all_exact(value):  # noqa: PLR2004
        value = value.astype("f8")
        dtype = value.dtype
    kind = {"i": "int", "u": "uint", "f": "float"}[dtype.kind]
    in_order = dtype.newbyteorder("<")
    copied = value.tobytes() if dtype == in_order else memoryview(value.astype(in_order).view("u1"))
    return f"{kind}{8 * dtype.itemsize}", copied


def _all_exact(integers: Any) -> bool:
    """Whether a number of JavaScript holds each of the integers exactly."""
    return not len(integers) or (int(integers.min()) >= -MOST_EXACT and int(integers.max()) <= MOST_EXACT)


def _is_vector(value: Any) -> bool:
    kind = type(value)
    if not _is_array(kind) or len(value.shape) != 1 or hasattr(kind, "mask"):
        return False
    return value.dtype.kind in "iuf" and value.dtype.itemsize <= 8  # noqa: PLR2004 -- a long double has more


def _is_array(kind: type) -> bool:
    return hasattr(kind, "__array_interface__") and hasattr(kind, "tobytes")


def _of_dtype(value: Any) -> object:
    kind = type(value)
    if getattr(value, "shape", None) == ():
        is_object = value.dtype.kind == "O" and not getattr(value, "mask", False)
        element: object = value.item() if is_object else plain_scalar(value)
        return element
    if _is_array(kind):
        return _array(value)
    if hasattr(kind, "tolist") and hasattr(kind, "isna") and hasattr(kind, "to_numpy"):
        return _members(value)
    raise NoPlainFormError


def _array(value: Any) -> object:
    kind = value.dtype.kind
    if kind == "M":
        return list(value)
    # ``tolist`` leaves long doubles as they are.
    if _is_vector(value) or kind not in _NESTED or (kind == "f" and value.dtype.itemsize > 8):  # noqa: PLR2004
        raise NoPlainFormError
    return value.tolist()


def _members(column: Any) -> list[object]:
    """Return the members of a column or an index. A NaN that only marks a missing value becomes None."""
    members: list[object] = column.tolist()
    if column.dtype.kind in "iufb" or str(column.dtype) == "object":
        return members
    return [None if isinstance(each, float) and _is_missing(each) else each for each in members]


def _records(frame: Any) -> list[dict[str, object]]:
    names = [name if isinstance(name, str) else str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        twice = next(name for index, name in enumerate(names) if name in names[:index])
        reason = f"has several columns named {twice!r}"
        raise NoPlainFormError(reason)
    columns = [_members(column) for _, column in frame.items()]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _decimal(value: Any) -> float | str:
    if value.is_finite():
        number = float(value)
        if number == value:
            return number
    return str(value)


def _is_missing(value: object) -> bool:
    """Whether it is a NaN or a NaT, which do not equal themselves."""
    return bool(value != value)  # noqa: PLR0124

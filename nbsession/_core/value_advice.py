"""What to send instead of a value that JavaScript cannot have."""

from __future__ import annotations

from dataclasses import is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

# The first of these that the value's type has: of polars, pyarrow, a duration, polars again, arrays, and others.
_METHODS = ("to_dicts", "to_pylist", "total_seconds", "to_list", "tolist", "to_dict")
_PARTS = "its .real and .imag"
# By the kind of numpy's dtype.
_ARRAYS = {"c": _PARTS, "m": "it divided by numpy.timedelta64(1, 's')", "f": "its .astype(float)"}


def advice(value: object) -> str:
    """Return what to send instead, as the object of a sentence, or an empty string."""
    kind = type(value)
    if isinstance(value, Enum):
        return "its .value"
    if is_dataclass(kind):
        return "dataclasses.asdict() of it"
    if isinstance(value, Fraction):
        return "float() of it"
    if isinstance(value, complex):
        return _PARTS
    return _of_array(value) or _of_methods(kind) or _by_function(value)


def _of_array(value: Any) -> str:
    kind = type(value)
    if not hasattr(kind, "__array_interface__") or not hasattr(kind, "dtype"):
        return ""
    return _ARRAYS.get(value.dtype.kind, "")


def _of_methods(kind: type) -> str:
    method = next((each for each in _METHODS if hasattr(kind, each)), "")
    if method == "to_dict" and hasattr(kind, "columns"):
        return "its .to_dict('records')"
    return f"its .{method}()" if method else ""


def _by_function(value: object) -> str:
    kind = type(value)
    if hasattr(kind, "__fspath__") or kind.__name__ == "UUID":
        return "str() of it"
    if callable(value):
        return ""
    if hasattr(kind, "keys"):
        return "dict() of it"
    return "list() of it" if hasattr(kind, "__iter__") else ""

"""Records as the rows of a data table: the fields of nested records, and what a cell shows of a value."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from nbsession._core.foreign_values import NoPlainFormError, plain_form
from nbsession._core.large_integers import MOST_EXACT

from ._output import Output
from ._table_rows import rows_of

Path = tuple[str, ...]
"""The keys that lead to a value of a nested record."""

_NESTED_FIELD = '["'


def field_of(path: Path) -> str:
    """Return the name by which the page knows a field: the key, or for nested records, the keys as JSON."""
    if len(path) == 1 and not path[0].startswith(_NESTED_FIELD):
        return path[0]
    return json.dumps(path, ensure_ascii=False, separators=(",", ":"))


def flat(function: str, record: Any) -> dict[Path, Any]:
    """Return the values of a record by their paths.

    Raises
    ------
    TypeError
        If it is no record.
    """
    if not isinstance(record, Mapping):
        msg = f"{function}() expects each row to be a dict, not {type(record).__name__}: {record!r:.80}"
        raise TypeError(msg)
    return dict(_leaves(record, ()))


def _leaves(record: Mapping[Any, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for key, value in record.items():
        inner = (*path, str(key))
        if isinstance(value, Mapping):
            yield from _leaves(value, inner)
        else:
            yield inner, value


def records_of(function: str, given: Any) -> list[dict[Path, Any]]:
    """Return the flat records of what people have: dicts, dataclasses, data frames, arrays.

    Raises
    ------
    TypeError
        If there are none.
    """
    rows, columns = rows_of(given, function)
    if columns is None or not rows or isinstance(rows[0], Mapping):
        return [flat(function, row) for row in rows]
    paths = [(name,) for name in _distinct(map(str, columns))]
    return [dict(zip(paths, row, strict=False)) for row in rows]


def _distinct(names: Iterable[str]) -> list[str]:
    """Return names with numbers after those that were there before."""
    found: dict[str, None] = {}
    for name in names:
        free = (f"{name} ({number})" for number in count(2))
        found[name if name not in found else next(each for each in free if each not in found)] = None
    return list(found)


def cell_of(value: Any) -> Any:
    """Return what the page gets of a value: a str, a number, a bool, None, or a list of these.

    Raises
    ------
    TypeError
        If it is an output.
    """
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return value
    if kind is int:
        return value if -MOST_EXACT <= value <= MOST_EXACT else str(value)
    if kind is float:
        return value if math.isfinite(value) else _not_finite(value)
    return _plain_cell(value)


def _not_finite(value: float) -> str | None:
    return None if math.isnan(value) else str(value)


def _plain_cell(value: Any) -> Any:
    if isinstance(value, Output):
        msg = "put_datatable() shows data; put_table() shows the return values of put_... functions in its cells"
        raise TypeError(msg)
    if isinstance(value, (list, tuple)):
        return [cell_of(each) for each in value]
    for kind in (str, bool, int, float):  # of a class of its own, such as an enumeration's
        if isinstance(value, kind):
            return cell_of(kind(value))
    try:
        plain = plain_form(value)
    except NoPlainFormError:
        return str(value)
    return str(plain) if isinstance(plain, Mapping) or plain is value else cell_of(plain)

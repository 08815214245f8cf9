"""The rows of what people have: data frames, columns, arrays, dataclasses, lists."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

_PLAIN = frozenset({list, tuple, dict})


class Rows(NamedTuple):
    """The rows of a table, and what their columns are called, if they are."""

    rows: list[Any]
    columns: list[Any] | None = None


def rows_of(tdata: Any, function: str = "put_table") -> Rows:
    """Return the rows of a table. ``function`` is named in error messages.

    Packages are recognized by what their objects offer, and not imported.

    Raises
    ------
    TypeError
        If there are none.
    """
    if hasattr(tdata, "columns") and hasattr(tdata, "itertuples"):
        return _pandas_frame(tdata)
    if hasattr(tdata, "columns") and hasattr(tdata, "iter_rows"):  # polars
        return Rows([list(row) for row in tdata.iter_rows()], list(tdata.columns))
    if hasattr(tdata, "column_names") and hasattr(tdata, "to_pylist"):  # pyarrow
        return Rows(tdata.to_pylist(), list(tdata.column_names))
    if hasattr(tdata, "to_frame"):  # a column of pandas or polars
        return rows_of(tdata.to_frame(), function)
    if hasattr(tdata, "ndim") and hasattr(tdata, "tolist"):
        return _array(tdata, function)
    if isinstance(tdata, (str, bytes, Mapping)) or not isinstance(tdata, Iterable):
        msg = f"{function}() expects a list of rows, or a data frame, not {type(tdata).__name__}"
        raise TypeError(msg)
    return Rows([_fields(row) for row in tdata])


def _pandas_frame(frame: Any) -> Rows:
    """Return the rows of a pandas table: with its index, if that is more than the rows' numbers."""
    labels = [_label(name) for name in frame.columns]
    rows = [list(row) for row in frame.itertuples(index=False, name=None)]
    index = frame.index
    if hasattr(index, "step") and index.name is None:
        return Rows(rows, labels)
    names = ["" if name is None else str(name) for name in index.names]
    keys = [list(key) if isinstance(key, tuple) else [key] for key in index]
    return Rows([[*key, *row] for key, row in zip(keys, rows, strict=True)], [*names, *labels])


def _label(name: object) -> object:
    """Return the name of a column; those of several levels become one text."""
    return " / ".join(map(str, name)) if isinstance(name, tuple) else name


def _array(array: Any, function: str) -> Rows:
    if array.ndim not in (1, 2):
        msg = f"{function}() expects an array of one or two dimensions, not {array.ndim}"
        raise TypeError(msg)
    names = getattr(getattr(array, "dtype", None), "names", None)
    rows = array.tolist()
    if names is not None and array.ndim == 1:
        return Rows([list(row) for row in rows], list(names))
    rows = rows if array.ndim > 1 else [[item] for item in rows]
    return Rows(rows, list(range(len(rows[0]) if rows else 0)))


def _fields(row: Any) -> Any:
    if type(row) in _PLAIN:
        return row
    if dataclasses.is_dataclass(row) and not isinstance(row, type):
        return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
    return row

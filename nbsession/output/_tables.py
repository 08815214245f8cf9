"""``put_table``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._content import Content
from ._output import Output
from ._shown import show
from ._table_rows import rows_of

if TYPE_CHECKING:
    from ._placement import Scope


@dataclass(frozen=True)
class Span:
    """A cell of a table that spans several rows or columns."""

    content: object
    row: int
    col: int


def span(content: object, row: int = 1, col: int = 1) -> Span:
    """Return a table cell that spans several rows or columns.

    Parameters
    ----------
    content : str or Output
        The cell's content.
    row, col : int
        The number of rows and columns that it spans.

    Examples
    --------
    >>> from nbsession.output import put_table, span
    >>> put_table([[span("Name", row=2), span("Address", col=2)], ["City", "Country"]])  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.span``.
    """
    for name, number in (("row", row), ("col", col)):
        given: object = number
        if isinstance(given, bool) or not isinstance(given, int) or given < 1:
            msg = f"span() expects {name} to be a positive int, not {given!r:.80}"
            raise ValueError(msg)
    return Span(content, row, col)


def put_table(
    tdata: Iterable[Any], header: Sequence[Any] | None = None, scope: Scope = None, position: int = -1
) -> Output:
    """Show a table.

    Parameters
    ----------
    tdata : list of lists, dicts or dataclasses, or a data frame
        The rows. Also a DataFrame or Series of pandas or polars, a table of pyarrow, an array of numpy. The index of a
        pandas table is shown unless it only numbers the rows. A cell is the return value of a ``put_...`` function, a
        `span`, or any other object, shown as text.
    header : list, optional
        The header's cells. By default, the first row is the header. For rows that are dicts, and for data frames: their
        keys in the desired order, or ``(label, key)`` pairs; by default, all keys of all rows, in the order of their
        first appearance.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError
        If ``tdata`` is none of these.

    Examples
    --------
    >>> from nbsession.output import put_table
    >>> put_table([{"course": "OS", "score": 80}, {"course": "DB", "score": 93}])  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_table``, which takes lists. ``put(frame)`` shows one as its package does.
    """
    return show("put_table", scope, position, _table, tdata, header=header)


def _table(tdata: Iterable[Any], header: Sequence[Any] | None = None) -> Content:
    rows, columns = rows_of(tdata)
    if columns is not None and rows and not isinstance(rows[0], Mapping):
        table = _chosen(rows, columns, header)
    elif rows and all(isinstance(row, Mapping) for row in rows):
        labels, keys = _columns(rows, columns if header is None else header)
        table = [labels, *([row.get(key, "") for key in keys] for row in rows)]
    elif columns is not None:
        table = [list(columns)]
    else:
        table = [_cells(row) for row in rows]
        if header is not None:
            table.insert(0, _cells(header))
    nested: list[Output] = []
    # Most cells are text, of which a table that is updated often has many.
    described = [[cell if type(cell) is str else _cell(cell, nested) for cell in row] for row in table]
    return Content("table", {"rows": described, "headers": 1}, nested)


def _chosen(rows: list[Any], columns: list[Any], header: Sequence[Any] | None) -> list[list[Any]]:
    """Return the header and the rows of named columns: all of them, or those that the header chooses."""
    if header is None:
        return [columns, *rows]
    labels, keys = _columns(rows, header)
    if not set(map(str, keys)) <= set(map(str, columns)):
        return [labels, *rows]  # other names for them
    names = list(map(str, columns))
    places = [names.index(str(key)) for key in keys]
    return [labels, *([row[place] for place in places] for row in rows)]


def _columns(rows: list[Any], header: Sequence[Any] | None) -> tuple[list[Any], list[Any]]:
    if header is None:
        keys = list(dict.fromkeys(key for row in rows for key in row))
        return keys, keys
    if header and isinstance(header[0], (list, tuple)):
        return [pair[0] for pair in header], [pair[-1] for pair in header]
    return list(header), list(header)


def _cells(row: Any) -> list[Any]:
    if type(row) is list:
        return row
    if isinstance(row, (str, bytes, Mapping)) or not isinstance(row, Iterable):
        msg = f"put_table() expects each row to be a list of cells, not {type(row).__name__}: {row!r:.80}"
        raise TypeError(msg)
    return list(row)


def _cell(cell: object, nested: list[Output]) -> object:
    if isinstance(cell, Span):
        inner = _cell(cell.content, nested)
        about = inner if isinstance(inner, dict) else {"text": inner}
        return {**about, "rows": cell.row, "columns": cell.col}
    if isinstance(cell, Output):
        nested.append(cell)
        return {"slot": len(nested) - 1}
    return str(cell)

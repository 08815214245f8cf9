"""``put_row``, ``put_column`` and ``put_grid``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from ._content import Content
from ._output import Output
from ._shown import show
from ._tables import Span
from ._text import put_text

if TYPE_CHECKING:
    from ._placement import Scope

_GAP = "10px"
# Sizes of grid tracks: lengths, percentages, fr, auto, minmax(), repeat(), fit-content(), calc().
_TRACKS = re.compile(r"[\w\s.%(),+*/-]*")
_PERCENTAGE = re.compile(r"(\d+(?:\.\d+)?)%")
_ALMOST_ALL = 99  # percent


_Items = Output | Sequence[Output | None]


def put_row(content: _Items = (), size: str | None = None, scope: Scope = None, position: int = -1) -> Output:
    """Show outputs side by side. On a narrow page, they are below each other.

    Parameters
    ----------
    content : list of Output or None, or Output
        The outputs; None is a gap.
    size : str, optional
        The widths, one for each item, separated by spaces: ``'100px'``, ``'40%'``, ``'2fr'``, ``'auto'``,
        ``'minmax(100px, 1fr)'``. By default, gaps are 10 pixels wide and all outputs have the same width.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it. As a context manager, it takes the outputs of the ``with`` block.

    Raises
    ------
    TypeError
        If the content is not a list of outputs.
    ValueError
        If a size is invalid.

    Examples
    --------
    >>> from nbsession.output import put_code, put_row
    >>> put_row([put_code("A"), None, put_code("B")], size="40% 10px 60%")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_row``. Percentages that leave no room for the gaps are proportions of the rest.
    """
    return show("put_row", scope, position, _row, content, size)


def _row(content: _Items = (), size: str | None = None) -> Content:
    items = _items(content)
    cells, inner = _cells("put_row", items)
    columns = _tracks("put_row", "size", size) or _default(items, "minmax(0, 1fr)")
    return _grid("row", "row", cells, inner, columns=columns)


def put_column(
    content: _Items = (), size: str | None = None, scope: Scope = None, position: int = -1
) -> Output:
    """Show outputs below each other.

    Parameters
    ----------
    content : list of Output or None, or Output
        The outputs; None is a gap.
    size : str, optional
        The heights, as the widths of `put_row`. By default, gaps are 10 pixels high.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it. As a context manager, it takes the outputs of the ``with`` block.

    Examples
    --------
    >>> from nbsession.output import put_code, put_column, put_row
    >>> put_row([put_column([put_code("A"), None, put_code("B")]), None, put_code("C")])  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_column``, where all items are as high as the highest one by default.
    """
    return show("put_column", scope, position, _column, content, size)


def _column(content: _Items = (), size: str | None = None) -> Content:
    items = _items(content)
    cells, inner = _cells("put_column", items)
    rows = _tracks("put_column", "size", size) or _default(items, "auto")
    return _grid("column", "row", cells, inner, rows=rows)


def put_grid(
    content: Sequence[Sequence[Output | Span | None]],
    cell_width: str = "auto",
    cell_height: str = "auto",
    cell_widths: str | None = None,
    cell_heights: str | None = None,
    direction: Literal["row", "column"] = "row",
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show outputs in a grid.

    Parameters
    ----------
    content : list of lists
        The rows: return values of ``put_...`` functions, `span`, or None for an empty cell.
    cell_width, cell_height : str
        The size of every cell.
    cell_widths, cell_heights : str, optional
        The widths of the columns and the heights of the rows, as for `put_row`.
    direction : {'row', 'column'}
        Whether the lists are rows or columns.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError
        If the content is not a list of lists of outputs.
    ValueError
        If a size or the direction is invalid.

    Examples
    --------
    >>> from nbsession.output import put_grid, put_text, span
    >>> put_grid([[put_text("A"), put_text("B")], [span(put_text("C"), col=2)]])  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_grid``.
    """
    return show(
        "put_grid",
        scope,
        position,
        _whole_grid,
        content,
        cell_width,
        cell_height,
        cell_widths,
        cell_heights,
        direction,
    )


def _whole_grid(
    content: Sequence[Sequence[Output | Span | None]],
    cell_width: str = "auto",
    cell_height: str = "auto",
    cell_widths: str | None = None,
    cell_heights: str | None = None,
    direction: Literal["row", "column"] = "row",
) -> Content:
    if direction not in ("row", "column"):
        msg = f"put_grid() expects direction to be 'row' or 'column', not {direction!r:.80}"
        raise ValueError(msg)
    given: object = content
    if not isinstance(given, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in given):
        msg = f"put_grid() expects a list of lists of outputs, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    filled = _filled(content)
    cells, inner = _cells("put_grid", [cell for row in filled for cell in row])
    lists, longest = len(filled), max((_length(row) for row in filled), default=0)
    across, down = (longest, lists) if direction == "row" else (lists, longest)
    columns = _tracks("put_grid", "cell_widths", cell_widths)
    rows = _tracks("put_grid", "cell_heights", cell_heights)
    width = _tracks("put_grid", "cell_width", cell_width)
    height = _tracks("put_grid", "cell_height", cell_height)
    return _grid(
        "grid",
        direction,
        cells,
        inner,
        columns=columns or (f"repeat({across}, {width})" if across else ""),
        rows=rows or (f"repeat({down}, {height})" if down else ""),
    )


def _filled(content: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Return the lists with empty cells at their ends, so that each of them begins a new line of the grid."""
    lengths = [0] * len(content)
    for line, cells in enumerate(content):
        for cell in cells:
            across, down = (cell.col, cell.row) if isinstance(cell, Span) else (1, 1)
            for spanned in range(line, min(line + down, len(content))):
                lengths[spanned] += across
    longest = max(lengths, default=0)
    return [[*cells, *[None] * (longest - length)] for cells, length in zip(content, lengths, strict=True)]


def _length(cells: list[Any]) -> int:
    return sum(cell.col if isinstance(cell, Span) else 1 for cell in cells)


def _items(content: _Items) -> Sequence[Output | None]:
    return [content] if isinstance(content, Output) else content


def _cells(function: str, content: Any) -> tuple[list[dict[str, int]], list[Output]]:
    """Return the descriptions of cells, and the outputs in them."""
    if not isinstance(content, (list, tuple)):
        msg = f"{function}() expects a list of outputs, not {type(content).__name__}: {content!r:.80}"
        raise TypeError(msg)
    for each in content:
        cell = each.content if isinstance(each, Span) else each
        if cell is not None and not isinstance(cell, (str, Output)):
            msg = f"{function}() expects return values of put_... functions, not {type(cell).__name__}: {cell!r:.80}"
            raise TypeError(msg)
    cells: list[dict[str, int]] = []
    inner: list[Output] = []
    for each in content:
        described: dict[str, int] = {}
        if isinstance(each, Span):
            described = {"rows": each.row, "columns": each.col}
        cell = each.content if isinstance(each, Span) else each
        if cell is not None:
            described["slot"] = len(inner)
            inner.append(cell if isinstance(cell, Output) else put_text(cell))
        cells.append(described)
    return cells, inner


def _tracks(function: str, name: str, size: object) -> str:
    """Return the value of ``grid-template-columns`` or ``-rows``."""
    if size is None:
        return ""
    if not isinstance(size, str) or not _TRACKS.fullmatch(size):
        msg = f"{function}() expects {name} to be sizes such as '100px 2fr auto', not {size!r:.80}"
        raise ValueError(msg)
    shares = [float(each) for each in _PERCENTAGE.findall(size)]
    if sum(shares) > _ALMOST_ALL and "(" not in size:
        return _PERCENTAGE.sub(r"minmax(0, \1fr)", size).strip()
    return size.strip()


def _default(content: Sequence[Output | None], each: str) -> str:
    return " ".join(_GAP if item is None else each for item in content)


def _grid(
    layout: str,
    direction: str,
    cells: list[dict[str, int]],
    inner: list[Output],
    *,
    columns: str = "",
    rows: str = "",
) -> Content:
    fields = {"layout": layout, "direction": direction, "columns": columns, "rows": rows, "cells": cells}
    return Content("grid", fields, inner, container=layout != "grid")

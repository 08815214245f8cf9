"""Rows, columns and grids as tables, which keep their layout where styles are removed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .markup import items_of, plain
from .tables import spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .inner import Inner
    from .markup import Piece

_MOST = 1000
_REPEAT = re.compile(r"repeat\((\d{1,4}),(.*)\)", re.ASCII)
# Front ends align the cells of tables of numbers.
_CELL = '<td align="left" valign="top" style="text-align:left;vertical-align:top"'


def grid(fields: dict[str, Any], inner: Inner) -> Piece:
    """Return the table of a node of kind ``grid``."""
    cells = [each if isinstance(each, dict) else {} for each in items_of(fields.get("cells"))]
    slots = [slot for cell in cells if isinstance(slot := cell.get("slot"), int)]
    others = inner.others(slots)
    layout = plain(fields.get("layout"))
    if layout == "column":
        return [["<div>", content, "</div>"] for content in (*_contents(cells, inner), *others)]
    if layout == "row":
        contents = [*_contents(cells, inner), *others]
        return _table([[[f"{_CELL}>", content, "</td>"] for content in contents]])
    across = fields.get("direction") != "column"
    tracks = _tracks(plain(fields.get("columns" if across else "rows")))
    placed = _placed(cells, tracks, inner) if across else _columns_first(cells, tracks, inner)
    return [_table(placed), *(["<div>", content, "</div>"] for content in others)]


def _contents(cells: list[dict[str, Any]], inner: Inner) -> list[Piece]:
    """Return the contents of cells. Gaps are for the look only."""
    return [inner.in_slot(slot) for cell in cells if isinstance(slot := cell.get("slot"), int)]


def _table(rows: list[list[Piece]]) -> Piece:
    filled = [["<tr>", *row, "</tr>"] for row in rows]
    return ['<table class="nbr-grid"><tbody>', filled, "</tbody></table>"] if rows else ""


def _placed(cells: list[dict[str, Any]], across: int, inner: Inner) -> list[list[Piece]]:
    """Return the rows of a grid that is filled row by row."""
    rows: list[list[Piece]] = []
    # By column, the first row that no cell from above reaches into.
    free = [0] * across
    row, column = 0, across
    for cell in cells:
        width = min(_span(cell.get("columns")), across)
        while column + width > across or any(each > row for each in free[column : column + width]):
            column += 1
            if column + width > across:
                row, column = len(rows), 0
                rows.append([])
                if all(each <= row for each in free):
                    break
        for index in range(column, column + width):
            free[index] = row + _span(cell.get("rows"))
        rows[row].append(_filled(cell, inner))
        column += width
    return rows


def _columns_first(cells: list[dict[str, Any]], down: int, inner: Inner) -> list[list[Piece]]:
    """Return the rows of a grid that is filled column by column. Spans are shown where they begin."""
    rows: list[list[Piece]] = [[] for _ in range(min(down, len(cells)))]
    index = 0
    for cell in cells:
        rows[index % down].append(_filled(cell, inner))
        index += min(_span(cell.get("rows")), down)
    return rows


def _filled(cell: dict[str, Any], inner: Inner) -> Piece:
    slot = cell.get("slot")
    return [f"{_CELL}{spans(cell)}>", inner.in_slot(slot) if isinstance(slot, int) else "", "</td>"]


def _span(count: Any) -> int:
    return min(count, _MOST) if isinstance(count, int) and count > 1 else 1


def _tracks(sizes: str) -> int:
    """Return the number of tracks in a value of ``grid-template-columns`` or ``-rows``."""
    repeated = _REPEAT.fullmatch(sizes)
    if repeated:
        return max(1, min(_MOST, int(repeated[1]) * len(list(_sizes(repeated[2])))))
    return max(1, min(_MOST, len(list(_sizes(sizes)))))


def _sizes(sizes: str) -> Iterator[str]:
    """Return the sizes between spaces that are in no parentheses."""
    depth, word = 0, ""
    for letter in f"{sizes} ":
        depth += (letter == "(") - (letter == ")")
        if letter != " " or depth > 0:
            word += letter
        elif word:
            yield word
            word = ""

"""Tables, also those that the reader could sort and filter."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from .markup import items_of, note, plain, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .inner import Inner
    from .markup import Piece

MOST_ROWS = 1000
"""Rows of a table."""
MOST_RECORDS = 100
"""Rows of a data table, which is made for many."""
_MOST_SPANNED = 1000
_EXACT = 2**53


def table(fields: dict[str, Any], inner: Inner) -> Piece:
    """Return the table of a node of kind ``table``."""
    rows = fields.get("rows")
    rows = rows if isinstance(rows, (list, tuple)) else ()
    headers = fields.get("headers")
    headers = headers if isinstance(headers, int) else 0
    body = rows[headers : headers + MOST_ROWS]
    pieces: list[Piece] = ["<table>"]
    if headers and rows:
        pieces += ["<thead>", *(_row("th", row, inner) for row in rows[:headers]), "</thead>"]
    pieces += ["<tbody>", *(_row("td", row, inner) for row in body), "</tbody></table>"]
    return [pieces, _more(len(rows) - headers - len(body))]


def _row(tag: str, row: Any, inner: Inner) -> Piece:
    begin, end = f"<{tag}>", f"</{tag}>"
    cells = items_of(row)
    if all(type(cell) is str for cell in cells):
        # Most rows; a table has many.
        return "".join(["<tr>", *[f"{begin}{words(cell)}{end}" for cell in cells], "</tr>"])
    return ["<tr>", *(_cell(tag, cell, inner) for cell in cells), "</tr>"]


def _cell(tag: str, cell: Any, inner: Inner) -> Piece:
    if not isinstance(cell, dict):
        return f"<{tag}>{words(cell)}</{tag}>"
    slot = cell.get("slot")
    content = inner.in_slot(slot) if isinstance(slot, int) else words(cell.get("text"))
    return [f"<{tag}{spans(cell)}>", content, f"</{tag}>"]


def spans(cell: dict[str, Any]) -> str:
    """Return the attributes of a cell that covers several rows or columns."""
    found = ((name, cell.get(field)) for name, field in (("rowspan", "rows"), ("colspan", "columns")))
    return "".join(
        f' {name}="{min(count, _MOST_SPANNED)}"'
        for name, count in found
        if isinstance(count, int) and count > 1
    )


def _more(count: int) -> str:
    return note(f"… and {count:,} more {'row' if count == 1 else 'rows'}") if count > 0 else ""


def datatable(fields: dict[str, Any]) -> Piece:
    """Return a plain table of the first rows of a node of kind ``datatable``."""
    places = {plain(name): index for index, name in enumerate(items_of(fields.get("fields")), start=1)}
    columns = [(title, places[name]) for title, name in _columns(fields.get("columns"), ()) if name in places]
    rows = fields.get("rows")
    rows = rows if isinstance(rows, (list, tuple)) else ()
    shown = rows[:MOST_RECORDS]
    pieces: list[str] = ["<table><thead><tr>"]
    pieces += [f"<th>{words(title)}</th>" for title, _ in columns]
    pieces.append("</tr></thead><tbody>")
    for row in map(items_of, shown):
        cells = (row[index] if index < len(row) else None for _, index in columns)
        pieces += ["<tr>", *(f"<td>{_shown(cell)}</td>" for cell in cells), "</tr>"]
    pieces.append("</tbody></table>")
    return [pieces, _more(len(rows) - len(shown))]


def _columns(columns: Any, groups: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Return the visible columns: their titles, those of groups before them, and their fields."""
    for each in items_of(columns):
        if not isinstance(each, dict) or each.get("hide") is True:
            continue
        title = plain(each.get("headerName")) or plain(each.get("field"))
        if isinstance(each.get("children"), list):
            yield from _columns(each["children"], (*groups, title))
        else:
            yield " / ".join((*groups, title)), plain(each.get("field"))


def _shown(value: Any) -> str:
    """Return a cell's value as the page shows it."""
    if isinstance(value, (bool, dict)):
        return escape(json.dumps(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return _listed(value)
    return words(value)


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(_shown(each) for each in values)

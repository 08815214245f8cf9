"""HTML of templates, with other outputs in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .foreign_html import clean
from .markup import items_of, plain

if TYPE_CHECKING:
    from .inner import Inner
    from .markup import Piece
    from .pictures import Room

# Text and attributes that look the same are different in sanitized HTML: their signs are escaped.
_MARK = '<span class="nbs-slot-{}"></span>'
_MARKS = re.compile(r'<span class="nbs-slot-(\d{1,9})"></span>', re.ASCII)


def widget(fields: dict[str, Any], inner: Inner, room: Room) -> Piece:
    """Return the HTML of a node of kind ``widget``."""
    pieces = [plain(each) for each in items_of(fields.get("html"))]
    slots = [slot for slot in items_of(fields.get("slots")) if isinstance(slot, int)]
    marked = [
        f"{piece}{_MARK.format(index)}" if index < len(slots) else piece for index, piece in enumerate(pieces)
    ]
    cleaned = _MARKS.split(clean("".join(marked), room))
    waiting = dict(enumerate(slots))
    # Each is shown once, also if the template repeats it or has marks of its own.
    shown: set[int] = set()
    parts: list[Piece] = ["<div>", cleaned[0]]
    for number, text in zip(cleaned[1::2], cleaned[2::2], strict=True):
        slot = waiting.pop(int(number), None)
        parts += [_once(slot, shown, inner), text]
    # Of an attribute, for example.
    parts += [_once(slot, shown, inner) for slot in waiting.values()]
    return [*parts, "</div>"]


def _once(slot: int | None, shown: set[int], inner: Inner) -> Piece:
    if slot is None or slot in shown:
        return ""
    shown.add(slot)
    return inner.in_slot(slot)

"""Pieces of HTML, and text in them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, TypeAlias

Piece: TypeAlias = str | Sequence["Piece"]
"""HTML, or the pieces that it consists of: joining them at each level of nested outputs would take quadratic time."""

LONGEST_TEXT = 100_000
"""Characters of one text; the rest is counted."""

_UNITS = ("bytes", "kB", "MB", "GB")
_THOUSAND = 1000


def joined(piece: Piece) -> str:
    """Return a piece as one text."""
    parts: list[str] = []
    waiting: list[Piece] = [piece]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            parts.append(each)
        else:
            waiting.extend(reversed(each))
    return "".join(parts)


def plain(value: Any) -> str:
    """Return a text or a number as text that UTF-8 can encode; anything else as none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def words(value: Any) -> str:
    """Return text as HTML whose line breaks and indentation stay without styles."""
    text = plain(value)
    more = len(text) - LONGEST_TEXT
    if more > 0:
        text = text[:LONGEST_TEXT]
    text = escape(text)
    if "  " in text:
        text = text.replace("  ", "\u00a0\u00a0")
    if "\n" in text:
        text = text.replace("\r\n", "\n").replace("\n ", "\n\u00a0").replace("\n", "<br>")
    return f"{text} <em>… and {more:,} more characters</em>" if more > 0 else text


def code(value: Any) -> str:
    """Return text in which all spaces and line breaks count."""
    text = plain(value)
    more = len(text) - LONGEST_TEXT
    cut = f"\n… and {more:,} more characters" if more > 0 else ""
    # Browsers ignore a line break at the beginning.
    begin = "\n" if text.startswith("\n") else ""
    return f"<pre>{begin}{escape(text[:LONGEST_TEXT])}{cut}</pre>"


def note(text: str) -> str:
    """Return words about something that the file does not contain."""
    return f"<p><em>{escape(text)}</em></p>"


def quoted(text: str) -> str:
    """Return a title in quotation marks after a space, or nothing without one."""
    return f" “{text}”" if text else ""


def size_text(size: float) -> str:
    """Return a number of bytes as readers know it."""
    unit = 0
    while size >= _THOUSAND and unit + 1 < len(_UNITS):
        size /= _THOUSAND
        unit += 1
    digits = 0 if size >= _THOUSAND / 10 else 1
    return f"{size:.{digits}f}".removesuffix(".0") + f" {_UNITS[unit]}"


def block(name: str, content: Piece) -> Piece:
    """Return content in an element with a class of `STYLE`."""
    return [f'<div class="nbr-{name}">', content, "</div>"]


def items_of(value: Any) -> list[Any]:
    """Return the items of a field that should be a list."""
    return list(value) if isinstance(value, (list, tuple)) else []

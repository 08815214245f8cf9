"""Outputs that contain others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .markup import block, items_of, plain, words

if TYPE_CHECKING:
    from .inner import Inner
    from .markup import Piece

LEVELS = {"info": "Info", "success": "Success", "warning": "Warning", "error": "Error"}


def collapse(fields: dict[str, Any], inner: Inner) -> Piece:
    """Return what the reader of a file, too, can open and close."""
    begin = "<details open>" if fields.get("open") is True else "<details>"
    return [begin, f"<summary>{words(fields.get('title'))}</summary>", inner.all(), "</details>"]


def tabs(fields: dict[str, Any], inner: Inner) -> Piece:
    """Return all tabs, one after the other."""
    found = [each for each in items_of(fields.get("tabs")) if isinstance(each, dict)]
    return [
        [f"<h4>{words(each.get('title'))}</h4>", block("tab", inner.in_slots(_slots(each.get("slots"))))]
        for each in found
    ]


def _slots(given: Any) -> list[int]:
    return [slot for slot in items_of(given) if isinstance(slot, int)]


def scrollable(fields: dict[str, Any], inner: Inner) -> Piece:
    """Return all of the content."""
    return block("box", inner.all()) if fields.get("border") is True else ["<div>", inner.all(), "</div>"]


def message(fields: dict[str, Any], inner: Inner) -> Piece:
    """Return a message, after the word that says what its colour says on the page."""
    level = plain(fields.get("level"))
    level = level if level in LEVELS else "info"
    phrase = inner.single_phrase()
    return said(level, LEVELS[level], phrase or "", inner.all() if phrase is None else "")


def said(level: str, label: str, phrase: Piece, content: Piece = "") -> Piece:
    """Return a box with a label, a text in the same line, and content below it."""
    return [
        f'<div class="nbr-box nbr-{level}"><p><strong>{label}:</strong> ',
        phrase,
        "</p>",
        content,
        "</div>",
    ]


def loading(_fields: dict[str, Any], inner: Inner) -> Piece:
    """Return words in place of the sign that moves."""
    return ["<p><em>Loading …</em></p>", inner.all()]


def popup(fields: dict[str, Any], inner: Inner) -> Piece:
    """Return a dialog as a box in the place where it was opened."""
    return block("box", [f"<p><strong>{words(fields.get('title'))}</strong></p>", inner.all()])

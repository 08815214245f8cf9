"""Objects as content by MIME type, and HTML with charts in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .foreign_html import clean
from .formulas import with_dollars
from .markup import code, note, plain, quoted, words
from .pictures import TYPES, picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from .markup import Piece
    from .pictures import Room

_WIDGET = "application/vnd.jupyter.widget-view+json"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{4,16}\b", re.ASCII)
_SVG = "<svg"
_SVG_SPACE = ' xmlns="http://www.w3.org/2000/svg"'


def html(fields: dict[str, Any], room: Room) -> Piece:
    """Return the HTML of a node of kind ``html``, or words about what only its scripts show."""
    markup = fields.get("html")
    if not isinstance(markup, str):
        return ""
    if fields.get("charts") is not None:
        return _chart("")
    drawing = _drawing(markup)
    if drawing:
        return picture({"content": drawing, "type": "image/svg+xml"}, room)
    cleaned = clean(markup, room)
    if cleaned.strip() or not markup.strip():
        return ["<div>", cleaned, "</div>"]
    return note("HTML that needs its scripts: run the notebook to see it.")


def _drawing(markup: str) -> str | None:
    """Return HTML that consists of a drawing as the text of an image."""
    text = markup.strip()
    if not text.startswith(_SVG) or not text.endswith("</svg>") or text.count(_SVG) > 1:
        return None
    return text if "xmlns=" in text else f"{_SVG}{_SVG_SPACE}{text[len(_SVG) :]}"


def markdown(markup: Any, room: Room) -> Piece:
    """Return rendered Markdown."""
    return ["<div>", with_dollars(clean(markup, room)), "</div>"] if isinstance(markup, str) else ""


def bundle(fields: dict[str, Any], room: Room) -> Piece:
    """Return the best type of a node of kind ``mime`` that needs no scripts."""
    data = fields.get("data")
    data = data if isinstance(data, dict) else {}
    kind = next((each for each in data if each in TYPES), None)
    if kind is not None:
        return picture({**fields, "content": data[kind], "type": kind, "title": fields.get("alt")}, room)
    if fields.get("charts") is not None or _is_chart(data):
        return _chart(_title(data) or plain(fields.get("alt")))
    for kind, show in _TEXTS.items():
        if isinstance(data.get(kind), str):
            return show(data[kind], room)
    if _WIDGET in data:
        return note("A widget: run the notebook to see it.")
    return text(data.get("text/plain"))


def _latex(source: str, _room: Room) -> Piece:
    return f'<p class="tex2jax_process mathjax_process">{words(source)}</p>'


_TEXTS: dict[str, Callable[[str, Room], Piece]] = {
    "text/html": lambda markup, room: html({"html": markup}, room),
    "text/markdown": markdown,
    "text/latex": _latex,
}


def text(value: Any) -> Piece:
    """Return the text of an object, without its place in memory."""
    shown = _ADDRESS.sub(" at 0x…", plain(value))
    return code(shown) if "\n" in shown else f"<p>{words(shown)}</p>"


def _is_chart(data: dict[str, Any]) -> bool:
    return any("plotly" in kind or "vega" in kind for kind in data)


def _chart(title: str) -> str:
    return note(f"Chart{quoted(title)}: run the notebook to see it.")


def _title(data: dict[str, Any]) -> str:
    """Return the title of a chart of plotly or altair."""
    for kind, content in data.items():
        if not isinstance(content, dict):
            continue
        about = content.get("layout") if "plotly" in kind else content
        title = about.get("title") if isinstance(about, dict) else None
        found = plain(title.get("text") if isinstance(title, dict) else title)
        if found:
            return found
    return ""

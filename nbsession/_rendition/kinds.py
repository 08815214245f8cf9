"""The HTML of each kind of output (docs/protocol.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import bundles, containers, fields, grids, notices, tables
from .foreign_html import clean, styled
from .inner import Inner, Made
from .links import link
from .markup import Piece, plain, words
from .pictures import Room, picture
from .templates import widget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nbsession._core.tree import Node

_ALONE: dict[str, Callable[[dict[str, Any]], Piece]] = {
    "notice": notices.notice,
    "error": notices.error,
    "download": notices.download,
    "file": notices.file,
    "buttons": notices.buttons,
    "progress": notices.progress,
    "datatable": tables.datatable,
    "form": fields.form,
    "pin": fields.pin,
}
_WITH_INNER: dict[str, Callable[[dict[str, Any], Inner], Piece]] = {
    "scope": lambda _, inner: inner.all(),
    "table": tables.table,
    "grid": grids.grid,
    "collapse": containers.collapse,
    "tabs": containers.tabs,
    "scrollable": containers.scrollable,
    "message": containers.message,
    "loading": containers.loading,
    "popup": containers.popup,
}
_WITH_IMAGES: dict[str, Callable[[dict[str, Any], Room], Piece]] = {
    "html": bundles.html,
    "markdown": lambda fields, room: bundles.markdown(fields.get("html"), room),
    "code": lambda fields, room: clean(f"<pre><code>{plain(fields.get('html'))}</code></pre>", room),
    "image": picture,
    "mime": bundles.bundle,
}


def make(node: Node, inner: Iterable[Made], room: Room) -> Made:
    """Return the HTML of a node, whose inner nodes are made."""
    piece = _piece(node, inner, room)
    phrase = piece is None
    if piece is None:
        piece = _phrase(node)
    begin = styled(plain(node.fields.get("style"))) if node.fields.get("style") else ""
    if begin and phrase:
        piece = [begin.replace("<div", "<span", 1), piece, "</span>"]
    elif begin:
        piece = [begin, piece, "</div>"]
    return Made(piece, node.slot, phrase, phrase and node.fields.get("inline") is True)


def _piece(node: Node, inner: Iterable[Made], room: Room) -> Piece | None:
    """Return the HTML of a node that is not just text."""
    if node.kind in _ALONE:
        return _ALONE[node.kind](node.fields)
    if node.kind in _WITH_INNER:
        return _WITH_INNER[node.kind](node.fields, Inner(inner))
    if node.kind in _WITH_IMAGES:
        return _WITH_IMAGES[node.kind](node.fields, room)
    if node.kind == "widget":
        return widget(node.fields, Inner(inner), room)
    return None


def _phrase(node: Node) -> Piece:
    """Return text, also of kinds that are not known here."""
    if node.kind == "link":
        address = plain(node.fields.get("href"))
        return link(node.fields.get("text") or address, address)
    return words(node.fields.get("text"))

"""A session's outputs as one piece of static HTML, within a limit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbsession._core.tree import ROOT

from .inner import Made, paragraphs
from .kinds import make
from .markup import joined, note, plain, size_text, words
from .pictures import Room
from .style import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbsession._core.tree import Node

LIMIT = 1024 * 1024
"""Bytes of a rendition, by default."""
LIVE = "This output of nbsession is live: run the cell to use it."
# MathJax would take two amounts of dollars for a formula.
_BEGIN = f'<div class="nbsession-rendition tex2jax_ignore mathjax_ignore">{STYLE}<p><small>{LIVE}</small></p>'
_END = "</div>"
# A blank line would end the HTML in Markdown.
_BLANK = re.compile(r"\n(?=[ \t\r]*\n)")


def render(
    nodes: Sequence[Node],
    part: int = ROOT,
    *,
    closed: str | None = None,
    title: str | None = None,
    limit: int = LIMIT,
) -> str:
    """Return the static HTML of a session's outputs.

    Parameters
    ----------
    nodes : sequence of Node
        All nodes, parents before their children, siblings in order: `Outputs.copy`. They are only read.
    part : int
        The key of the scope to show; by default, all but the scopes that other views show.
    closed : str, optional
        Why the session has ended.
    title : str, optional
        The view's title.
    limit : int
        The largest size in bytes, encoded as UTF-8. Above it, images are left out, and then the outputs at the end.

    Returns
    -------
    str
        The HTML; empty if there are no outputs, or no room for any. It depends on the arguments only.
    """
    begin = _BEGIN + (f"<p><strong>{words(title)}</strong></p>" if plain(title) else "")
    end = (note(f"The session has ended: {plain(closed)}") if plain(closed) else "") + _END
    left = limit - _size(begin) - _size(end)
    room = Room()
    units = _units(nodes, part, room)
    if not units:
        return ""
    if sum(map(_size, units)) > left:
        rest = note(
            f"The rest is not in the notebook's file, which keeps {size_text(limit)} of an output."
            " Run the cell to see it."
        )
        if left < _size(rest):
            return ""
        if room.used:
            units = _units(nodes, part, Room(0))
            # A note is shorter than its image, so what is over here can be filled with images.
            units = _units(nodes, part, Room(max(0, left - sum(map(_size, units)))))
        units = list(_fitting(units, left, rest))
    return "".join([begin, *units, end])


def _fitting(units: list[str], left: int, rest: str) -> Iterator[str]:
    """Return the first of some outputs within a limit, and a note if there are more."""
    sizes = [_size(unit) for unit in units]
    if sum(sizes) <= left:
        yield from units
        return
    left -= _size(rest)
    for unit, size in zip(units, sizes, strict=True):
        left -= size
        if left < 0:
            break
        yield unit
    yield rest


def _units(nodes: Sequence[Node], part: int, room: Room) -> list[str]:
    """Return the outputs that are kept as a whole or not at all."""
    around, shown = _shown(nodes, part)
    outputs: list[Made] = []
    forms: list[Made] = []
    inner: dict[int, list[Made]] = {}
    for node in _inner_first(shown):
        made = make(node, inner.pop(node.key, ()), room)
        if node.parent not in around:
            inner.setdefault(node.parent, []).append(made)
        else:
            (forms if node.kind == "form" else outputs).append(made)
    # As in a view, forms are below all other outputs.
    return [_BLANK.sub("&#10;", joined(unit)) for unit in paragraphs([*outputs, *forms])]


def _inner_first(nodes: Sequence[Node]) -> Iterator[Node]:
    """Return nodes after those that are in them, siblings in order."""
    around: list[Node] = []
    for node in nodes:
        while around and around[-1].key != node.parent:
            yield around.pop()
        around.append(node)
    yield from reversed(around)


def _shown(nodes: Sequence[Node], part: int) -> tuple[set[int], list[Node]]:
    """Return the scopes whose outputs count by themselves, and the nodes in them, with all that is inside these."""
    around = {part}
    within: set[int] = set()
    shown: list[Node] = []
    for node in nodes:
        if node.parent in around and node.kind == "scope":
            if node.fields.get("apart") is not True:
                around.add(node.key)
        elif node.parent in around or node.parent in within:
            within.add(node.key)
            shown.append(node)
    return around, shown


def _size(html: str) -> int:
    return len(html) if html.isascii() else len(html.encode())

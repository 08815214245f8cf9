"""Which node is removed when a session has more outputs than it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tree import Node, Tree

# Kinds of nodes that are not removed to make room: scopes, whose content is, and forms, which code waits for.
_STAY = frozenset({"scope", "form"})
# Kinds of nodes that are removed to make room only when they are empty: what is in them may be newer.
_HOLDERS = frozenset({"grid", "collapse", "tabs", "scrollable", "message", "loading", "popup"})


def oldest(tree: Tree, newest: Node, note: int | None) -> int | None:
    """Return the key of the oldest node that may go; None if all that remain stay.

    Parameters
    ----------
    tree : Tree
        The session's nodes.
    newest : Node
        A node that stays, with the nodes that it is in.
    note : int, optional
        The key of the note that says what has happened, which stays.
    """
    kept = tree.holders(newest.key)
    ages = (node for node in tree.by_age() if node.key not in kept and node.key != note)
    return next((node.key for node in ages if _gives_room(node)), None)


def _gives_room(node: Node) -> bool:
    return node.kind not in _STAY and not (node.kind in _HOLDERS and node.children)

"""The tree of a session's output nodes, and its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = 0
"""The key of the root, the parent of top-level nodes."""
NOWHERE = -1
"""The parent of nodes that no page shows. Only Python has them, until they move into another node."""

_PER_VALUE = 8


class Node:
    """One output.

    Parameters
    ----------
    key : int
        The node's number, never reused in the session.
    kind : str
        The node's kind, which determines its fields.
    fields : dict
        JSON values, and bytes.
    """

    __slots__ = ("children", "fields", "key", "kind", "parent", "size", "slot")

    def __init__(self, key: int, kind: str, fields: dict[str, Any]) -> None:
        self.key = key
        self.kind = kind
        self.fields = fields
        self.parent = ROOT
        self.slot: int | None = None
        self.children: list[int] = []
        self.size = measure(fields)

    def put_in(self, parent: int, slot: int | None) -> None:
        """Set the parent and the slot in it; without a slot, the node follows the parent's other nodes."""
        self.parent = parent
        self.slot = slot

    def change(self, fields: dict[str, Any]) -> int:
        """Change some fields. Return the change of the node's size."""
        former = self.size
        if fields.keys() >= self.fields.keys():
            self.size = measure(fields)
        else:
            self.size += measure(fields) - measure(
                {name: self.fields[name] for name in fields if name in self.fields}
            )
        self.fields.update(fields)
        return self.size - former

    def copy(self) -> Node:
        """Return a node that keeps its fields and children when this one changes. The values are shared."""
        made = object.__new__(Node)  # `copy.copy` takes ten times as long
        made.key = self.key
        made.kind = self.kind
        made.fields = self.fields.copy()
        made.parent = self.parent
        made.slot = self.slot
        made.children = self.children.copy()
        made.size = self.size
        return made

    def describe(self) -> dict[str, Any]:
        """Return the node in the page's format (docs/protocol.md)."""
        about: dict[str, Any] = {"key": self.key, "kind": self.kind}
        if self.parent != ROOT:
            about["parent"] = self.parent
        if self.slot is not None:
            about["slot"] = self.slot
        return {**about, **self.fields}


class Tree:
    """Nodes by key, in order. Not thread-safe."""

    def __init__(self) -> None:
        self._root = Node(ROOT, "root", {})
        self._nowhere = Node(NOWHERE, "nowhere", {})
        self._nodes: dict[int, Node] = {}
        self.size = 0

    def __len__(self) -> int:
        return len(self._nodes)

    def __contains__(self, key: int) -> bool:
        return key == ROOT or key in self._nodes

    def get(self, key: int) -> Node | None:
        return self._nodes.get(key)

    def add(self, node: Node, parent: int, position: int) -> int | None:
        """Add a node. Return the key of the next node in the parent, None at the end.

        ``position`` counts the parent's nodes like PyWebIO: 0 is the first place, -1 the last.
        """
        self._nodes[node.key] = node
        self.size += node.size
        return self._place(node, parent, None, position)

    def move(self, node: Node, parent: int, slot: int | None) -> None:
        """Move a node, with its descendants, to the end of another one."""
        self._children(node.parent).remove(node.key)
        self._place(node, parent, slot, -1)

    def change(self, node: Node, fields: dict[str, Any]) -> None:
        self.size += node.change(fields)

    def grow(self, node: Node, growth: int) -> None:
        """Handle that a part of a node's fields has changed, which is not measured again."""
        node.size += growth
        self.size += growth

    def remove(self, key: int) -> list[Node]:
        """Remove a node and its descendants, and return them."""
        node = self._nodes.get(key)
        if node is None:
            return []
        self._children(node.parent).remove(key)
        removed = list(self.below(node))
        for each in removed:
            del self._nodes[each.key]
            self.size -= each.size
        return removed

    def children(self, key: int) -> list[Node]:
        return [self._nodes[child] for child in self._children(key)]

    def walk(self) -> Iterator[Node]:
        """Return all nodes that a page shows: parents before their children, siblings in order."""
        for node in self.children(ROOT):
            yield from self.below(node)

    def by_age(self) -> Iterator[Node]:
        """Return all nodes, the oldest first."""
        return iter(self._nodes.values())

    def holders(self, key: int) -> list[int]:
        """Return the keys of a node and its ancestors, the outermost last."""
        found = []
        while key not in (ROOT, NOWHERE):
            found.append(key)
            key = self._nodes[key].parent
        return found

    def is_nowhere(self, key: int) -> bool:
        """Return whether a node or one of its ancestors is nowhere."""
        if not self._nowhere.children:
            return False
        holders = self.holders(key)
        return bool(holders) and self._nodes[holders[-1]].parent == NOWHERE

    def below(self, node: Node) -> Iterator[Node]:
        """Return a node and its descendants: parents before their children, siblings in order."""
        waiting = [node]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [self._nodes[child] for child in reversed(node.children)]

    def _place(self, node: Node, parent: int, slot: int | None, position: int) -> int | None:
        node.put_in(parent, slot)
        siblings = self._children(parent)
        index = position if position >= 0 else len(siblings) + 1 + position
        index = min(max(index, 0), len(siblings))
        before = siblings[index] if index < len(siblings) else None
        siblings.insert(index, node.key)
        return before

    def _children(self, key: int) -> list[int]:
        if key in self._nodes:
            return self._nodes[key].children
        return self._nowhere.children if key == NOWHERE else self._root.children


def measure(value: object) -> int:
    """Return the approximate size in bytes of an encoded value."""
    if isinstance(value, (str, bytes)):
        return len(value) + _PER_VALUE
    if isinstance(value, dict):
        return sum(len(key) + measure(item) for key, item in value.items()) + _PER_VALUE
    if isinstance(value, (list, tuple)):
        size = _PER_VALUE
        for item in value:
            # A table has many.
            size += len(item) + _PER_VALUE if type(item) is str else measure(item)
        return size
    return _PER_VALUE

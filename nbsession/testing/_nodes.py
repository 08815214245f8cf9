"""The output nodes that a page shows, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._core.values import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbsession._link import Buffer

Node = dict[str, Any]


class Nodes:
    """The outputs of one session (docs/protocol.md)."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []

    def __iter__(self) -> Any:
        return iter(list(self._nodes))

    def take(self, body: list[Any], buffers: Sequence[Buffer]) -> None:
        """Apply a message. Messages that change no output are ignored."""
        name, *rest = body
        if name == "put":
            node, before, *specials = rest
            self._insert(_plain(node, specials, buffers), before)
        elif name == "update":
            key, fields, *specials = rest
            for node in self.with_key(key):
                node.update(_plain(fields, specials, buffers))
        elif name == "move":
            key, slot, parent = rest
            for node in self.with_key(key):
                node.update(slot=slot, parent=parent)
        elif name == "remove":
            self._remove(rest[0])
        elif name == "snapshot":
            nodes, *specials = rest
            self._nodes = _plain(nodes, specials, buffers)

    def with_key(self, key: int) -> list[Node]:
        """Return the node with a key, in a list that is empty if there is none."""
        return [node for node in self._nodes if node["key"] == key]

    def _insert(self, node: Node, before: int | None) -> None:
        place = next((i for i, each in enumerate(self._nodes) if each["key"] == before), len(self._nodes))
        self._nodes.insert(place, node)

    def _remove(self, key: int) -> None:
        for node in [each for each in self._nodes if each.get("parent") == key]:
            self._remove(node["key"])
        self._nodes = [node for node in self._nodes if node["key"] != key]


def _plain(value: Any, specials: list[Any], buffers: Sequence[Buffer]) -> Any:
    return decode(value, specials[0] if specials else None, buffers)

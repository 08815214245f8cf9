"""What the page is told, change by change, adds up to what a page that comes later is shown at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nbsession._core.outputs import Outputs

if TYPE_CHECKING:
    from nbsession._core.values import Encoded

keys = st.integers(0, 5)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("put"), keys, st.integers(-4, 4), st.text(max_size=30)),
        st.tuples(st.just("update"), keys, st.text(max_size=30)),
        st.tuples(st.just("move"), keys, keys),
        st.tuples(st.just("remove"), keys),
        st.tuples(st.just("clear"), keys),
    ),
    max_size=30,
)


class Follower:
    """A page in a few lines: nodes in lists, by parent."""

    def __init__(self) -> None:
        self.nodes: dict[int, dict[str, Any]] = {}
        self.order: dict[int, list[int]] = {0: []}

    def take(self, message: Encoded) -> None:
        name, first, *rest = json.loads(message.text)
        getattr(self, name)(first, *rest)

    def put(self, node: dict[str, Any], before: int | None) -> None:
        siblings = self.order[node.get("parent", 0)]
        siblings.insert(len(siblings) if before is None else siblings.index(before), node["key"])
        self.nodes[node["key"]] = node
        self.order[node["key"]] = []

    def update(self, key: int, fields: dict[str, Any]) -> None:
        self.nodes[key].update(fields)

    def move(self, key: int, slot: int, parent: int) -> None:
        self.order[self.nodes[key].get("parent", 0)].remove(key)
        self.nodes[key].update(parent=parent, slot=slot)
        self.order[parent].append(key)

    def remove(self, key: int) -> None:
        self.order[self.nodes[key].get("parent", 0)].remove(key)
        for each in self._below(key):
            del self.nodes[each]

    def _below(self, key: int) -> list[int]:
        return [key, *(deeper for child in self.order[key] for deeper in self._below(child))]

    @property
    def shown(self) -> list[dict[str, Any]]:
        return [self.nodes[key] for key in self._below(0)[1:]]


@given(changes)
@settings(deadline=None, max_examples=300)
def test_the_changes_add_up_to_the_snapshot(made: list[Any]) -> None:
    follower = Follower()
    outputs = Outputs(follower.take, lambda: None, limit=1500)
    for name, *arguments in made:
        if name == "put":
            parent, position, text = arguments
            outputs.put("scope" if text < "M" else "text", parent=parent, position=position, text=text)
        elif name == "update":
            outputs.update(arguments[0], text=arguments[1])
        elif name == "move":
            outputs.move_in([arguments[0]], arguments[1])
        else:
            getattr(outputs, name)(*arguments)
        snapshot = json.loads(outputs.snapshot().text)[1]
        assert follower.shown == snapshot
        assert len(outputs) == len(snapshot)

"""The output nodes of a session, kept in Python so that they can be sent to a page again."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal

from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

from .oldest import oldest
from .remarks import Remarks
from .tree import NOWHERE, ROOT, Node, Tree
from .values import encode_output

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .values import Encoded

# Approximate limit in bytes of the outputs that a session keeps.
LIMIT = 16 * 1024 * 1024
DROPPED = "Older outputs are no longer shown: a session keeps 16 MiB of them."
# Kinds of nodes that nbsession itself shows, and that a program cannot clear.
OWN = frozenset({"notice", "error", "download", "form"})
# Kinds of nodes that stay when their parent is cleared. A popup covers the others.
_NOT_CLEARED = OWN | {"popup"}


class Outputs(Remarks):
    """The output nodes of one session. Can be used on any thread.

    Parameters
    ----------
    send : callable
        Sends one message to the page, if there is one.
    appear : callable
        Called when there is something to show.
    limit : int
        The limit in bytes. Above it, the oldest nodes are removed, in Python and on the page.
    """

    def __init__(
        self, send: Callable[[Encoded], None], appear: Callable[[], None], limit: int = LIMIT
    ) -> None:
        # Held while a change is made and sent, so that snapshots and changes are sent in order.
        self.lock: InterruptSafeLock = InterruptSafeLock()
        super().__init__()
        self._send = self._send_only = send
        self._appear = appear
        self._changed: Callable[[], object] | None = None  # see `watch_next_change`
        self._limit = limit
        self._tree = Tree()
        self._note: int | None = None
        self._names: dict[tuple[str, str], int] = {}
        # The names of nodes that are nowhere, and whether the node that has the name then goes.
        self._claims: dict[int, tuple[str, bool]] = {}
        # See `home`: by name of a removed scope, the scopes that were around it, the innermost first.
        self._homes: dict[str, list[int]] = {}
        self._on_removed: dict[int, Callable[[], object]] = {}
        self._also_on_removed: dict[int, list[Callable[[], object]]] = {}
        self._parts: dict[int, Callable[[], object]] = {}
        self.next_key: Callable[[], int] = itertools.count(1).__next__

    def __len__(self) -> int:
        return len(self._tree)

    def put(
        self,
        kind: str,
        *,
        key: int | None = None,
        parent: int = ROOT,
        position: int = -1,
        known_as: str | None = None,
        others: Literal["stay", "go", "win"] = "stay",
        nested: Sequence[int] = (),
        removed: Callable[[], object] | None = None,
        **fields: object,
    ) -> int:
        """Show a node and return its key.

        Parameters
        ----------
        kind : str
            The kind of the node; see docs/protocol.md.
        key : int, optional
            The node's key, from ``next_key``: for a node whose messages are awaited before it is sent.
        parent : int
            The key of the node's scope. If another thread has removed the scope, the node is removed as well. With
            NOWHERE, it is not shown until it moves into another node.
        position : int
            The node's position in the scope: 0 is the first, -1 the last.
        known_as : str, optional
            The name by which ``named`` finds the node.
        others : {'stay', 'go', 'win'}
            What happens if a node of this kind already has the name: it stays, it is removed, or it stays and the new
            node is not shown.
        nested : sequence of int
            Keys of nodes to move into the new node. Their index in the sequence is their slot.
        removed : callable, optional
            Called when the node is removed.
        **fields
            JSON values, and bytes.
        """
        node = Node(self.next_key() if key is None else key, kind, dict(fields))
        with self.lock:
            other = None if known_as is None else self._names.get((kind, known_as))
            if other is not None and other in self._tree and others == "win":
                return other
            shown, kept = parent in self._tree, parent == NOWHERE
            free = other is None or other not in self._tree
            if known_as is not None and (shown or other is None or (kept and free)):
                self._names[kind, known_as] = node.key
            elif known_as is not None and kept:
                self._claims[node.key] = (known_as, others == "go")
            if shown or kept:
                before = self._tree.add(node, parent, position)
                if removed is not None:
                    self._on_removed[node.key] = removed
                self._tell(node.key, encode_output(("put",), node.describe(), before))
                calls = self._move_in(nested, node.key)
                if shown and other is not None and others == "go":
                    calls += self._remove(other)
                calls += self._drop_oldest(node)
                appear = self._shows(node) if self._parts else self._appear
            else:
                calls = [call for each in nested for call in self._remove(each)]
                calls += [] if removed is None else [removed]
        _call(calls)
        if not shown:
            return node.key
        try:
            appear()
        except BaseException:  # the caller assumes that it is not shown
            self.remove(node.key)
            raise
        return node.key

    def part(self, name: str, show: Callable[[], object]) -> int:
        """Return the key of a scope that is shown in a view of its own. Create the scope if it does not exist.

        Parameters
        ----------
        name : str
            The scope's name.
        show : callable
            Called when the scope contains something to show.
        """
        with self.lock:
            key = self.named("scope", name)
            if key is None or key not in self._tree:
                node = Node(self.next_key(), "scope", {"name": name, "apart": True})
                key = self._names["scope", name] = node.key
                self._parts[key] = show
                self._send(encode_output(("put",), node.describe(), self._tree.add(node, ROOT, -1)))
            return key

    def _shows(self, node: Node) -> Callable[[], object]:
        """Return the function that shows the part that a node is in."""
        holders = self._tree.holders(node.key) if node.key in self._tree else ()
        return next((self._parts[key] for key in holders if key in self._parts), self._appear)

    def update(self, key: int, **fields: object) -> None:
        """Change fields of a node. A removed node is ignored."""
        with self.lock:
            node = self._tree.get(key)
            if node is None:
                return
            self._tree.change(node, fields)
            self._tell(key, encode_output(("update", key), fields))
            calls = self._drop_oldest(node)
        _call(calls)

    def edit(self, key: int, change: Callable[[], tuple[list[object], int] | None]) -> None:
        """Change a part of a field that is too large to be sent again.

        Parameters
        ----------
        key : int
            The key of the node. A removed node is ignored.
        change : callable
            Makes the change in the node's fields, under the lock. It returns the change in the page's format, and the
            node's growth in bytes; None if there is nothing to change.
        """
        with self.lock:
            node = self._tree.get(key)
            made = None if node is None else change()
            if node is None or made is None:
                return
            edit, growth = made
            self._tree.grow(node, growth)
            self._tell(key, encode_output(("edit", key), edit))
            calls = self._drop_oldest(node)
        _call(calls)

    def note(self, key: int, **fields: object) -> None:
        """Change fields of a node without a message: the page that shows it knows them, and the next one needs them."""
        with self.lock:
            node = self._tree.get(key)
            if node is not None:
                self._tree.change(node, fields)
                self._noted()

    def move_in(self, keys: Sequence[int], parent: int) -> None:
        """Move nodes into slots of another one, such as the cells of a table.

        A node is not moved into itself or its descendants. If the other node has been removed, the nodes are removed as
        well.
        """
        with self.lock:
            calls = self._move_in(keys, parent)
        _call(calls)

    def remove(self, key: int, *, itself: bool = True) -> None:
        """Remove a node and its descendants.

        Parameters
        ----------
        key : int
            The key of the node.
        itself : bool
            Whether the node itself is meant, so that it keeps no `home`; otherwise it is removed together with another
            one.
        """
        with self.lock:
            node = self._tree.get(key)
            calls = self._remove(key)
            if itself and node is not None and self._is_named(node):
                self._homes.pop(node.fields["name"], None)
        _call(calls)

    def clear(self, key: int) -> None:
        """Remove the descendants of a node, except for nodes that nbsession itself shows."""
        with self.lock:
            calls = [
                call
                for node in self.children(key)
                if node.kind not in _NOT_CLEARED
                for call in self._remove(node.key)
            ]
        _call(calls)

    def scroll_to(self, key: int, position: str) -> None:
        """Scroll a node into view."""
        with self.lock:
            if key in self._tree:
                self._tell(key, encode_output(("scroll", key), position))

    def removed(self, key: int, call: Callable[[], object]) -> Callable[[], object] | None:
        """Call ``call`` when the node is removed.

        Returns the function that was set before, or ``call`` itself if the node has already been removed.
        """
        with self.lock:
            if self._tree.get(key) is None:
                return call
            former = self._on_removed.pop(key, None)
            self._on_removed[key] = call
            return former

    def when_removed(self, key: int, call: Callable[[], object]) -> None:
        """Call ``call``, too, when the node is removed; now if it has been."""
        with self.lock:
            if self._tree.get(key) is not None:
                self._also_on_removed.setdefault(key, []).append(call)
                return
        call()

    def name_scope(self, key: int, name: str) -> None:
        """Let a node that contains others be found as a scope of that name."""
        with self.lock:
            if key in self._tree:
                self._names["scope", name] = key
                forget = self._also_on_removed.setdefault(key, [])
                forget.append(lambda: self._names.pop(("scope", name), None))

    def _node(self, key: int) -> Node | None:
        """Return a node; None if it has been removed."""
        return self._tree.get(key)

    def field(self, key: int, name: str) -> object:
        """Return a field of a node; None if it has been removed."""
        node = self._tree.get(key)
        return None if node is None else node.fields.get(name)

    def named(self, kind: str, name: str) -> int | None:
        """Return the key of the node of this kind that last got the name. The node may have been removed since."""
        return self._names.get((kind, name))

    def home(self, name: str) -> int | None:
        """Return the scope in which to create a scope again that was removed together with its parent.

        The result is the innermost former ancestor that still exists; None if there is none, or if the scope was
        removed by itself. If the scope has been created again in the meantime, the result is that scope.
        """
        with self.lock:
            key = self._names.get(("scope", name))
            if key is not None and key in self._tree:
                return key
            return next((key for key in self._homes.get(name, ()) if key in self._tree), None)

    def holds(self, key: int, other: int) -> bool:
        """Return whether a node is another one, or an ancestor of it."""
        with self.lock:
            return other in self._tree and key in self._tree.holders(other)

    def drop_if_nowhere(self, key: int) -> bool:
        """Remove a node that has not moved into another one. Return whether there was one."""
        with self.lock:
            node = self._tree.get(key)
            if node is None or node.parent != NOWHERE:
                return False
            calls = self._remove(key)
        _call(calls)
        return True

    def contains(self, key: int) -> bool:
        """Return whether the node exists, or is the root."""
        return key in self._tree

    def children(self, key: int) -> list[Node]:
        """Return the children of a node, in order."""
        return self._tree.children(key) if key in self._tree else []

    def release(self) -> None:
        """Drop all nodes without calling anything: the session has ended and its outputs are not shown any more.

        References to the session, such as IPython's ``Out`` for a cell whose last value is an output, then keep no
        images.
        """
        with self.lock:
            self._tree = Tree()
            self.forget_errors()
            for names in (
                self._names,
                self._claims,
                self._homes,
                self._on_removed,
                self._also_on_removed,
                self._parts,
            ):
                names.clear()

    def snapshot(self) -> Encoded:
        """Return the message that shows all nodes on a page that has none of them."""
        with self.lock:
            return encode_output(("snapshot",), [node.describe() for node in self._tree.walk()])

    def copy(self) -> list[Node]:
        """Return copies of all nodes, parents before their children, siblings in order. Values are shared."""
        with self.lock:
            return [node.copy() for node in self._tree.walk()]

    def watch_next_change(self, call: Callable[[], object] | None) -> None:
        """Call ``call`` once, at the next change of a node; later changes then cost nothing. None: do not call any."""
        with self.lock:
            self._changed = call
            self._send = self._send_only if call is None else self._send_and_note

    def _send_and_note(self, message: Encoded) -> None:
        self._noted()
        self._send_only(message)

    def _noted(self) -> None:
        call, self._changed = self._changed, None
        self._send = self._send_only
        if call is not None:
            call()

    def _move_in(self, keys: Sequence[int], parent: int) -> list[Callable[[], object]]:
        calls: list[Callable[[], object]] = []
        for slot, key in enumerate(keys):
            node = self._tree.get(key)
            if self._tree.get(parent) is None:
                calls += self._remove(key)
            elif node is not None and key not in self._tree.holders(parent):
                calls += self._move(node, parent, slot)
        return calls

    def _move(self, node: Node, parent: int, slot: int) -> list[Callable[[], object]]:
        was_nowhere, is_nowhere = self._tree.is_nowhere(node.key), self._tree.is_nowhere(parent)
        self._tree.move(node, parent, slot)
        if is_nowhere:
            self._send(encode_output(("remove",), node.key))
            return []
        if not was_nowhere:
            self._send(encode_output(("move", node.key), slot, parent))
            return []
        calls: list[Callable[[], object]] = []
        for each in list(self._tree.below(node)):
            self._send(encode_output(("put",), each.describe(), None))
            if each.key in self._claims:
                name, other_goes = self._claims.pop(each.key)
                other = self._names.get((each.kind, name))
                self._names[each.kind, name] = each.key
                calls += self._remove(other) if other_goes and other is not None else []
        return calls

    def _tell(self, key: int, message: Encoded) -> None:
        """Send a message about a node, unless it is nowhere."""
        if not self._tree.is_nowhere(key):
            self._send(message)

    def _remove(self, key: int) -> list[Callable[[], object]]:
        top = self._tree.get(key)
        if top is not None:
            self._tell(key, encode_output(("remove",), key))
        nodes = self._tree.remove(key)
        if top is not None:
            self._note_homes(top.parent, nodes)
        calls: list[Callable[[], object]] = []
        for node in nodes:
            call = self._on_removed.pop(node.key, None)
            if call is not None:
                calls.append(call)
            self._claims.pop(node.key, None)
            if self._also_on_removed:
                calls += self._also_on_removed.pop(node.key, ())
        return calls

    def _note_homes(self, holder: int, removed: list[Node]) -> None:
        """Record the ancestors of scopes that have been removed together with other nodes."""
        names = [node.fields["name"] for node in removed if self._is_named(node)]
        if not names:
            return
        holders = [self._tree.get(key) for key in self._tree.holders(holder)]
        homes = [node.key for node in holders if node is not None and node.kind == "scope"]
        for name in names:
            self._homes[name] = homes

    def _is_named(self, node: Node) -> bool:
        """Return whether a node is a scope that currently has its name, or was the last one to have it."""
        return node.kind == "scope" and self._names.get(("scope", node.fields.get("name", ""))) == node.key

    def _drop_oldest(self, newest: Node) -> list[Callable[[], object]]:
        """Remove nodes until the rest is within the limit. The newest node always stays."""
        calls: list[Callable[[], object]] = []
        while self._tree.size > self._limit:
            first = oldest(self._tree, newest, self._note)
            if first is None:
                break
            calls += self._remove(first)
            if self._note is None or self._note not in self._tree:
                note = Node(self.next_key(), "notice", {"level": "info", "text": DROPPED})
                self._note = note.key
                before = self._tree.add(note, ROOT, 0)
                self._send(encode_output(("put",), note.describe(), before))
        return calls


def _call(calls: list[Callable[[], object]]) -> None:
    for call in calls:
        call()

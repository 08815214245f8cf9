"""What a session shows: its output nodes, kept in Python so that a page can be given them again."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# A reader learns nothing from the twenty-first different error.
MOST_ERRORS = 20


class Outputs:
    """The output nodes of one session.

    Parameters
    ----------
    send : callable
        Sends one message (JSON text) to the page, if there is one.
    appear : callable
        Called when there is something to show.
    """

    def __init__(self, send: Callable[[str], None], appear: Callable[[], None]) -> None:
        self._send = send
        self._appear = appear
        self._nodes: dict[int, dict[str, Any]] = {}
        self._errors: dict[tuple[str, str, str], int] = {}
        self._keys = itertools.count(1)

    def __len__(self) -> int:
        return len(self._nodes)

    def put(self, kind: str, **fields: object) -> int:
        """Append a node and return its key."""
        key = next(self._keys)
        node = {"key": key, "kind": kind, **fields}
        self._nodes[key] = node
        self._send(json.dumps(["put", node]))
        self._appear()
        return key

    def update(self, key: int, **fields: object) -> None:
        """Change fields of a node; a removed one is left alone."""
        node = self._nodes.get(key)
        if node is not None:
            node.update(fields)
            self._send(json.dumps(["update", key, fields]))

    def remove(self, key: int) -> None:
        if self._nodes.pop(key, None) is not None:
            self._send(json.dumps(["remove", key]))

    def snapshot(self) -> str:
        """Return the message that shows all nodes on a page that has none of them."""
        return json.dumps(["snapshot", list(self._nodes.values())])

    # -- notices and JavaScript errors --------------------------------------------------------

    def notice(self, level: str, text: str) -> int:
        return self.put("notice", level=level, text=text)

    def error(self, name: str, message: str, stack: str, code: str, count: int = 1) -> int | None:
        """Show a JavaScript error; the same one again only counts up. Returns its node, or None past the limit."""
        identity = (name, message, code)
        key = self._errors.get(identity)
        if key is not None:
            self.count_error(key, self._nodes[key]["count"] + count)
            return key
        if len(self._errors) >= MOST_ERRORS:
            return None
        key = self.put("error", name=name, message=message, stack=stack, code=code, count=count)
        self._errors[identity] = key
        return key

    def count_error(self, key: int, count: int) -> None:
        """Set how often the error of node ``key`` has occurred."""
        self.update(key, count=count)

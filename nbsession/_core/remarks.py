"""The notices and errors that nbsession itself shows among a session's outputs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tree import Node

# Maximum number of different errors that are shown.
MOST_ERRORS = 20
NO_MORE_ERRORS = f"Only the first {MOST_ERRORS} different errors are shown."


class Remarks(ABC):
    """Shows notices and errors, each error once with its count."""

    def __init__(self) -> None:
        self._errors: dict[tuple[str, str, str], int] = {}
        self._remarked: Callable[[Node], object] = lambda _: None

    @abstractmethod
    def put(self, kind: str, **fields: Any) -> int:
        """Show a node and return its key."""

    @abstractmethod
    def update(self, key: int, **fields: object) -> None:
        """Change fields of a node."""

    @abstractmethod
    def _node(self, key: int) -> Node | None:
        """Return a node; None if it has been removed."""

    def notice(self, level: str, text: str, details: str | None = None) -> int:
        """Show a notice. The reader can expand ``details``."""
        fields: dict[str, Any] = {"level": level, "text": text}
        if details is not None:
            fields["details"] = details
        return self._remark(self.put("notice", **fields))

    def error(self, name: str, message: str, stack: str, code: str, count: int = 1) -> int | None:
        """Show an error; a repetition increments its count. Return the node, or None above the limit."""
        identity = (name, message, code)
        key = self._errors.get(identity)
        node = None if key is None else self._node(key)
        if node is not None:
            self.count_error(node.key, node.fields["count"] + count)
            return node.key
        new = key is None
        if new and len(self._errors) >= MOST_ERRORS:
            return None
        fields: dict[str, Any] = {"name": name, "message": message, "stack": stack, "code": code}
        self._errors[identity] = key = self._remark(self.put("error", **fields, count=count))
        if new and len(self._errors) == MOST_ERRORS:
            self.notice("info", NO_MORE_ERRORS)
        return key

    def on_remark(self, call: Callable[[Node], object]) -> None:
        """Call ``call`` with the node of each new error and notice, because the page is not visible."""
        self._remarked = call

    def _remark(self, key: int) -> int:
        node = self._node(key)
        if node is not None:
            self._remarked(node)
        return key

    def count_error(self, key: int, count: int) -> None:
        """Set the count of the error of node ``key``."""
        self.update(key, count=count)

    def forget_errors(self) -> None:
        """Forget which errors are shown."""
        self._errors.clear()

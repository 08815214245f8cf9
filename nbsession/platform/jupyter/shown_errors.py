"""The errors that a headless page shows: nobody looks at it, so they are said at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession.session.tree import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbsession.session.base import Session
    from nbsession.session.tree import Node


class ShownErrors:
    """Remembers what sessions showed that have ended since."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int], str] = {}

    def remarks(self, sessions: Iterable[Session]) -> list[str]:
        """Return a line for each error that these sessions show, or one showed before, in the order they were seen."""
        for session in sessions:
            with session.outputs.lock:
                for node in session.outputs.children(ROOT):
                    if node.kind == "error":
                        self._seen[session.number, node.key] = _tell(node)
        return list(self._seen.values())


def _tell(node: Node) -> str:
    fields = node.fields
    text = f"{fields['name']}: {fields['message']}"
    if fields["count"] > 1:
        text += f" ({fields['count']} times)"
    if fields["code"]:
        text += f", by the code: {fields['code']}"
    return "an error on the page: " + " ".join(text.split())

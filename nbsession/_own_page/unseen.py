"""What a page says that nobody looks at: the errors and notices of a headless page, for stderr or a log."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session
    from nbsession._core.tree import Node


class Unseen:
    """Remembers the errors and notices of sessions, also of those that have closed since. Any thread.

    Parameters
    ----------
    heard : callable, optional
        Called with each line when it is new, on the thread that learns of it.
    """

    def __init__(self, heard: Callable[[str], object] = lambda _: None) -> None:
        self._heard = heard
        self._lock = threading.Lock()
        self._said: list[Node | str] = []

    def watch(self, session: Session) -> None:
        """Remember what this session says from now on."""
        session.outputs.on_remark(self._take)

    def say(self, text: str) -> None:
        """Add a line that no session says."""
        with self._lock:
            self._said.append(text)
        self._heard(text)

    def remarks(self) -> list[str]:
        """Return a line for each error and notice, in the order in which they came."""
        with self._lock:
            said = list(self._said)
        return [each if isinstance(each, str) else _line(each) for each in said]

    def repeated(self) -> list[str]:
        """Return the lines of the errors that have occurred more than once."""
        with self._lock:
            said = list(self._said)
        return [_line(each) for each in said if not isinstance(each, str) and each.fields.get("count", 1) > 1]

    def _take(self, node: Node) -> None:
        with self._lock:
            self._said.append(node)
        self._heard(_line(node))


class OnStderr(Unseen):
    """Writes each on stderr when it comes, for a process that has no other place to say it."""

    def __init__(self) -> None:
        super().__init__(_write)

    def _take(self, node: Node) -> None:
        # An error without code is an exception of Python code, which has been logged with its traceback.
        if node.kind == "notice" or node.fields["code"]:
            super()._take(node)

    def end(self) -> None:
        """Write how often each error has occurred, if more than once."""
        for line in self.repeated():
            _write(line)


def _write(line: str) -> None:
    if sys.stderr is not None:  # pythonw has none
        sys.stderr.write(f"nbsession: {line}\n")
        sys.stderr.flush()


def _line(node: Node) -> str:
    fields = node.fields
    if node.kind == "notice":
        return f"on the page: {' '.join(str(fields['text']).split())}"
    text = f"{fields['name']}: {fields['message']}"
    if fields["count"] > 1:
        text += f" ({fields['count']} times)"
    if fields["code"]:
        text += f", by the code: {fields['code']}"
    return "an error on the page: " + " ".join(text.split())

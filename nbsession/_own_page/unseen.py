"""The errors and notices of an invisible, headless page, for stderr or a log."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session
    from nbsession._core.tree import Node


class Unseen:
    """Stores the errors and notices of sessions, including closed ones. May be used from any thread.

    Parameters
    ----------
    heard : callable, optional
        Called with each new line, on the thread that receives it.
    """

    def __init__(self, heard: Callable[[str], object] = lambda _: None) -> None:
        self._heard = heard
        self._lock = threading.Lock()
        self._said: list[Node | str] = []

    def watch(self, session: Session) -> None:
        """Store errors and notices of this session from now on."""
        session.outputs.on_remark(self._take)

    def say(self, text: str) -> None:
        """Add a line that belongs to no session."""
        with self._lock:
            self._said.append(text)
        self._heard(text)

    def remarks(self) -> list[str]:
        """Return a line for each error and notice, in the order of their arrival."""
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
    """Writes each line to stderr when it arrives, for a process without another place for it."""

    def __init__(self) -> None:
        super().__init__(_write)

    def _take(self, node: Node) -> None:
        # An error without code is an exception of Python code, which is already logged with its traceback.
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
        text += f", in the code: {fields['code']}"
    return "an error on the page: " + " ".join(text.split())

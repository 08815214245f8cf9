"""The threads of a server that has one for each request, and how many of them may wait."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Threads:
    """Lets polls be held on half of a server's threads at most: the other half answers.

    Parameters
    ----------
    count : int, optional
        How many the server has. Without it, as many as have been seen at work at once: it has no fewer.
    """

    def __init__(self, count: int | None = None) -> None:
        if count is not None and count < 1:
            msg = f"threads must be 1 or more, not {count!r}"
            raise ValueError(msg)
        self._count = count
        self._lock = threading.Lock()
        self._busy = 0
        self._seen = 2  # a server with a single one keeps no sessions
        self._held = 0
        self._late = 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """One of them answers a request."""
        with self._lock:
            self._busy += 1
            self._seen = max(self._seen, self._busy)
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1

    @contextmanager
    def be_late(self) -> Iterator[bool]:
        """One of them waits until a page's turn comes; False if an eighth of them does, and this one may not."""
        with self._lock:
            may = self._late < max(1, (self._count or self._seen) // 8)
            self._late += may
        try:
            yield may
        finally:
            with self._lock:
                self._late -= may

    @contextmanager
    def hold(self) -> Iterator[bool]:
        """One of them waits; False if too many do, and this one may not."""
        with self._lock:
            held = self._held < (self._count or self._seen) // 2
            self._held += held
        try:
            yield held
        finally:
            with self._lock:
                self._held -= held

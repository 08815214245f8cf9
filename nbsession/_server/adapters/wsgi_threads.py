"""The threads of a WSGI server, and the number of them that may wait."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Threads:
    """Limits the threads that hold polls to half of a server's threads, so that the other half can answer requests.

    Parameters
    ----------
    count : int, optional
        The number of threads. By default, the largest number of threads seen working at the same time.
    """

    def __init__(self, count: int | None = None) -> None:
        if count is not None and count < 1:
            msg = f"threads must be 1 or more, not {count!r}"
            raise ValueError(msg)
        self._count = count
        self._lock = threading.Lock()
        self._busy = 0
        self._seen = 2  # a server with a single thread cannot keep sessions
        self._held = 0
        self._late = 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count a thread that answers a request."""
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
        """Count a thread that waits for a page's turn. Yields False if an eighth of the threads already do."""
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
        """Count a thread that holds a poll. Yields False if too many threads already do."""
        with self._lock:
            held = self._held < (self._count or self._seen) // 2
            self._held += held
        try:
            yield held
        finally:
            with self._lock:
                self._held -= held

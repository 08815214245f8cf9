"""The ``idle`` statuses that the kernel would have published for the messages that the interceptor took.

A front end keeps a future for each message that it sends until its ``idle`` arrives. Publishing them one by one would
cost 50 ms per round trip (small frames, Nagle's algorithm, delayed acknowledgements). So they are collected, and
published

- when a cell ends,
- when many are collected (during a cell, ``busy`` is published again after them),
- when no cell runs and no message has arrived for a while.

They also reset the server's message count, above which it drops what the kernel publishes.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

from .iopub import Publisher

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nbsession._sync.timer_thread import TimerThread

# If the timer thread publishes statuses shortly before a cell starts, they may arrive after the cell's own ``busy``.
# Statuses that the main thread publishes at the end of a cell cannot.
_JUST_NOW = 0.1


class IdleStatuses:
    """Collects and publishes ``idle`` statuses.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The kernel that publishes them.
    alarm : TimerThread
        The thread that publishes them: the main thread may be busy in a cell, and the interceptor's must stay
        responsive.
    quiet : float
        Seconds without a message after which they are published if no cell runs.
    most : int
        The maximum number of collected statuses.
    reset_every : int
        The number of messages that need no ``idle`` after which one is published nevertheless.
    """

    def __init__(
        self, kernel: Any, alarm: TimerThread, *, quiet: float = 0.5, most: int = 500, reset_every: int = 250
    ) -> None:
        self._reset_every = reset_every
        self._reset_due = False
        self._noted = 0
        self._publisher = Publisher(kernel)
        self._quiet = quiet
        self._most = most
        # Held during a publication and the ``busy`` after it, and at the start and end of a cell, so that these do not
        # overlap.
        self._guard = InterruptSafeLock()
        self._owed: deque[bytes] = deque()
        self._cell: bytes | None = None
        self._last = 0.0
        self._paid = 0.0
        self._handle = alarm.handle(self._due)

    def defer(self, header: bytes) -> None:
        """Add the packed header of a message that was taken. Can be called on any thread; fast."""
        self._owed.append(header)
        self._last = now = monotonic()
        if len(self._owed) >= self._most:
            self._handle.at(now)
        elif self._cell is None:
            self._handle.at(now + self._quiet)

    def put_off(self, header: bytes) -> None:
        """Add the packed header of a message whose ``idle`` may wait for the next publication."""
        self._owed.append(header)

    def note(self, header: bytes) -> None:
        """Count a message whose sender needs no ``idle``.

        One of many gets it nevertheless, to reset the server's count.
        """
        self._noted += 1
        if self._noted >= self._reset_every:
            self._noted = 0
            self._owed.append(header)
            self._reset_due = True
            self._handle.at(monotonic())

    def begin(self, parent: Mapping[str, Any]) -> None:
        """Handle the start of a cell (or the import of nbsession in one).

        Parameters
        ----------
        parent : mapping
            The ``execute_request`` that runs it.
        """
        with self._guard:
            self._cell = self._publisher.pack_header(parent)
            if monotonic() - self._paid < _JUST_NOW:
                self._publisher.statuses("busy", [self._cell])

    def end(self) -> None:
        """Handle the end of a cell, before the kernel publishes its ``idle``: publish all statuses."""
        with self._guard:
            self._cell = None
            self._pay()

    def flush(self) -> None:
        """Publish all statuses, and ``busy`` again if a cell runs. Can be called on any thread."""
        with self._guard:
            self._pay()

    def begin_message(self, header: bytes) -> None:
        """Publish the ``busy`` of a message that is handled while a cell runs. Can be called on any thread."""
        with self._guard:
            self._publisher.statuses("busy", [header])

    def pay_now(self, header: bytes) -> None:
        """Publish the ``idle`` of a message that was answered, and all others. Can be called on any thread."""
        with self._guard:
            self._owed.append(header)
            self._pay()

    def close(self) -> None:
        """Publish all statuses, and stop the timer."""
        self.flush()
        self._handle.close()

    def _due(self, now: float) -> float | None:
        with self._guard:
            if self._reset_due or len(self._owed) >= self._most:
                self._reset_due = False
                self._pay()
                self._paid = monotonic()
            if self._cell is not None or not self._owed:
                return None
            if now - self._last < self._quiet:
                return self._last + self._quiet
            self._pay()
            self._paid = monotonic()
            return None

    def _pay(self) -> None:
        if not self._owed:
            return
        self._publisher.statuses("idle", self._take())
        if self._cell is not None:
            self._publisher.statuses("busy", [self._cell])

    def _take(self) -> Iterator[bytes]:
        for _ in range(len(self._owed)):
            yield self._owed.popleft()

"""The ``idle`` statuses that the kernel would have published for the messages that the interceptor took.

A front end keeps a future for each message it sends until its ``idle`` comes. Published one by one they cost 50 ms a
round trip (small frames, Nagle's algorithm, delayed acknowledgements); so they are owed, and paid

- when a cell ends,
- in a cell, and without one, when many are owed: in a cell the front ends then hear ``busy`` again,
- when no cell runs and no message has come for a while.

They also reset the server's count of messages, above which it drops what the kernel publishes.
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

# A payment of the alarm's thread that ends shortly before a cell begins may have been published after the cell's own
# ``busy``; one of the main thread, at the end of a cell, cannot.
_JUST_NOW = 0.1


class IdleStatuses:
    """Owes, and pays.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The kernel that publishes them.
    alarm : TimerThread
        Pays from its thread, since the main one may be busy in a cell and the interceptor's has better to do.
    quiet : float
        Seconds without a message after which to pay when no cell runs.
    most : int
        How many may be owed.
    reset_every : int
        After how many messages that need no ``idle`` one is published all the same.
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
        # The guard keeps a payment and the ``busy`` after it together, and both out of the beginning and end of a cell.
        self._guard = InterruptSafeLock()
        self._owed: deque[bytes] = deque()
        self._cell: bytes | None = None
        self._last = 0.0
        self._paid = 0.0
        self._handle = alarm.handle(self._due)

    def defer(self, header: bytes) -> None:
        """Note the packed header of a message that was taken. Any thread; quick."""
        self._owed.append(header)
        self._last = now = monotonic()
        if len(self._owed) >= self._most:
            self._handle.at(now)
        elif self._cell is None:
            self._handle.at(now + self._quiet)

    def put_off(self, header: bytes) -> None:
        """Note the packed header of a message that was taken, and whose ``idle`` may wait for the next payment."""
        self._owed.append(header)

    def note(self, header: bytes) -> None:
        """Note a message whose sender waits for no ``idle``: one of many is paid, to reset the server's count."""
        self._noted += 1
        if self._noted >= self._reset_every:
            self._noted = 0
            self._owed.append(header)
            self._reset_due = True
            self._handle.at(monotonic())

    def begin(self, parent: Mapping[str, Any]) -> None:
        """A cell begins (or nbsession is imported in one).

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
        """The cell has ended; the kernel has yet to publish its ``idle``. Pays all."""
        with self._guard:
            self._cell = None
            self._pay()

    def flush(self) -> None:
        """Publish what is owed, and ``busy`` again if a cell runs. Any thread."""
        with self._guard:
            self._pay()

    def pay_now(self, header: bytes) -> None:
        """Publish the ``idle`` of a message that was answered, and what else is owed. Any thread."""
        with self._guard:
            self._owed.append(header)
            self._pay()

    def close(self) -> None:
        """Pay, and arm no alarm any more."""
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

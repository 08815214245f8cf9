"""What a thread blocks on until another one wakes it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds that the main thread sleeps at a stretch. A signal that comes after Python's last look and before the system
# call, or in another thread, does not end the call (on Windows none does): it is heard at the next look.
STRETCH = 0.1


class Waiter:
    """A one-shot wake-up: once released it stays released.

    Cheaper than ``threading.Event`` (one lock, no condition), which matters: there is one for each blocking call.

    Attributes
    ----------
    released : bool
        Whether somebody has released it.
    wake : callable or None
        Called after the release. Set by a wait that cannot block on the lock alone.
    """

    __slots__ = ("_lock", "released", "wake")

    def __init__(self) -> None:
        self.released = False
        self.wake: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._lock.acquire()

    def release(self) -> None:
        """Wake whoever waits, now and later. Any thread, any number of times."""
        if self.released:
            return
        self.released = True
        self._open()
        wake = self.wake
        if wake is not None:
            wake()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until released. Any thread; the main thread hears signals meanwhile.

        Parameters
        ----------
        timeout : float, optional
            Seconds; None waits for ever.

        Returns
        -------
        bool
            Whether it was released.
        """
        left = threading.TIMEOUT_MAX if timeout is None else min(max(timeout, 0.0), threading.TIMEOUT_MAX)
        longest = STRETCH if threading.current_thread() is threading.main_thread() else left
        while not self.released:
            piece = min(left, longest)
            if self._lock.acquire(timeout=piece):
                self._open()  # for the next one who waits
            elif left <= piece:
                break
            left -= piece
        return self.released

    def _open(self) -> None:
        try:  # noqa: SIM105 -- this runs twice for every eval_js, and takes a quarter of the time so
            self._lock.release()
        except RuntimeError:  # two threads did it at once
            pass

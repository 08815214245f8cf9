"""What a thread blocks on, and what a coroutine awaits, until another thread wakes it."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import TYPE_CHECKING

from nbsession.exceptions import SessionException

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
        Called after the release. Set where a coroutine awaits it, and by a wait that cannot block on the lock alone.
    """

    __slots__ = ("_lock", "released", "wake")

    def __init__(self) -> None:
        self.released: bool = False
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


class FutureWake:
    """Wakes the event loop that awaits an answer, from whichever thread it arrives on.

    Raises
    ------
    SessionException
        If the calling coroutine runs on another library than asyncio.
    """

    __slots__ = ("_loop", "future")

    def __init__(self) -> None:
        if "trio" in sys.modules or "curio" in sys.modules:
            _check_library()
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[None] = self._loop.create_future()

    def __call__(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._wake)
        except RuntimeError:  # the loop has been closed: nobody awaits any more
            return

    def _wake(self) -> None:
        if not self.future.done():
            self.future.set_result(None)


def _check_library() -> None:
    """Refuse to await on trio and curio, which find a future of asyncio's in our depths and do not know it.

    An asyncio loop may be running all the same: a kernel's own, below the cell that ``%autoawait trio`` runs.
    """
    sniffio = sys.modules.get("sniffio")
    if sniffio is None:
        return
    try:
        library = sniffio.current_async_library()
    except sniffio.AsyncLibraryNotFoundError:
        return
    if library != "asyncio":
        msg = (
            f"this coroutine runs on {library}, and nbsession can be awaited on asyncio only. What blocks works: "
            "eval_js(..., wait_=True), download(...).wait(). %autoawait asyncio has cells run on asyncio again"
        )
        raise SessionException(msg)

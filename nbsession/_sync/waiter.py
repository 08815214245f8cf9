"""The objects on which a thread blocks, or which a coroutine awaits, until another thread wakes it."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import TYPE_CHECKING, ClassVar

from nbsession.exceptions import SessionException

if TYPE_CHECKING:
    from collections.abc import Callable

# Maximum seconds of one sleep of the main thread. A signal does not end the sleep if it arrives between Python's last
# check and the system call, or in another thread (on Windows, no signal does). It is handled after the sleep.
STRETCH = 0.1


class Waiter:
    """A one-shot wake-up: once released, it stays released.

    Cheaper than ``threading.Event`` (one lock, no condition), which matters because each blocking call creates one.

    Attributes
    ----------
    released : bool
        Whether it has been released.
    wake : callable or None
        Called after the release. Set if a coroutine awaits it, and by waits that cannot block on the lock alone.
    runs_callbacks : bool
        Whether callbacks of widgets run during the wait even if a callback of a widget waits.
    """

    __slots__ = ("_lock", "released", "wake")

    runs_callbacks: ClassVar[bool] = False

    def __init__(self) -> None:
        self.released: bool = False
        self.wake: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._lock.acquire()

    def release(self) -> None:
        """Wake current and future waits. Can be called on any thread, and repeatedly."""
        if self.released:
            return
        self.released = True
        self._open()
        wake = self.wake
        if wake is not None:
            wake()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until released. Can be called on any thread; the main thread handles signals in the meantime.

        Parameters
        ----------
        timeout : float, optional
            The maximum seconds; None for no limit.

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
                self._open()  # for the next waiting thread
            elif left <= piece:
                break
            left -= piece
        return self.released

    def _open(self) -> None:
        try:  # noqa: SIM105 -- runs twice for every eval_js, and takes a quarter of the time like this
            self._lock.release()
        except RuntimeError:  # two threads released it at once
            pass


class FutureWake:
    """Wakes the event loop that awaits an answer, from the thread that receives the answer.

    Raises
    ------
    SessionException
        If the calling coroutine does not run on asyncio.
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
        except RuntimeError:  # the loop is closed: no coroutine waits any more
            return

    def _wake(self) -> None:
        if not self.future.done():
            self.future.set_result(None)


def _check_library() -> None:
    """Raise an exception on trio and curio, which would fail at an asyncio future inside this package.

    An asyncio loop may be running nevertheless: the kernel's own, below a cell that ``%autoawait trio`` runs.
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
            f"this coroutine runs on {library}, and nbsession can be awaited on asyncio only. Blocking calls work: "
            "eval_js(..., wait_=True), download(...).wait(). %autoawait asyncio makes cells run on asyncio again"
        )
        raise SessionException(msg)

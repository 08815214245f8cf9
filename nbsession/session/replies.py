"""Answers that are still to come: what a blocking call or an awaiting coroutine waits on."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, Protocol

from nbsession.exceptions import SessionException

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession.exceptions import JSError


class Waiter(Protocol):
    """What a thread blocks on, by ``Platform.wait``."""

    def release(self) -> None:
        """Wake the waiting thread; from any thread, more than once is harmless."""
        ...


class Reply:
    """One answer. Settled once; what comes later is ignored.

    Settled on the thread that receives, read by the one that waits: the fields are written before the wake-up.
    """

    __slots__ = ("_error", "_js_error", "_settled", "_value", "_wake", "blocking")

    def __init__(self, wake: Callable[[], None], *, blocking: bool) -> None:
        self._wake = wake
        self.blocking = blocking
        self._settled = False
        self._value: object = None
        self._error: BaseException | None = None
        self._js_error: JSError | None = None

    @property
    def settled(self) -> bool:
        return self._settled

    def settle(
        self, value: object = None, *, error: BaseException | None = None, js_error: JSError | None = None
    ) -> None:
        if self._settled:
            return
        self._value = value
        self._error = error
        self._js_error = js_error
        self._settled = True
        self._wake()

    def take(self) -> tuple[Any, JSError | None]:
        """Return the value and the JavaScript error, or raise what ended the wait."""
        if self._error is not None:
            raise self._error
        return self._value, self._js_error


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

"""Answers that are still to come: what a blocking call or an awaiting coroutine waits on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

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
    """Wakes the event loop that awaits an answer, from whichever thread it arrives on."""

    __slots__ = ("_loop", "future")

    def __init__(self) -> None:
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

"""A call that waits for the page: its result and its time limit."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from nbsession._sync.interrupt_safe_lock import MAIN
from nbsession._sync.waiter import FutureWake, Waiter
from nbsession.exceptions import FrontendNotFoundException, JSTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


class _Delivery(Protocol):
    """The part of a session that sends."""

    @property
    def unattached(self) -> bool:
        """Whether the session waits for a page."""
        ...


class WaitingSession(Protocol):
    """The parts of a session that a call uses."""

    @property
    def delivery(self) -> _Delivery:
        """Its part that sends."""
        ...

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        """Block the calling thread; see `Platform.wait`."""
        ...

    def attach_timeout(self, *, awaited: bool) -> float:
        """Return the seconds that a call may wait for the first page."""
        ...

    def no_frontend(self, *, awaited: bool) -> str | None:
        """Return the error message for a page that has not attached; None to continue waiting."""
        ...


class Call(Waiter):
    """A call that waits for the page: a thread blocks in `result`, or a coroutine awaits it. It is settled once.

    The receiving thread settles it, and the waiting thread reads it: fields are written before the wake-up.

    Parameters
    ----------
    session : Session
        The session that waits for its page.
    awaited : bool
        Whether a coroutine awaits the call, on the running loop.

    Raises
    ------
    SessionException
        If the coroutine does not run on asyncio.
    """

    __slots__ = ("_error", "_future", "_session", "_value", "awaited")

    def __init__(self, session: WaitingSession, *, awaited: bool = False) -> None:
        super().__init__()
        self._session = session
        self._value: object = None
        self._error: BaseException | None = None
        self.awaited: bool = awaited
        if awaited:
            self._future = FutureWake()
            self.wake: Callable[[], None] | None = self._future

    def settle(self, value: object = None, error: BaseException | None = None) -> None:
        """Settle the call with a value or an exception. Later results are ignored."""
        if self.released:
            return
        self._value = value
        self._error = error
        self.release()

    def result(self, timeout: float | None = None) -> Any:
        """Block the calling thread until the call is settled. Return the value, or raise the exception.

        Raises
        ------
        JSTimeoutError
            If it took more than ``timeout`` seconds.
        FrontendNotFoundException
            If no page attached within the platform's time limit.
        """
        session = self._session
        deadline = None if timeout is None else monotonic() + timeout
        while not session.wait(self, self._patience(deadline)):
            self._give_up(timeout, deadline)
        if self._error is not None:
            raise self._error
        return self._value

    def __await__(self) -> Generator[Any, None, Any]:
        return self.within(None).__await__()

    async def within(self, timeout: float | None) -> Any:
        """Await the call.

        Raises the same exceptions as `result`, and KeyboardInterrupt if Stop cancels an async cell.
        """
        deadline = None if timeout is None else monotonic() + timeout
        future = self._future.future
        try:
            while not self.released:
                patience = self._patience(deadline)
                if patience is None:
                    await future
                    continue
                await asyncio.wait([future], timeout=patience)
                if not self.released:
                    self._give_up(timeout, deadline)
        except asyncio.CancelledError:
            # Stop cancels an async cell's task. IPython catches a KeyboardInterrupt there; in any other task, it would
            # pass through the event loop and end the kernel.
            if MAIN.cancels is not None and MAIN.cancels is asyncio.current_task():
                raise KeyboardInterrupt from None
            raise
        if self._error is not None:
            raise self._error
        return self._value

    def _patience(self, deadline: float | None) -> float | None:
        """Return the seconds after which `_give_up` must be called; None for no limit."""
        session = self._session
        limits = [] if deadline is None else [deadline - monotonic()]
        if session.delivery.unattached:
            limits.append(session.attach_timeout(awaited=self.awaited))
        return max(0.0, min(limits)) if limits else None

    def _give_up(self, timeout: float | None, deadline: float | None) -> None:
        """Raise an exception if the wait must end now."""
        session = self._session
        late = deadline is not None and monotonic() >= deadline
        if session.delivery.unattached and not late:
            reason = session.no_frontend(awaited=self.awaited)
            if reason is not None:
                raise FrontendNotFoundException(reason)
        if late:
            state = (
                "no page has attached yet"
                if session.delivery.unattached
                else "the page has not answered this call yet"
            )
            msg = f"no answer within {timeout} s: {state}"
            raise JSTimeoutError(msg)

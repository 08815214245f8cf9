"""Events of the reader that code waits for, such as the submission of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

from .call import Call, WaitingSession

if TYPE_CHECKING:
    from collections.abc import Hashable

    Event = tuple[Hashable, Any]


class _Session(WaitingSession, Protocol):
    """The parts of a session that are used here."""

    def expect(self, call: Call) -> None:
        """Settle a call when the session ends or the reader interrupts the code."""
        ...

    def stop_expecting(self, call: Call) -> None:
        """Forget a call."""
        ...

    def check_open(self) -> None:
        """Raise SessionClosedException if it has been closed."""
        ...


class ReaderEvents:
    """Events in the order of their first arrival. An event that has not been taken is replaced by the next of its kind.

    So a page that sends events in a flood fills no memory. The receiving thread puts events; one thread or coroutine
    takes them.

    Parameters
    ----------
    session : Session
        The session whose reader is awaited.
    """

    def __init__(self, session: _Session) -> None:
        self._session = session
        self._lock = InterruptSafeLock()
        self._events: dict[Hashable, Any] = {}
        self._call: Call | None = None

    def put(self, kind: Hashable, value: object = None) -> None:
        """Add an event, and wake the code that waits."""
        with self._lock:
            self._events[kind] = value
            call, self._call = self._call, None
        if call is not None:
            call.settle()

    def take(self, timeout: float | None = None) -> Event:
        """Block the calling thread until there is an event, and remove it.

        Raises
        ------
        JSTimeoutError
            If there was none within ``timeout`` seconds.
        SessionException
            If the session has ended, or no page has attached in time.
        """
        while True:
            found = self._next(awaited=False)
            if not isinstance(found, Call):
                return found
            try:
                self._session.check_open()
                found.result(timeout)
            finally:
                self._session.stop_expecting(found)

    async def taken(self, timeout: float | None = None) -> Event:
        """Await an event, and remove it; see `take`."""
        while True:
            found = self._next(awaited=True)
            if not isinstance(found, Call):
                return found
            try:
                self._session.check_open()
                await found.within(timeout)
            finally:
                self._session.stop_expecting(found)

    def _next(self, *, awaited: bool) -> Event | Call:
        with self._lock:
            if self._events:
                kind = next(iter(self._events))
                return kind, self._events.pop(kind)
            call = self._call = Call(self._session, awaited=awaited)
        self._session.expect(call)
        return call

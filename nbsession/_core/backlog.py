"""The backlog: data that waits in Python for the page, its limit, and waiting for it to drain."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from nbsession._sync.waiter import FutureWake, Waiter
from nbsession.exceptions import BacklogFullError

from .calling_code import inside_event_loop
from .state import SessionState

if TYPE_CHECKING:
    from collections.abc import Callable

# Above this number of waiting bytes, callers must wait or get an error.
BACKLOG_LIMIT = 64 * 1024 * 1024


class _Page(Protocol):
    """The part of a page that is used here."""

    def on_drained(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when queued messages have been sent."""
        ...


class _Session(Protocol):
    """The parts of a session that are used here."""

    @property
    def alone(self) -> bool:
        """Whether no page can be expected."""
        ...

    def check_open(self) -> None:
        """Raise SessionClosedException if it has been closed."""
        ...

    def request_page(self) -> None:
        """Find or await a page."""
        ...

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        """Block the calling thread; see `Platform.wait`."""
        ...


class _Delivery(Protocol):
    """The part of a session that sends."""

    @property
    def page_and_state(self) -> tuple[_Page | None, SessionState]:
        """The session's page and its state at one moment."""
        ...

    def backlog(self) -> int:
        """Return the number of bytes that wait in Python."""
        ...

    def drop_backlog(self, limit: int) -> None:
        """Drop the oldest commands, down to ``limit`` bytes."""
        ...

    def on_attach(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when a page attaches or the session is closed."""
        ...


def admit(session: _Session, delivery: _Delivery) -> None:
    """Wait while more than ``BACKLOG_LIMIT`` bytes wait for the page.

    If no page can be expected, this does not wait: the oldest commands are dropped and counted.

    Raises
    ------
    BacklogFullError
        If waiting is not possible: on an event loop, or without a page.
    SessionClosedException
        If the session has ended in the meantime.
    """
    while delivery.backlog() > BACKLOG_LIMIT:
        session.check_open()
        page, state = delivery.page_and_state
        moving = state is SessionState.MOVING
        if page is None and not moving and session.alone:
            delivery.drop_backlog(BACKLOG_LIMIT)
            return
        if (page is None and not moving) or inside_event_loop(sys._getframe(2)):
            msg = (
                f"{delivery.backlog():,} bytes already wait for the page (the limit is {BACKLOG_LIMIT:,}); "
                + (
                    "no page has attached yet"
                    if page is None
                    else "await session.drain() before sending more"
                )
            )
            raise BacklogFullError(msg)
        waiter = Waiter()
        if page is None:
            delivery.on_attach(waiter.release)
        else:
            page.on_drained(waiter.release)
        if delivery.backlog() > BACKLOG_LIMIT:
            session.wait(waiter, None)


async def wait_until_sent(session: _Session, delivery: _Delivery) -> None:
    """Wait until none of the session's commands wait in Python.

    Raises
    ------
    SessionClosedException
        If the session ends in the meantime.
    """
    while delivery.backlog():
        wake = FutureWake()
        page, _ = delivery.page_and_state
        if page is None:
            delivery.on_attach(wake)
            session.request_page()
        else:
            page.on_drained(wake)
        if delivery.backlog():
            await wake.future
        session.check_open()

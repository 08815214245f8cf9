"""The backlog: data that waits in Python for the page, its limit, and waiting for it to drain."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nbsession._sync.waiter import FutureWake, Waiter
from nbsession.exceptions import BacklogFullError

from .current import inside_event_loop
from .page import BACKLOG_LIMIT
from .state import SessionState

if TYPE_CHECKING:
    from .session import Session


def admit(session: Session) -> None:
    """Wait while more than ``BACKLOG_LIMIT`` bytes wait for the page.

    If no page can be expected, this does not wait: the oldest commands are dropped and counted.

    Raises
    ------
    BacklogFullError
        If waiting is not possible: on an event loop, or without a page.
    SessionClosedException
        If the session has ended in the meantime.
    """
    while session.backlog() > BACKLOG_LIMIT:
        session.check_open()
        page, state = session.page_and_state()
        moving = state is SessionState.MOVING
        if page is None and not moving and session.platform.alone(session):
            session.drop_backlog(BACKLOG_LIMIT)
            return
        if (page is None and not moving) or inside_event_loop(sys._getframe(2)):
            msg = (
                f"{session.backlog():,} bytes already wait for the page (the limit is {BACKLOG_LIMIT:,}); "
                + (
                    "no page has attached yet"
                    if page is None
                    else "await session.drain() before sending more"
                )
            )
            raise BacklogFullError(msg)
        waiter = Waiter()
        if page is None:
            session.on_attach(waiter.release)
        else:
            page.on_drained(waiter.release)
        if session.backlog() > BACKLOG_LIMIT:
            session.platform.wait(waiter, None)


async def wait_until_sent(session: Session) -> None:
    """Wait until none of the session's commands wait in Python.

    Raises
    ------
    SessionClosedException
        If the session ends in the meantime.
    """
    while session.backlog():
        wake = FutureWake()
        page = session.page
        if page is None:
            session.on_attach(wake)
            session.platform.attach(session)
        else:
            page.on_drained(wake)
        if session.backlog():
            await wake.future
        session.check_open()

"""Files that a server's page has been offered and has not fetched: what they may keep, and waiting until it is less."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nbsession._core.backlog import BACKLOG_LIMIT
from nbsession._core.calling_code import inside_event_loop
from nbsession._sync.waiter import Waiter
from nbsession.exceptions import BacklogFullError

if TYPE_CHECKING:
    from nbsession._core.page import Page
    from nbsession._core.session import Session

# What each counts for besides its content, in bytes.
_OFFER = 64 * 1024


def admit_download(session: Session) -> None:
    """Wait while the files that a server's page has not fetched keep more than ``BACKLOG_LIMIT`` bytes.

    A page can have callbacks offer files without end. One that fetches none of them would keep them all.

    Raises
    ------
    BacklogFullError
        In an event loop, where waiting is not possible.
    SessionClosedException
        If the session has ended meanwhile.
    """
    if session.app is None:  # a script's page is its user's own
        return
    while (page := session.page) is not None and _kept(page) > BACKLOG_LIMIT:
        session.check_open()
        if inside_event_loop(sys._getframe(2)):
            msg = (
                f"files of {_kept(page):,} bytes wait for the page to fetch them (the limit is {BACKLOG_LIMIT:,}); "
                "await a download before you offer more"
            )
            raise BacklogFullError(msg)
        waiter = Waiter()
        page.on_drained(waiter.release)
        if _kept(page) > BACKLOG_LIMIT:
            session.platform.wait(waiter, None)
    session.check_open()


def _kept(page: Page) -> int:
    """Return how many bytes its unfetched files keep; one content counts once, however often it is offered."""
    offered = [held for channel in page.channels if (held := channel.held()) is not None]
    return len(offered) * _OFFER + sum(dict(offered).values())

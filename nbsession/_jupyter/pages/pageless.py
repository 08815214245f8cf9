"""Sessions whose page has gone while their code works. They stay open until the work is done, or a page returns."""

from __future__ import annotations

import logging
import threading
from time import monotonic
from typing import TYPE_CHECKING

from nbsession._core.session import sessions_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.page import Page
    from nbsession._core.session import Session
    from nbsession._sync.timer_thread import TimerThread

log = logging.getLogger("nbsession")

# Seconds between two checks whether the work has ended. A thread sends no notification when it ends.
_CHECK_EVERY = 1.0


class PagelessSessions:
    """The sessions of one kernel that work without a page. Can be used on any thread.

    Parameters
    ----------
    alarm : TimerThread
        The timer for the checks whether the work has ended.
    works : callable
        Returns whether work that belongs to a session is running.
    within : callable
        Returns the seconds after the end of the work in which a page may return.
    successor : callable
        ``successor(session, page)`` returns another page for the session of a page that has gone, if any.
    move : callable
        ``move(session, page)`` moves a session to a page.
    """

    def __init__(
        self,
        alarm: TimerThread,
        works: Callable[[Session], bool],
        within: Callable[[], float],
        successor: Callable[[Session, Page], Page | None],
        move: Callable[[Session, Page], None],
    ) -> None:
        self._works = works
        self._within = within
        self._successor = successor
        self._move = move
        self._lock = threading.Lock()
        self._kept: dict[Session, str] = {}  # the reasons of their end, once their work is done
        self._idle_since: dict[Session, float] = {}
        self._handle = alarm.handle(self._check)

    def __contains__(self, session: Session) -> bool:
        return session in self._kept

    def leave(self, page: Page, begun: int | None, reason: str) -> None:
        """Keep the sessions of a page that has gone if their code works.

        Parameters
        ----------
        page : Page
            The page.
        begun : int or None
            The number of the last frame that it has run; None if unknown.
        reason : str
            The reason of the sessions' end, unless a page returns.
        """
        for session in sessions_of(page):
            if session.page is not page or session.toasts or session.closed is not None:
                continue
            if not self._try_works(session):
                continue
            if session.delivery.depart("", lambda: None, gone=True, begun=begun) is None:
                continue
            with self._lock:
                self._kept[session] = reason
            self._handle.at(monotonic() + _CHECK_EVERY)
            successor = self._successor(session, page)  # a page that came in the meantime
            if successor is not None:
                self.forget(session)
                self._move(session, successor)

    def enter(self, page: Page) -> None:
        """Move all sessions to a page that has come."""
        with self._lock:
            sessions = list(self._kept)
            self._kept.clear()
            self._idle_since.clear()
        for session in sessions:
            self._move(session, page)

    def forget(self, session: Session) -> None:
        """Release a session: it has a page, or is closed."""
        with self._lock:
            self._kept.pop(session, None)
            self._idle_since.pop(session, None)

    def _check(self, now: float) -> float | None:
        with self._lock:
            open_ones = [session for session in self._kept if session.closed is None]
        for session in open_ones:
            works = self._try_works(session)
            with self._lock:
                reason = self._kept.get(session)
                if reason is None:  # it has a page
                    continue
                if works:
                    self._idle_since.pop(session, None)
                    continue
                if now - self._idle_since.setdefault(session, now) < self._within():
                    continue
                del self._kept[session], self._idle_since[session]
            session.close(reason, keep_outputs=False)
        return now + _CHECK_EVERY if open_ones else None

    def _try_works(self, session: Session) -> bool:
        try:
            return self._works(session)
        except Exception:
            log.exception("nbsession could not tell whether session %d works", session.number)
            return True

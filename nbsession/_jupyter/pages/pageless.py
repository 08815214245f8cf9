"""Sessions whose page has gone while their code works. They stay open until the work is done, or a page returns."""

from __future__ import annotations

import logging
import threading
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session
    from nbsession._sync.timer_thread import TimerThread

log = logging.getLogger("nbsession")

# Seconds between two looks at sessions that wait: the end of a thread notifies nobody.
_LOOK_EVERY = 1.0


class PagelessSessions:
    """The sessions of one kernel that work without a page. Can be used on any thread.

    Parameters
    ----------
    alarm : TimerThread
        The timer for looks at the sessions.
    works : callable
        Returns whether work that belongs to a session is running.
    within : float
        Seconds after the end of the work in which a page may return.
    """

    def __init__(self, alarm: TimerThread, works: Callable[[Session], bool], within: float) -> None:
        self._works = works
        self._within = within
        self._lock = threading.Lock()
        self._kept: dict[Session, str] = {}  # the reasons of their end, once their work is done
        self._idle_since: dict[Session, float] = {}
        self._handle = alarm.handle(self._look)

    def __contains__(self, session: Session) -> bool:
        return session in self._kept

    def works(self, session: Session) -> bool:
        """Return whether the session must be kept when its page goes."""
        return not session.toasts and session.closed is None and self._try_works(session)

    def keep(self, session: Session, reason: str) -> None:
        """Keep a session that has left its page. ``reason`` is that of its end, unless a page returns."""
        with self._lock:
            self._kept[session] = reason
        self._handle.at(monotonic() + _LOOK_EVERY)

    def forget(self, session: Session) -> None:
        """Release a session: it has a page, or is closed."""
        with self._lock:
            self._kept.pop(session, None)
            self._idle_since.pop(session, None)

    def release(self) -> list[Session]:
        """Release all sessions, for a page that is there now, and return them."""
        with self._lock:
            sessions = list(self._kept)
            self._kept.clear()
            self._idle_since.clear()
        return sessions

    def _look(self, now: float) -> float | None:
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
                if now - self._idle_since.setdefault(session, now) < self._within:
                    continue
                del self._kept[session], self._idle_since[session]
            session.close(reason, keep_outputs=False)
        return now + _LOOK_EVERY if open_ones else None

    def _try_works(self, session: Session) -> bool:
        try:
            return self._works(session)
        except Exception:
            log.exception("nbsession could not tell whether session %d works", session.number)
            return True

"""Sessions whose page has gone while their code works. They stay open until the work is done, or a page returns."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session
    from nbsession._sync.timer_thread import TimerThread

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
        return not session.toasts and session.closed is None and self._works(session)

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
            kept = dict(self._kept)
        for session, reason in kept.items():
            if self._works(session):
                self._idle_since.pop(session, None)
            elif now - self._idle_since.setdefault(session, now) >= self._within:
                self.forget(session)
                session.close(reason, keep_outputs=False)
        return now + _LOOK_EVERY if self._kept else None

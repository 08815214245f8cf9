"""The session that a call belongs to. Several sources are tried in order; the first match wins."""

from __future__ import annotations

import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from nbsession._sync import forked
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
from nbsession.exceptions import SessionNotFoundException

from .scope import scope_var

if TYPE_CHECKING:
    from collections.abc import Callable

    from .interfaces.platform_protocol import Platform
    from .session import Session


class Runtime:
    """The object that knows the process's platform and the registered threads."""

    def __init__(self) -> None:
        self._lock = InterruptSafeLock()
        self._choose: Callable[[], Platform | None] = lambda: None
        self._platform: Platform | None = None
        self._threads: weakref.WeakKeyDictionary[threading.Thread, Session] = weakref.WeakKeyDictionary()

    def register(self, choose: Callable[[], Platform | None]) -> None:
        """Let ``choose`` select the platform at first use."""
        self._choose = choose

    @property
    def platform(self) -> Platform | None:
        if self._platform is None:
            self._platform = self._choose()
        return self._platform

    def replace(self, platform: Platform | None) -> Platform | None:
        """Set another platform, for the duration of a test, and return the former one."""
        former, self._platform = self._platform, platform
        return former

    def register_thread(self, thread: threading.Thread, session: Session) -> None:
        with self._lock:
            for known in list(self._threads):
                if known.ident is not None and not known.is_alive():
                    self._threads.pop(known, None)
            self._threads[thread] = session
        if session.app is not None:
            session.app.register(thread)

    @property
    def registered_threads(self) -> list[threading.Thread]:
        """The registered threads, of which some may have ended."""
        return list(self._threads)

    def threads_of(self, session: Session) -> list[threading.Thread]:
        """Return the running threads that a session has registered."""
        with self._lock:
            owners = list(self._threads.items())
        return [thread for thread, owner in owners if owner is session and thread.is_alive()]

    def registered(self, thread: threading.Thread) -> Session | None:
        """Return the session that registered a thread."""
        return self._threads.get(thread)

    def current_session(self) -> Session:
        """Return the session of the calling code.

        Raises
        ------
        SessionNotFoundException
            If the calling code belongs to none.
        ForkedProcessError
            If it belongs to no session here, and this process was forked from one that has sessions. The function may
            also return a session of the parent, whose first use raises this exception.
        """
        scope = scope_var.get()
        if scope is not None:
            return scope.session
        session = self._threads.get(threading.current_thread())
        if session is not None:
            return session
        platform = self.platform
        place = None if platform is None else platform.scope()
        if place is None:
            if forked.any_lost():
                forked.refuse()
            msg = (
                f"this code in thread {threading.current_thread().name!r} belongs to no session: "
                "call register_thread(thread) for a thread, or wrap a function that a pool or a callback runs with "
                "session.bind(function)"
            )
            raise SessionNotFoundException(msg)
        return place.session


runtime = Runtime()


current_session: Callable[[], Session] = runtime.current_session


def note_failure(error: BaseException, session: Session) -> None:
    """Record the session whose bound function lets an exception through, unless another session is recorded."""
    if failed_in(error) is None:
        with suppress(AttributeError, TypeError):  # an exception that does not allow attributes
            error._nbsession_session = weakref.ref(session)  # type: ignore[attr-defined]


def failed_in(error: BaseException) -> Session | None:
    """Return the session whose bound function raised an exception."""
    noted = getattr(error, "_nbsession_session", None)
    return None if noted is None else noted()

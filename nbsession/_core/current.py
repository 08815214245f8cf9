"""The session that a call belongs to. Several sources are tried in order; the first match wins."""

from __future__ import annotations

import asyncio
import inspect
import threading
import weakref
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from nbsession._sync import forked
from nbsession.exceptions import SessionNotFoundException

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from .interfaces.platform_protocol import CodeScope, Platform
    from .session import Session

# The first source. Python copies it into tasks and asyncio.to_thread.
scope_var: ContextVar[CodeScope | None] = ContextVar("nbsession_scope", default=None)

# Whether a task of `run_async` runs or has started the code: the cell does not wait for it.
beside_var: ContextVar[bool] = ContextVar("nbsession_beside", default=False)

_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class SessionScope:
    """The scope of code that belongs to a session that is already open; see `CodeScope`."""

    def __init__(self, session: Session, task: asyncio.Task[Any] | None = None) -> None:
        self.session = session
        self.task = None if task is None else weakref.ref(task)

    def run_by(self, task: asyncio.Task[Any]) -> None:
        """Record the task that runs the code."""
        self.task = weakref.ref(task)

    @property
    def opened(self) -> Session:
        return self.session


class Runtime:
    """The object that knows the process's platform and the registered threads."""

    def __init__(self) -> None:
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
        for known in list(self._threads):
            if known.ident is not None and not known.is_alive():
                self._threads.pop(known, None)
        self._threads[thread] = session
        if session.app is not None:
            session.app.register(thread)

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


def called_from_coroutine(frame: FrameType | None) -> bool:
    """Return whether ``frame``, after skipping comprehensions, is that of a coroutine or an async generator.

    Comprehensions have separate frames before Python 3.12 (PEP 709), generator expressions always.
    """
    while frame is not None and frame.f_code.co_name in _COMPREHENSIONS:
        frame = frame.f_back
    return frame is not None and bool(frame.f_code.co_flags & _COROUTINE)


def inside_event_loop(frame: FrameType | None) -> bool:
    """Return whether code at ``frame`` runs on an event loop, in a coroutine or callback, so that it must not block.

    A cell's plain code does not count, although IPython runs cells in a coroutine.
    """
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("IPython."):
            return False
        if frame.f_code.co_flags & _COROUTINE:
            return True
        if module.startswith("asyncio."):
            return True
        frame = frame.f_back
    return False

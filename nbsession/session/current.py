"""The session that a call belongs to. Several sources are tried in order; the first match wins."""

from __future__ import annotations

import asyncio
import functools
import inspect
import sys
import threading
import weakref
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from nbsession.exceptions import SessionNotFoundException

from . import forked

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import FrameType

    from .base import Session
    from .platform import CodeScope, Platform

P = ParamSpec("P")
R = TypeVar("R")

# The first source. Python copies it into tasks and asyncio.to_thread.
scope_var: ContextVar[CodeScope | None] = ContextVar("nbsession_scope", default=None)

# Whether a task of `run_async` runs or has started the code: the cell does not wait for it.
beside_var: ContextVar[bool] = ContextVar("nbsession_beside", default=False)

_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
# They call coroutine functions and ignore the returned coroutines.
_AWAIT_NOTHING = ("ipywidgets.", "traitlets.")
_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class SessionScope:
    """The scope of code that belongs to a session that is already open; see `CodeScope`."""

    def __init__(self, session: Session, task: asyncio.Task[Any] | None = None) -> None:
        self.session = session
        self.task = None if task is None else weakref.ref(task)

    def run_by(self, task: asyncio.Task[Any]) -> None:
        """Know which task runs the code."""
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
        """Ask ``choose`` for the platform at first use."""
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


current_session = runtime.current_session


def register_thread(thread: threading.Thread) -> None:
    """Make nbsession's functions available in a thread, in the calling code's session.

    Call it before or after the start of the thread. A second call has no effect. Threads that have ended are removed.

    Parameters
    ----------
    thread : threading.Thread
        The thread.

    Raises
    ------
    TypeError
        If ``thread`` is not a thread.
    SessionNotFoundException
        If the calling code itself belongs to no session.

    Examples
    --------
    >>> import threading
    >>> from nbsession import register_thread, run_js
    >>> thread = threading.Thread(target=run_js, args=["console.log('hello')"])
    >>> register_thread(thread)  # doctest: +SKIP
    >>> thread.start()  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.session.register_thread``.
    """
    given: object = thread
    if not isinstance(given, threading.Thread):
        msg = f"register_thread() expects a threading.Thread, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    runtime.register_thread(thread, current_session())


def bind(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function`` bound to the calling code's session, for use in a pool, a callback or a timer.

    Parameters
    ----------
    function : callable
        A plain function or a coroutine function.

    Returns
    -------
    callable
        The same kind of function. In a callback of ipywidgets, a coroutine function runs as a task of the session.
        Exceptions of both kinds are shown in the session's output.

    Raises
    ------
    TypeError
        If ``function`` is not a function.
    SessionNotFoundException
        If the calling code itself belongs to no session.

    Examples
    --------
    >>> from threading import Timer
    >>> from nbsession import run_js, session
    >>> later = session.bind(lambda: run_js("document.title = 'a minute later'"))  # doctest: +SKIP
    >>> Timer(60, later).start()  # doctest: +SKIP
    """
    given: object = function
    if not callable(given):
        msg = f"bind() expects a function, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    session = current_session()
    forked.check(session)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        def bound_coroutine(*args: P.args, **kwargs: P.kwargs) -> object:
            __tracebackhide__ = True
            return _given(sys._getframe(1), session, function(*args, **kwargs))

        _mark_coroutine_function(bound_coroutine)
        return bound_coroutine  # type: ignore[return-value]

    @functools.wraps(function)
    def bound(*args: P.args, **kwargs: P.kwargs) -> R:
        __tracebackhide__ = True
        if _belongs_to(session):
            return function(*args, **kwargs)
        token = scope_var.set(SessionScope(session))
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            _note_failure(error, session)
            raise
        finally:
            scope_var.reset(token)
        if asyncio.iscoroutine(result):  # for example of a decorated `async def`
            return _given(sys._getframe(1), session, result)  # type: ignore[return-value]
        return result

    return bound


def _given(caller: FrameType, session: Session, coroutine: Coroutine[Any, Any, object]) -> object:
    """Return the result of a bound function that has created a coroutine: an awaitable, or a task of the session."""
    awaited = _awaited(session, coroutine)
    if str(caller.f_globals.get("__name__", "")).startswith(_AWAIT_NOTHING):
        return session.tasks.start(awaited)
    return awaited


async def _awaited(session: Session, coroutine: Coroutine[Any, Any, object]) -> object:
    __tracebackhide__ = True
    if _belongs_to(session):
        return await coroutine
    token = scope_var.set(SessionScope(session, asyncio.current_task()))
    try:
        return await coroutine
    finally:
        scope_var.reset(token)


def _mark_coroutine_function(function: Callable[..., object]) -> None:
    """Mark a function that returns a coroutine as a coroutine function."""
    if sys.version_info >= (3, 12):
        inspect.markcoroutinefunction(function)
    else:
        function._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined]


def _note_failure(error: BaseException, session: Session) -> None:
    if failed_in(error) is None:
        with suppress(AttributeError, TypeError):  # an exception that does not allow attributes
            error._nbsession_session = weakref.ref(session)  # type: ignore[attr-defined]


def failed_in(error: BaseException) -> Session | None:
    """Return the session whose bound function raised an exception."""
    noted = getattr(error, "_nbsession_session", None)
    return None if noted is None else noted()


def _belongs_to(session: Session) -> bool:
    """Return whether the calling code itself belongs to the session."""
    scope = scope_var.get()
    return scope is not None and scope.opened is session


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

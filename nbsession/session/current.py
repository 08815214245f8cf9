"""Which session does a call belong to? The table of the design's section 3; the first match wins."""

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

from nbsession._sync import forked
from nbsession.exceptions import SessionNotFoundException

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import FrameType

    from .base import Session
    from .platform import CodeScope, Platform

P = ParamSpec("P")
R = TypeVar("R")

# Row 1. Copied into tasks and asyncio.to_thread by Python itself.
scope_var: ContextVar[CodeScope | None] = ContextVar("nbsession_scope", default=None)

# Whether the code is a task's of `run_async`, or was started by one: the cell does not wait for it.
beside_var: ContextVar[bool] = ContextVar("nbsession_beside", default=False)

_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
# They call back coroutine functions and leave alone what these return.
_AWAIT_NOTHING = ("ipywidgets.", "traitlets.")
_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class SessionScope:
    """The scope of code that belongs to a session which is open already; see `CodeScope`."""

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
    """The one object that knows the process's platform and the registered threads."""

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
        """Have another platform, and return the former one: a test's, for as long as it runs."""
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
            If it belongs to none here, and this is a forked child of a process that has sessions. A session of the
            parent's may also be returned: its first use raises.
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
                f"no session belongs to this code in thread {threading.current_thread().name!r}: "
                "call register_thread(thread) for a thread, wrap a function that a pool or a callback runs with "
                "session.bind(function)"
            )
            raise SessionNotFoundException(msg)
        return place.session


runtime = Runtime()


current_session = runtime.current_session


def register_thread(thread: threading.Thread) -> None:
    """Make nbsession's functions available in a thread, on behalf of the calling code's session.

    Before or after the thread is started; twice is harmless; a thread that ends is forgotten.

    Parameters
    ----------
    thread : threading.Thread
        The thread.

    Raises
    ------
    TypeError
        If ``thread`` is no thread.
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
    The original's ``pywebio.session.register_thread``.
    """
    given: object = thread
    if not isinstance(given, threading.Thread):
        msg = f"register_thread() expects a threading.Thread, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    runtime.register_thread(thread, current_session())


def bind(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function`` bound to the calling code's session, wherever it is called: in a pool, a callback, a timer.

    Parameters
    ----------
    function : callable
        A plain function or a coroutine function.

    Returns
    -------
    callable
        The same kind of function. In a callback of ipywidgets a coroutine function runs as a task of the session, and
        what either kind raises is shown where the session is.

    Raises
    ------
    TypeError
        If ``function`` is no function.
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
        if asyncio.iscoroutine(result):  # of a decorated `async def`, say
            return _given(sys._getframe(1), session, result)  # type: ignore[return-value]
        return result

    return bound


def _given(caller: FrameType, session: Session, coroutine: Coroutine[Any, Any, object]) -> object:
    """Return what a bound function that has made a coroutine gives its caller: what is awaited, or a task of it."""
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
    """Have a function that returns a coroutine count as a coroutine function."""
    if sys.version_info >= (3, 12):
        inspect.markcoroutinefunction(function)
    else:
        function._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined]


def _note_failure(error: BaseException, session: Session) -> None:
    if failed_in(error) is None:
        with suppress(AttributeError, TypeError):  # an exception that takes no attributes
            error._nbsession_session = weakref.ref(session)  # type: ignore[attr-defined]


def failed_in(error: BaseException) -> Session | None:
    """Return the session whose bound function let an exception through."""
    noted = getattr(error, "_nbsession_session", None)
    return None if noted is None else noted()


def _belongs_to(session: Session) -> bool:
    """Say whether the calling code is the session's by itself."""
    scope = scope_var.get()
    return scope is not None and scope.opened is session


def called_from_coroutine(frame: FrameType | None) -> bool:
    """Say whether ``frame``, after skipping comprehensions, is a coroutine's or an async generator's.

    Comprehensions have frames of their own before Python 3.12 (PEP 709), generator expressions always.
    """
    while frame is not None and frame.f_code.co_name in _COMPREHENSIONS:
        frame = frame.f_back
    return frame is not None and bool(frame.f_code.co_flags & _COROUTINE)


def inside_event_loop(frame: FrameType | None) -> bool:
    """Say whether code at ``frame`` runs in a coroutine or a callback of an event loop, so that blocking would stop it.

    A cell's plain code does not count, although IPython runs cells from a coroutine of its own.
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

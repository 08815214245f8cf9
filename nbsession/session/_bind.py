"""``register_thread`` and ``bind``: a session's functions in your own threads, pools and callbacks."""

from __future__ import annotations

import asyncio
import functools
import inspect
import sys
import threading
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from nbsession._core.current import current_session, note_failure, runtime
from nbsession._core.scope import SessionScope, scope_var
from nbsession._sync import forked

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import FrameType

    from nbsession._core.session import Session

P = ParamSpec("P")
R = TypeVar("R")

# They call coroutine functions and ignore the returned coroutines.
_AWAIT_NOTHING = ("ipywidgets.", "traitlets.")


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
            note_failure(error, session)
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


def _belongs_to(session: Session) -> bool:
    """Return whether the calling code itself belongs to the session."""
    scope = scope_var.get()
    return scope is not None and scope.opened is session

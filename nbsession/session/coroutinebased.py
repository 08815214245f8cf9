"""``run_async`` and ``run_asyncio_coroutine``: the tasks that coroutines start."""

from __future__ import annotations

import asyncio
import inspect
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from nbsession._core.brief import BRIEF
from nbsession._core.current import current_session
from nbsession._sync import forked
from nbsession.exceptions import SessionException

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from nbsession._core.session import Session

T = TypeVar("T")


class TaskHandler:
    """A handle for a task that ``run_async`` started.

    Parameters
    ----------
    close : callable
        Closes the task.
    closed : callable
        Returns whether it has ended.

    Notes
    -----
    Corresponds to ``pywebio.session.coroutinebased.TaskHandler``.
    """

    def __init__(self, close: Callable[[], object], closed: Callable[[], bool]) -> None:
        self._close = close
        self._closed = closed

    def __repr__(self) -> str:
        return f"<TaskHandler {'closed' if self._closed() else 'running'}>"

    def close(self) -> None:
        """Cancel the task: it gets ``asyncio.CancelledError`` where it waits. May be called from any thread."""
        self._close()

    def closed(self) -> bool:
        """Return whether the task has ended or has been closed."""
        return self._closed()


def run_async(coro_obj: Coroutine[Any, Any, Any]) -> TaskHandler:
    """Run a coroutine concurrently with the calling code, in the same session.

    Works in a coroutine app, in a cell, in a button's callback, and in any code that runs on an event loop. An
    exception of the coroutine is shown in the session's output. The coroutine is cancelled when the session closes. In
    a cell without ``await``, it starts when the cell's code has ended. In a callback that is not a coroutine, it starts
    when the callback has returned.

    Parameters
    ----------
    coro_obj : coroutine
        The return value of an ``async def`` function.

    Returns
    -------
    TaskHandler
        ``close()`` cancels it, ``closed()`` returns whether it has ended.

    Raises
    ------
    TypeError
        If ``coro_obj`` is not a coroutine object.
    SessionException
        If the calling thread has no event loop, as in a function app.

    Examples
    --------
    >>> import asyncio
    >>> from nbsession import run_async, run_js
    >>> async def tick():
    ...     while True:
    ...         run_js("document.title = new Date().toLocaleTimeString()")
    ...         await asyncio.sleep(1)
    >>> clock = run_async(tick())  # doctest: +SKIP
    >>> clock.close()  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.session.run_async``.
    """
    __tracebackhide__ = True
    with BRIEF:
        if not inspect.iscoroutine(coro_obj):
            given: object = coro_obj
            hint = "; call the function first" if inspect.iscoroutinefunction(given) else ""
            msg = f"run_async() expects a coroutine object, not {type(given).__name__}: {given!r:.80}{hint}"
            raise TypeError(msg)
        try:
            session = current_session()
            session.check_open()
            loop = _loop_for(session)
        except BaseException:
            coro_obj.close()  # otherwise Python would also warn that it was never awaited
            raise
        if loop is session.loop and _running_loop() is not loop:
            return _start_elsewhere(session, loop, coro_obj)
        return _handle(session, session.tasks.start(coro_obj, loop))


def _start_elsewhere(
    session: Session, loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any]
) -> TaskHandler:
    """Start a task on the app's loop, from another thread of the app."""

    async def start() -> asyncio.Task[Any]:
        return session.tasks.start(coroutine)

    return _handle(session, asyncio.run_coroutine_threadsafe(start(), loop).result())


def _handle(session: Session, task: asyncio.Task[Any]) -> TaskHandler:
    closing = threading.Event()

    def close() -> None:
        forked.check(session)
        closing.set()
        if _running_loop() is task.get_loop():
            task.cancel()
        elif not task.done():
            task.get_loop().call_soon_threadsafe(task.cancel)

    return TaskHandler(close, lambda: closing.is_set() or task.done())


def _loop_for(session: Session) -> asyncio.AbstractEventLoop:
    loop = _running_loop() or session.callbacks.own_loop or session.loop
    if loop is None:
        msg = (
            "run_async() needs an event loop: call it in an async def app, in a cell, in a button's callback, or in a "
            "coroutine; a function app starts threading.Thread(...) and register_thread(thread) instead"
        )
        raise SessionException(msg)
    return loop


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


async def run_asyncio_coroutine(coro_obj: Awaitable[T]) -> T:
    """Await an asyncio coroutine in a coroutine app, on any server.

    Coroutine apps and async cells run on an asyncio loop, so plain ``await coro_obj`` does the same.

    Parameters
    ----------
    coro_obj : awaitable
        The coroutine.

    Returns
    -------
    object
        The coroutine's return value.

    Examples
    --------
    >>> import asyncio
    >>> from nbsession import run_asyncio_coroutine
    >>> async def app():
    ...     await run_asyncio_coroutine(asyncio.sleep(1))

    Notes
    -----
    Corresponds to ``pywebio.session.run_asyncio_coroutine``. PyWebIO's coroutine sessions do not use asyncio.
    """
    return await coro_obj

"""``defer_call``, ``hold`` and ``close``: a session's lifetime, and its end."""

from __future__ import annotations

import asyncio
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from nbsession._core.brief import BRIEF
from nbsession._core.calling_code import called_from_coroutine, inside_event_loop
from nbsession._core.current import current_session
from nbsession._sync.waiter import FutureWake, Waiter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from nbsession._core.app import App
    from nbsession._core.session import Session

F = TypeVar("F", bound="Callable[[], object]")

# Seconds that close() waits for deferred functions.
_PATIENCE = 5.0


def defer_call(func: F) -> F:
    """Register a function to be called when the calling code's session closes, whatever the reason.

    Deferred functions run once each, in the order of their registration, on a separate thread. If one fails, the error
    is logged and the others still run. nbsession's interactive functions raise ``SessionClosedException`` in them.

    Parameters
    ----------
    func : callable
        A function without arguments, plain or ``async def``.

    Returns
    -------
    callable
        The same function: ``defer_call`` can be used as a decorator.

    Raises
    ------
    TypeError
        If ``func`` cannot be called.
    SessionClosedException
        If the session has already closed.

    Examples
    --------
    >>> from nbsession import defer_call
    >>> @defer_call  # doctest: +SKIP
    ... def cleanup():
    ...     print("the session has ended")

    Notes
    -----
    Corresponds to ``pywebio.session.defer_call``. A cell's session closes when the cell is run again, its output is
    cleared, its page is closed, or the kernel ends. An app's session closes when the app has returned and its threads,
    tasks and callbacks are gone (docs/lifetime.md).
    """
    given: object = func
    if not callable(given):
        msg = f"defer_call() expects a function, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    __tracebackhide__ = True
    with BRIEF:
        current_session().defer(func)
    return func


def close(reason: str = "closed by the program") -> None:
    """Close the calling code's session and wait for its deferred functions, at most 5 s (not at all in a coroutine).

    Parameters
    ----------
    reason : str
        The reason, which later exceptions of interactive calls contain.

    Examples
    --------
    >>> from nbsession import session
    >>> session.close()  # doctest: +SKIP
    """
    __tracebackhide__ = True
    with BRIEF:
        session = current_session()
        session.close(reason)
        if not inside_event_loop(sys._getframe(1)):
            session.wait_closed(_PATIENCE)


class Held:
    """The return value of ``hold()`` outside of coroutine apps. May be awaited or ignored, and displays nothing."""

    def __await__(self) -> Generator[Any, None, None]:
        return
        yield

    def _ipython_display_(self) -> None:
        pass


def hold() -> Awaitable[None]:
    """Keep an app's session alive until its page is closed.

    Buttons with callbacks, threads and tasks keep an app's session open without ``hold()``. In a function app, the call
    blocks. In a coroutine app, write ``await hold()``. A script ends with its code unless it calls ``hold()``. A cell's
    session outlives the cell's code anyway, so the call returns at once there.

    Returns
    -------
    awaitable
        In a coroutine app, a coroutine to await. In other code, an awaitable that may be ignored. The call returns it
        at once in a cell, otherwise when the session has closed.

    Examples
    --------
    >>> from nbsession import hold
    >>> hold()  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.session.hold``.
    """
    __tracebackhide__ = True
    with BRIEF:
        session = current_session()
        app = session.app
    if app is not None:
        app.hold()
    elif not session.ends_with_code:
        return Held()
    if session.loop is not None or called_from_coroutine(sys._getframe(1)):
        held = _held(session, app)
        # For Python's "was never awaited".
        held.__qualname__ = "hold: write await hold();"  # type: ignore[attr-defined]
        return held
    with BRIEF:
        waiter = Waiter()
        session.on_close(lambda _: waiter.release())
        with nullcontext() if app is None else app.holding():
            session.platform.wait(waiter, None)
    return Held()


async def _held(session: Session, app: App | None) -> None:
    wake = FutureWake()
    session.on_close(lambda _: wake())
    try:
        with nullcontext() if app is None else app.holding():
            await wake.future
    except asyncio.CancelledError:
        # The session's tasks are cancelled when it closes: this ends hold() in the app.
        if session.closed is None:
            raise

"""``defer_call``, ``hold`` and ``close``: how long a session lives, and what happens after."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from nbsession._core.brief import BRIEF
from nbsession._core.current import called_from_coroutine, current_session, inside_event_loop
from nbsession._sync.waiter import FutureWake, Waiter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from nbsession._core.session import Session

F = TypeVar("F", bound="Callable[[], object]")

# Seconds that close() waits for deferred functions.
_PATIENCE = 5.0


def defer_call(func: F) -> F:
    """Have a function called when the calling code's session closes, for whatever reason.

    Deferred functions run once each, in the order in which they were set, on a thread of their own; one that fails is
    logged and stops no other. What they call of nbsession's interactive functions raises ``SessionClosedException``.

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
        If the session has closed already.

    Examples
    --------
    >>> from nbsession import defer_call
    >>> @defer_call  # doctest: +SKIP
    ... def cleanup():
    ...     print("the session has ended")

    Notes
    -----
    The original's ``pywebio.session.defer_call``. A cell's session closes when the cell is run again, its output is
    cleared, its page is closed, or the kernel ends; an app's when nothing of the app is left (docs/lifetime.md).
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
    """Close the calling code's session and wait for its deferred functions, at most 5 s (in a coroutine: not).

    Parameters
    ----------
    reason : str
        Why; carried by the exceptions that interactive calls raise from now on.

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
    """What ``hold()`` returns where nothing has to be awaited: may be awaited or ignored, and displays as nothing."""

    def __await__(self) -> Generator[Any, None, None]:
        return
        yield

    def _ipython_display_(self) -> None:
        pass


def hold() -> Awaitable[None]:
    """Keep an app's session alive until its page is closed.

    An app's session stays by itself while anything of it is left: buttons with callbacks, threads, tasks. A function
    app's call blocks; a coroutine app writes ``await hold()``. A script ends with its code unless it holds. A cell's
    session outlives the cell's code anyway: there the call returns at once.

    Returns
    -------
    awaitable
        In a coroutine app a coroutine to be awaited. Elsewhere something that may be awaited or ignored: in a cell at
        once, else when the session has closed.

    Examples
    --------
    >>> from nbsession import hold
    >>> hold()  # doctest: +SKIP

    Notes
    -----
    The original's ``pywebio.session.hold``.
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
        held = _held(session)
        # For Python's "was never awaited".
        held.__qualname__ = "hold: write await hold();"  # type: ignore[attr-defined]
        return held
    with BRIEF:
        waiter = Waiter()
        session.on_close(lambda _: waiter.release())
        session.platform.wait(waiter, None)
    return Held()


async def _held(session: Session) -> None:
    wake = FutureWake()
    session.on_close(lambda _: wake())
    try:
        await wake.future
    except asyncio.CancelledError:
        # The session's tasks are cancelled when it closes: for the app that is the end of hold().
        if session.closed is None:
            raise

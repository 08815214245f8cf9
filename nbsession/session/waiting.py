"""How long a wait may take, and what ends it: the reply, the caller's timeout, or no page attaching."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

from nbsession.exceptions import FrontendNotFoundException, JSTimeoutError

from .interrupt_safe_lock import MAIN

if TYPE_CHECKING:
    from .base import Session
    from .replies import FutureWake, Reply, Waiter


def block(session: Session, waiter: Waiter, timeout: float | None) -> None:
    """Block the calling thread until ``waiter`` is released.

    Raises
    ------
    JSTimeoutError
        After ``timeout`` seconds.
    FrontendNotFoundException
        If no page attached in the time a platform allows for it.
    """
    deadline = _deadline(timeout)
    while not session.platform.wait(waiter, _patience(session, deadline)):
        _give_up(session, timeout, deadline)


async def awaited(session: Session, reply: Reply, wake: FutureWake, timeout: float | None) -> None:
    """Await ``reply``; raises as ``block`` does, and KeyboardInterrupt where Stop cancels an async cell."""
    deadline = _deadline(timeout)
    try:
        while not reply.settled:
            patience = _patience(session, deadline, awaited=True)
            if patience is None:
                await wake.future
                continue
            await asyncio.wait([wake.future], timeout=patience)
            if not reply.settled:
                _give_up(session, timeout, deadline, awaited=True)
    except asyncio.CancelledError:
        # Stop cancels an async cell's task. There IPython catches a KeyboardInterrupt; in any other task it would go
        # through the event loop and end the kernel.
        if MAIN.cancels is not None and MAIN.cancels is asyncio.current_task():
            raise KeyboardInterrupt from None
        raise


def _deadline(timeout: float | None) -> float | None:
    return None if timeout is None else monotonic() + timeout


def _patience(session: Session, deadline: float | None, *, awaited: bool = False) -> float | None:
    """Return how many seconds may pass before ``_give_up`` must be asked; None for ever."""
    limits = [] if deadline is None else [deadline - monotonic()]
    if session.unattached:
        limits.append(session.platform.attach_timeout(session, awaited=awaited))
    return max(0.0, min(limits)) if limits else None


def _give_up(
    session: Session, timeout: float | None, deadline: float | None, *, awaited: bool = False
) -> None:
    """Raise what ends the wait now, if anything does."""
    late = deadline is not None and monotonic() >= deadline
    if session.unattached and not late:
        reason = session.platform.no_frontend(session, awaited=awaited)
        if reason is not None:
            raise FrontendNotFoundException(reason)
    if late:
        state = "no page has attached yet" if session.unattached else "the page has not answered this one yet"
        msg = f"no answer within {timeout} s: {state}"
        raise JSTimeoutError(msg)

"""The end of a server's sessions."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from .executor import in_thread
from .handle import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbsession._core.session import Session
    from nbsession._server.endpoint import Endpoint

STOPPED = "the server was stopped"
CHANGED = "the code of the server has changed"
# Seconds in which open sockets may take what they were sent last.
_PARTING = 2.0


async def end_sessions(endpoint: Endpoint, reason: str) -> None:
    """Close all sessions of an endpoint; wait for what they deferred, 10 s at most, and until sockets are closed."""
    await _deferred(endpoint.clients.close(reason))
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(_emptied(endpoint.sockets), _PARTING)


async def _deferred(sessions: Sequence[Session]) -> None:
    """Wait for the deferred functions and the tasks of closed sessions."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    for session in sessions:
        if session.wait_closed(0.0):  # at Python's end no more threads are started
            continue
        left = max(0.0, deadline - loop.time())
        # The loop may be somebody else's, whose own threads are no more when the main thread has ended.
        await asyncio.wrap_future(in_thread(partial(session.wait_closed, left)))
    # They have been cancelled, and end in a turn of the loop or two.
    while any(len(session.tasks) for session in sessions) and loop.time() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def _emptied(sockets: set[object]) -> None:
    while sockets:  # noqa: ASYNC110 -- at the end, for an instant
        await asyncio.sleep(0.01)


def end_sessions_now(endpoint: Endpoint, reason: str) -> None:
    """Do the same on the loop's thread, which does nothing else any more."""
    deadline = monotonic() + PATIENCE
    for session in endpoint.clients.close(reason):
        session.wait_closed(max(0.0, deadline - monotonic()))

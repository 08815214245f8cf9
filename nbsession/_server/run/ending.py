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
    from collections.abc import Collection, Sequence
    from socket import socket

    from nbsession._core.session import Session
    from nbsession._server.endpoint import Endpoint

STOPPED = "the server was stopped"
CHANGED = "the code of the server has changed"
# Seconds that open sockets get to send what was queued last.
_PARTING = 2.0
# Turns of a loop from accepting a connection to calling its protocol.
_ACCEPTED_IN = 3


async def stop_accepting(listening: socket) -> None:
    """Accept no more connections, and let the loop finish those that it has accepted.

    ``asyncio.Server.close`` does not: it forgets a connection that has been accepted in the same turn of the loop, and
    the visitor waits until the socket is garbage.
    """
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows
        loop.remove_reader(listening)
    for _ in range(_ACCEPTED_IN):
        await asyncio.sleep(0)


async def end_sessions(endpoint: Endpoint, reason: str) -> None:
    """Close all sessions of an endpoint. Wait for their deferred functions, for at most 10 s, and close all sockets."""
    await _deferred(endpoint.clients.close(reason))
    # Another thread may be about to send a page the reason of its end.
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(_emptied(endpoint.clients.parting), _PARTING)
    for each in list(endpoint.sockets):  # also those of pages that have no session yet
        each.close()
    try:
        await asyncio.wait_for(_emptied(endpoint.sockets), _PARTING)
    except asyncio.TimeoutError:
        for each in list(endpoint.sockets):
            each.abort()


async def _deferred(sessions: Sequence[Session]) -> None:
    """Wait for the deferred functions and the tasks of closed sessions."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    for session in sessions:
        if session.wait_closed(0.0):  # Python starts no threads while it exits
            continue
        left = max(0.0, deadline - loop.time())
        # Not with the loop's executor: it takes no work after the main thread has ended.
        await asyncio.wrap_future(in_thread(partial(session.wait_closed, left)))
    # The tasks have been cancelled, and end within one or two turns of the loop.
    while any(len(session.tasks) for session in sessions) and loop.time() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def _emptied(those: Collection[object]) -> None:
    while those:  # noqa: ASYNC110 -- only for a moment, at the end
        await asyncio.sleep(0.01)


def end_sessions_now(endpoint: Endpoint, reason: str) -> None:
    """Do the same on the loop's thread, blocking the loop."""
    deadline = monotonic() + PATIENCE
    for session in endpoint.clients.close(reason):
        session.wait_closed(max(0.0, deadline - monotonic()))

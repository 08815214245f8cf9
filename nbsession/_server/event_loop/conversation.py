"""A page's WebSocket on an event loop: one task receives messages, another one writes."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from time import thread_time
from typing import TYPE_CHECKING, Protocol

from nbsession._core.complaints import complain
from nbsession._server.pages.throttle import Turns
from nbsession._server.pages.time_budget import Allowance
from nbsession._server.wire.envelope import LARGEST, MOST_UNREAD, pack, pack_text, unpack, unpack_text
from nbsession._server.wire.rfc6455 import (
    NORMAL_CLOSURE,
    POLICY_VIOLATION,
    PROTOCOL_ERROR,
    TOO_BIG,
    TRY_AGAIN_LATER,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbsession._link import Buffer
    from nbsession._server.endpoint import Endpoint
    from nbsession._server.http.request import Request

# Seconds that a page has to send its hello after it has opened a socket.
HELLO_WITHIN = 20.0
# Seconds that a page has to take the close frame. A page that does not read does not take it.
_CLOSED_WITHIN = 2.0


class Wire(Protocol):
    """The framework's open WebSocket."""

    async def receive(self) -> bytes | str | None:
        """Return the next message; None at the end."""
        ...

    async def send(self, message: bytes | str) -> None:
        """Send a message; OSError if the connection is closed."""
        ...

    async def close(self, code: int) -> None:
        """Close the WebSocket. No effect if it is closed."""
        ...

    def abort(self) -> None:
        """Close the connection at once, without a close frame or queued data."""
        ...


class QueuedConnection:
    """The connection of a page over a WebSocket that only its loop may write to.

    `send` and `close` can be called on any thread, the other methods on the loop's thread.

    Parameters
    ----------
    request : Request
        The request that opened the socket.
    wire : Wire
        The socket.

    Attributes
    ----------
    overfull : bool
        Whether the page has caused messages that it does not read. Nothing more is sent then.
    """

    protocol = "websocket"
    peer = ""
    ground = None

    def __init__(self, request: Request, wire: Wire) -> None:
        self.request = request
        self._wire = wire
        self.allowance = Allowance()
        self.confirmed = True
        self.hellos = 0
        self.texts = False  # the page sends text messages, so it can also receive them
        self._loop = asyncio.get_running_loop()
        self._outbox: deque[bytes | str | None] = deque()  # messages, None for the end
        self.overfull = False
        self._unread = 0
        self._news = asyncio.Event()
        self._scheduled = False

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        text = pack_text(envelope, buffers) if self.texts else None
        self._put(pack(envelope, buffers) if text is None else text.decode("ascii"))

    def close(self) -> None:
        self._put(None)

    def _put(self, message: bytes | str | None) -> None:
        if self.overfull:
            return
        if message is not None:
            self._unread += len(message)
            if self._unread > MOST_UNREAD:
                self.overfull = True
                self._outbox.clear()
                return
        self._outbox.append(message)
        if not self._scheduled:
            self._scheduled = True
            with contextlib.suppress(RuntimeError):  # the loop is closed, and so is the socket
                self._loop.call_soon_threadsafe(self._news.set)

    def abort(self) -> None:
        self._wire.abort()

    async def write(self) -> None:
        """Write queued messages until the end."""
        wire = self._wire
        with contextlib.suppress(OSError):  # the reading task notices it as well
            while True:
                await self._news.wait()
                self._news.clear()
                self._scheduled = False  # before the check of the queue: later messages set it again
                while self._outbox:
                    message = self._outbox.popleft()
                    if message is None:
                        await wire.close(NORMAL_CLOSURE)
                        return
                    await wire.send(message)
                    self._unread -= len(message)


async def converse(endpoint: Endpoint, request: Request, wire: Wire) -> None:
    """Exchange messages with a page until its socket is closed.

    Parameters
    ----------
    endpoint : Endpoint
        The endpoint that has admitted the request.
    request : Request
        The request that opened the socket.
    wire : Wire
        The socket.
    """
    connection = QueuedConnection(request, wire)
    writer = asyncio.create_task(connection.write())
    endpoint.sockets.add(connection)
    code = NORMAL_CLOSURE
    try:
        code = await _listen(endpoint, connection, wire)
    finally:
        endpoint.clients.lost(connection)
        endpoint.sockets.discard(connection)
        writer.cancel()
    await _close(wire, code)


async def _close(wire: Wire, code: int) -> None:
    """Close a page's socket; abort it if the page does not take the close frame."""
    try:
        await asyncio.wait_for(wire.close(code), _CLOSED_WITHIN)
    except asyncio.TimeoutError:
        wire.abort()


async def _listen(endpoint: Endpoint, connection: QueuedConnection, wire: Wire) -> int:
    """Receive a page's messages until the end. Return the code to close its socket with."""
    loop = asyncio.get_running_loop()
    turns = Turns(endpoint.throttle, connection.allowance)
    until, known = loop.time() + HELLO_WITHIN, False
    try:
        while True:
            message = await (
                wire.receive() if known else asyncio.wait_for(wire.receive(), until - loop.time())
            )
            if message is None:
                break
            if len(message) > LARGEST:  # an application's server may have a larger limit
                return TOO_BIG
            if not turns.admits(len(message)) and not await turns.turn():
                return TRY_AGAIN_LATER
            began = thread_time()
            if isinstance(message, str):
                connection.texts = True
            envelope, buffers = unpack_text(message) if isinstance(message, str) else unpack(message)
            known = endpoint.clients.receive(connection, envelope, buffers, len(message)) or known
            turns.charge(began)
            if connection.overfull:
                complain(
                    "a page did not read %d bytes that were sent to it: its socket is closed", MOST_UNREAD
                )
                return POLICY_VIOLATION
    except asyncio.TimeoutError:
        return NORMAL_CLOSURE
    except ValueError as error:
        complain("a page sent a message that violates the protocol: %s", error)
        return PROTOCOL_ERROR
    return NORMAL_CLOSURE

"""The page's handler for tornado: the document and the WebSocket."""

from __future__ import annotations

import asyncio
from collections import deque
from threading import RLock, get_ident
from time import thread_time
from typing import TYPE_CHECKING, cast

from tornado.web import stream_request_body
from tornado.websocket import WebSocketHandler

from nbsession._core.complaints import complain
from nbsession._server.endpoint import EXCHANGE, SOCKET
from nbsession._server.event_loop.conversation import HELLO_WITHIN
from nbsession._server.event_loop.pings import Pings
from nbsession._server.event_loop.polling import BODY_WITHIN, LARGEST_BODY, exchange
from nbsession._server.event_loop.sending import send_file
from nbsession._server.files.transfers import FILE, TOKEN
from nbsession._server.http.forwarded import as_forwarded
from nbsession._server.http.request import Request, Response, error_response
from nbsession._server.pages.throttle import Turns
from nbsession._server.pages.time_budget import Allowance
from nbsession._server.wire.envelope import LARGEST, MOST_UNREAD, pack, pack_text, unpack, unpack_text
from nbsession._server.wire.rfc6455 import PING, PROTOCOL_ERROR, TEXT, TRY_AGAIN_LATER, head
from nbsession._sync.waiter import FutureWake

from .tornado_file import TornadoFile
from .tornado_wire import PlainWire, TornadoWire, plain_stream

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from tornado.http1connection import HTTP1Connection
    from tornado.httputil import HTTPServerRequest
    from tornado.web import RequestHandler

    from nbsession._link import Buffer, Parts
    from nbsession._server.endpoint import Endpoint
    from nbsession._server.files.transfers import FileTransfer

    from .tornado_wire import SocketWire

# Size in bytes up to which header and message are joined, so that one write is enough.
_COPIED = 64 * 1024


class SocketConnection:
    """The WebSocket connection of a page.

    If the queue is empty, an app's thread writes to the socket itself: waking the loop's thread would cost a fifth of a
    round trip. An application may configure tornado to send pings, which do not use this lock. If such a ping falls
    between two parts of a partly written frame, the browser drops the socket, the page opens another one, and the link
    resends what was lost.
    """

    protocol = "websocket"
    peer = ""
    ground = None

    def __init__(self, wire: SocketWire, request: Request, allowance: Allowance) -> None:
        self.request = request
        self.allowance = allowance
        self.confirmed = True
        self.hellos = 0
        self.texts = False  # the page sends text messages, so it can also receive them
        self._wire = wire
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._lock = RLock()
        self._outbox: deque[bytes | memoryview | None] = deque()  # None: the end
        self._scheduled = False

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        text = pack_text(envelope, buffers) if self.texts else None
        message = pack(envelope, buffers) if text is None else head(len(text), TEXT) + text
        with self._lock:
            if self._outbox or get_ident() == self._thread or len(message) > _COPIED:
                self._put(message if text is None else memoryview(message))
                return
            frame = message if text is not None else head(len(message)) + message
            sent = self._wire.write_now(frame)
            if sent < len(frame):
                self._put(memoryview(frame)[sent:])

    def ping(self) -> None:
        """Send a ping, which the browser answers by itself. Must be called on the loop's thread."""
        with self._lock:
            self._put(memoryview(head(0, PING)))

    def close(self) -> None:
        with self._lock:
            self._put(None)

    def abort(self) -> None:
        self._wire.abort()

    def _put(self, message: bytes | memoryview | None) -> None:
        self._outbox.append(message)
        if get_ident() == self._thread:
            self._drain()
        elif not self._scheduled:
            self._scheduled = True
            try:
                self._loop.call_soon_threadsafe(self._drain)
            except RuntimeError:  # the loop is closed, and so is the socket
                self._outbox.clear()

    def _drain(self) -> None:
        """Write the queued messages. Must be called on the loop's thread."""
        with self._lock:
            self._scheduled = False
            if self._wire.unread() > MOST_UNREAD:
                complain(
                    "a page did not read %d bytes that were sent to it: its socket is closed", MOST_UNREAD
                )
                self._outbox.clear()
                self._wire.abort()
            while self._outbox:
                message = self._outbox.popleft()
                if message is None:
                    self._wire.close()
                elif isinstance(message, memoryview):
                    self._wire.write(message)
                elif len(message) > _COPIED:
                    self._wire.write(head(len(message)))
                    self._wire.write(message)
                else:
                    self._wire.write(head(len(message)) + message)


@stream_request_body  # so that a forbidden request is rejected before its body arrives
class PageHandler(WebSocketHandler):
    """Responds to requests for the page's path (`Endpoint`).

    Parameters
    ----------
    endpoint : Endpoint
        The endpoint that responds.
    xheaders : bool
        Whether to trust a proxy's headers about the visitor.
    ping_every : float
        Seconds between pings. A socket that has sent nothing between two pings is closed. An application's
        ``websocket_ping_interval`` takes precedence.
    """

    def initialize(self, endpoint: Endpoint, *, xheaders: bool, ping_every: float) -> None:
        self._endpoint = endpoint
        self._ping_every = ping_every
        self._body = bytearray()
        self._pings: Pings | None = None
        self._page_request = request_of(self.request, xheaders=xheaders)
        self._connection: SocketConnection | None = None
        self._wake: FutureWake | None = None
        self._transfer: FileTransfer | None = None
        self._gone = False
        self._silent: asyncio.TimerHandle | None = None  # runs until the page has sent its hello

    def prepare(self) -> Awaitable[None] | None:
        response = self._endpoint.respond(self._page_request)
        if response is not None:
            give(self, response)
        elif self._page_request.purpose == EXCHANGE:
            connection = cast("HTTP1Connection", self.request.connection)
            connection.set_max_body_size(LARGEST_BODY)
            connection.set_body_timeout(BODY_WITHIN)
        return None

    def data_received(self, chunk: bytes) -> None:
        self._body += chunk

    def check_xsrf_cookie(self) -> None:
        """Ignore an application's ``xsrf_cookies``: the endpoint checks the origin of messages."""

    async def get(self, *args: str, **kwargs: str) -> None:
        if self._page_request.purpose == FILE:
            await self._get_file()
            return
        if self._page_request.purpose != SOCKET:
            self.set_status(405)
            return
        await super().get(*args, **kwargs)

    async def _get_file(self) -> None:
        transfer = self._transfer = self._endpoint.clients.transfers.take(
            self._page_request.query.get(TOKEN, "")
        )
        if transfer is None:
            give(self, error_response(404, "There is no such file, or it has been fetched already."))
        else:
            await send_file(transfer, TornadoFile(self))

    # -- messages over HTTP --------------------------------------------------------------------

    async def post(self, *args: str, **kwargs: str) -> None:  # noqa: ARG002
        self._wake = FutureWake()
        response = await exchange(
            self._endpoint, self._page_request, bytes(self._body), self._wake, lambda: self._gone
        )
        if response is not None:
            give(self, response)

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self._gone = True  # the response's messages are kept for the next request
        if self._wake is not None:
            self._wake()
        elif self._page_request.purpose == EXCHANGE:
            self._endpoint.http_connections.broke_off(self._page_request)
        if self._transfer is not None:
            self._transfer.cut()

    # -- the WebSocket -------------------------------------------------------------------------

    @property
    def max_message_size(self) -> int:
        return LARGEST  # overrides an application's limit for its own sockets

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002
        return True  # the endpoint has checked it

    async def open(self, *args: str, **kwargs: str) -> None:  # noqa: ARG002
        self.set_nodelay(True)
        stream = plain_stream(self)
        allowance = Allowance()
        self._turns = Turns(self._endpoint.throttle, allowance)
        plain = None if stream is None else PlainWire(stream, self._receive, self._turns)
        self._wire: PlainWire | TornadoWire = plain or TornadoWire(self)
        self._connection = SocketConnection(self._wire, self._page_request, allowance)
        self._endpoint.sockets.add(self._connection)
        self._silent = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._wire.close)
        if not self.ping_interval:
            self._pings = Pings(self._wire, self._connection.ping, self._ping_every)
        if plain is not None:
            await plain.carry()  # tornado starts reading when this has returned

    def on_pong(self, data: bytes) -> None:  # noqa: ARG002
        self._wire.heard = True

    def on_message(self, message: str | bytes) -> Awaitable[None] | None:
        self._wire.heard = True
        if not self._turns.admits(len(message)):
            return self._receive_late(message)  # tornado does not read the next message before
        began = thread_time()
        self._receive(message, isinstance(message, str))
        self._turns.charge(began)
        return None

    async def _receive_late(self, message: str | bytes) -> None:
        if self._pings is not None:
            self._pings.suspend()  # nothing is read until then
        granted = await self._turns.turn()
        if self._pings is not None:
            self._pings.resume()
        if not granted:
            self._wire.close(TRY_AGAIN_LATER)
            return
        began = thread_time()
        self._receive(message, isinstance(message, str))
        self._turns.charge(began)

    def _receive(self, message: str | bytes, text: bool) -> None:  # noqa: FBT001 -- passed by position
        connection = self._connection
        assert connection is not None
        buffers: Parts
        try:
            if text:
                envelope, buffers = unpack_text(message)
                connection.texts = True
            else:
                assert isinstance(message, bytes)
                envelope, buffers = unpack(message)
        except ValueError as error:
            self._refuse(error)
            return
        known = self._endpoint.clients.receive(connection, envelope, buffers, len(message))
        if known and self._silent is not None:
            self._silent.cancel()
            self._silent = None

    def _refuse(self, why: object) -> None:
        complain("a page sent a message that violates the protocol: %s", why)
        self._wire.close(PROTOCOL_ERROR)

    def on_close(self) -> None:
        if self._pings is not None:
            self._pings.stop()
        if self._silent is not None:
            self._silent.cancel()
        if self._connection is not None:
            self._endpoint.sockets.discard(self._connection)
            self._endpoint.clients.lost(self._connection)


def give(handler: RequestHandler, response: Response) -> None:
    """Send a response."""
    handler.set_status(response.status)
    handler.clear_header("Server")
    for name, value in response.headers.items():
        handler.set_header(name, value)
    handler.finish(response.body or None)


def request_of(original: HTTPServerRequest, *, xheaders: bool) -> Request:
    """Convert a tornado request."""
    query = {name: values[0].decode(errors="replace") for name, values in original.query_arguments.items()}
    request = Request(
        method=original.method or "",
        path=original.path,
        query=query,
        headers=original.headers,
        cookies={name: morsel.value for name, morsel in original.cookies.items()},
        host=original.host,
        secure=original.protocol == "https",
        user_ip=original.remote_ip or "",
        original=original,
        peer=original.remote_ip or "",
    )
    return as_forwarded(request) if xheaders else request

"""Tornado's side of a page: its document and its socket, by one handler."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import struct
from collections import deque
from threading import RLock, get_ident
from typing import TYPE_CHECKING

from tornado.iostream import IOStream, StreamClosedError
from tornado.websocket import WebSocketHandler

from nbsession.session.replies import FutureWake

from .asked import Answer, Asked, refusal
from .conversation import HELLO_WITHIN, PROTOCOL_ERROR
from .envelope import pack, unpack
from .forwarded import as_forwarded
from .polling import exchange
from .sending import send_file
from .site import SOCKET
from .tornado_file import TornadoFile
from .transfer import FILE, TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tornado.httputil import HTTPServerRequest
    from tornado.web import RequestHandler

    from nbsession.link import Buffer

    from .site import Site
    from .transfer import FileTransfer

log = logging.getLogger("nbsession")

# Bytes up to which a message is put behind its head for one write instead of two.
_COPIED = 64 * 1024


class SocketConnection:
    """The connection of a page by a WebSocket.

    An app's thread writes to the socket itself where nothing is queued: waking the loop's thread to do it would cost a
    fifth of a round trip. Tornado's pings do not know of that. Should one ever come between two parts of a frame that
    the system did not take whole, the browser drops the socket, the page opens another, and the link repeats what was
    lost.
    """

    protocol = "websocket"
    peer = ""

    def __init__(self, handler: PageHandler, asked: Asked) -> None:
        self.asked = asked
        self._handler = handler
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._lock = RLock()
        self._outbox: deque[bytes | memoryview | None] = deque()  # messages, the rest of a frame, the end
        self._scheduled = False

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        message = pack(envelope, buffers)
        with self._lock:
            if self._outbox or get_ident() == self._thread or len(message) > _COPIED:
                self._put(message)
                return
            frame = memoryview(_head(len(message)) + message)
            sent = self._handler.write_now(frame)
            if sent < len(frame):
                self._put(frame[sent:])

    def close(self) -> None:
        with self._lock:
            self._put(None)

    def _put(self, message: bytes | memoryview | None) -> None:
        self._outbox.append(message)
        if get_ident() == self._thread:
            self._drain()
        elif not self._scheduled:
            self._scheduled = True
            try:
                self._loop.call_soon_threadsafe(self._drain)
            except RuntimeError:  # the loop has been closed, and the socket with it
                self._outbox.clear()

    def _drain(self) -> None:
        """Write what is queued. On the loop's thread."""
        with self._lock:
            self._scheduled = False
            while self._outbox:
                message = self._outbox.popleft()
                if message is None:
                    self._handler.close()
                elif isinstance(message, memoryview):
                    self._handler.write_part(message)
                else:
                    self._handler.write_binary(message)


class PageHandler(WebSocketHandler):
    """Answers what a page's path is asked for (`Site`)."""

    def initialize(self, site: Site, *, xheaders: bool = False) -> None:
        self._site = site
        self._asked = asked_of(self.request, xheaders=xheaders)
        self._connection: SocketConnection | None = None
        self._wake: FutureWake | None = None
        self._transfer: FileTransfer | None = None
        self._gone = False

    def prepare(self) -> None:
        answer = self._site.answer(self._asked)
        if answer is not None:
            give(self, answer)

    def check_xsrf_cookie(self) -> None:
        """Do nothing where an application has ``xsrf_cookies``: the site looks at the origin of what comes."""

    async def get(self, *args: str, **kwargs: str) -> None:
        if self._asked.purpose == FILE:
            await self._get_file()
            return
        if self._asked.purpose != SOCKET:
            self.set_status(405)
            return
        await super().get(*args, **kwargs)

    async def _get_file(self) -> None:
        transfer = self._transfer = self._site.visits.transfers.take(self._asked.query.get(TOKEN, ""))
        if transfer is None:
            give(self, refusal(404, "There is no such file, or it has been fetched already."))
        else:
            await send_file(transfer, TornadoFile(self))

    # -- messages by HTTP ---------------------------------------------------------------------

    async def post(self, *args: str, **kwargs: str) -> None:  # noqa: ARG002
        self._wake = FutureWake()
        answer = await exchange(self._site, self._asked, self.request.body, self._wake, lambda: self._gone)
        if answer is not None:
            give(self, answer)

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self._gone = True  # what is to be answered is kept for the next request
        if self._wake is not None:
            self._wake()
        if self._transfer is not None:
            self._transfer.cut()

    # -- the socket ---------------------------------------------------------------------------

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002
        return True  # the site has looked at it

    def open(self, *args: str, **kwargs: str) -> None:  # noqa: ARG002
        self.set_nodelay(True)
        self._connection = SocketConnection(self, self._asked)
        self._site.sockets.add(self)
        self._silent = asyncio.get_running_loop().call_later(HELLO_WITHIN, self.close)

    def on_message(self, message: str | bytes) -> None:
        connection = self._connection
        assert connection is not None
        try:
            if isinstance(message, str):
                msg = "a text message"
                raise ValueError(msg)  # noqa: TRY004, TRY301
            envelope, buffers = unpack(message)
        except ValueError as error:
            log.warning("a page sent a message that breaks the protocol: %s", error)
            self.close(PROTOCOL_ERROR)
            return
        if self._site.visits.receive(connection, envelope, buffers):
            self._silent.cancel()

    def on_close(self) -> None:
        if self._connection is not None:
            self._silent.cancel()
            self._site.sockets.discard(self)
            self._site.visits.lost(self._connection)

    # Tornado's own ``write_message`` starts a task for each message, and logs those that a closing socket did not take.

    def write_binary(self, message: bytes) -> None:
        """Send a message, if the socket is open. On the loop's thread."""
        head = _head(len(message))
        if len(message) > _COPIED:
            self.write_part(head)
            self.write_part(message)
        else:
            self.write_part(head + message)

    def write_part(self, part: bytes | memoryview) -> None:
        """Send a part of a frame, if the socket is open. On the loop's thread."""
        stream = self._stream()
        if stream is not None:
            with contextlib.suppress(StreamClosedError):
                stream.write(part)

    def write_now(self, frame: memoryview) -> int:
        """Write to the socket without the loop, and return how many bytes it took. Any thread."""
        stream = self._stream()
        if stream is None:
            return len(frame)  # nobody is there any more
        if type(stream) is not IOStream or stream.writing():
            return 0
        try:
            return int(stream.socket.send(frame))
        except (BlockingIOError, InterruptedError):
            return 0
        except (OSError, AttributeError):  # closed at this moment
            return len(frame)

    def _stream(self) -> IOStream | None:
        connection = self.ws_connection
        return None if connection is None or connection.is_closing() else connection.stream


def _head(size: int) -> bytes:
    """Return the head of a binary frame that is a whole message (RFC 6455, section 5.2)."""
    if size < 126:  # noqa: PLR2004
        return struct.pack(">BB", 0x82, size)
    if size <= 0xFFFF:  # noqa: PLR2004
        return struct.pack(">BBH", 0x82, 126, size)
    return struct.pack(">BBQ", 0x82, 127, size)


def give(handler: RequestHandler, answer: Answer) -> None:
    """Answer a request."""
    handler.set_status(answer.status)
    handler.clear_header("Server")
    for name, value in answer.headers.items():
        handler.set_header(name, value)
    handler.finish(answer.body or None)


def asked_of(request: HTTPServerRequest, *, xheaders: bool) -> Asked:
    """Return a request in our words."""
    query = {name: values[0].decode(errors="replace") for name, values in request.query_arguments.items()}
    asked = Asked(
        method=request.method or "",
        path=request.path,
        query=query,
        headers=request.headers,
        cookies={name: morsel.value for name, morsel in request.cookies.items()},
        host=request.host,
        secure=request.protocol == "https",
        user_ip=request.remote_ip or "",
        request=request,
    )
    return as_forwarded(asked) if xheaders else asked

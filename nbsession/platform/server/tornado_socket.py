"""Tornado's side of a page: its document and its socket, by one handler."""

from __future__ import annotations

import asyncio
import logging
import struct
from collections import deque
from threading import get_ident
from typing import TYPE_CHECKING

from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketHandler

from nbsession.session.replies import FutureWake

from .asked import Answer, Asked, refusal
from .envelope import join, pack, unpack
from .exchange import patience
from .site import SOCKET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tornado.httputil import HTTPServerRequest

    from nbsession.link import Buffer

    from .site import Site

log = logging.getLogger("nbsession")

# Seconds within which a page that has opened a socket must say hello.
_HELLO_WITHIN = 20.0
_PROTOCOL_ERROR = 1002
# Bytes up to which a message is put behind its head for one write instead of two.
_COPIED = 64 * 1024


class SocketConnection:
    """The connection of a page by a WebSocket."""

    protocol = "websocket"
    peer = ""

    def __init__(self, handler: PageHandler, asked: Asked) -> None:
        self.asked = asked
        self._handler = handler
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._outbox: deque[bytes | None] = deque()
        self._scheduled = False

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        self._put(pack(envelope, buffers))

    def close(self) -> None:
        self._put(None)

    def _put(self, message: bytes | None) -> None:
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
        self._scheduled = False
        while self._outbox:
            message = self._outbox.popleft()
            if message is None:
                self._handler.close()
            else:
                self._handler.write_binary(message)


class PageHandler(WebSocketHandler):
    """Answers what a page's path is asked for (`Site`)."""

    def initialize(
        self, site: Site, *, xheaders: bool = False, tracked: set[PageHandler] | None = None
    ) -> None:
        self._site = site
        self._tracked = set() if tracked is None else tracked
        self._asked = asked_of(self.request, xheaders=xheaders)
        self._connection: SocketConnection | None = None
        self._wake: FutureWake | None = None
        self._gone = False

    def prepare(self) -> None:
        answer = self._site.answer(self._asked)
        if answer is not None:
            self._give(answer)

    def _give(self, answer: Answer) -> None:
        self.set_status(answer.status)
        self.clear_header("Server")
        for name, value in answer.headers.items():
            self.set_header(name, value)
        self.finish(answer.body)

    async def get(self, *args: str, **kwargs: str) -> None:
        if self._asked.purpose != SOCKET:
            self.set_status(405)
            return
        await super().get(*args, **kwargs)

    # -- messages by HTTP ---------------------------------------------------------------------

    async def post(self, *args: str, **kwargs: str) -> None:  # noqa: ARG002
        body = self.request.body
        try:
            connection = self._site.exchanges.receive(self._asked, body)
        except ValueError as error:
            log.warning("a page sent a message that breaks the protocol: %s", error)
            self._give(refusal(400, "This breaks the protocol."))
            return
        if connection is None:
            self.set_status(204)
            return
        wake = self._wake = FutureWake()
        connection.listen(wake)
        await asyncio.wait([wake.future], timeout=patience(self._asked, body, self._site.hold))
        if not self._gone:
            headers = {"Content-Type": "application/octet-stream", "Cache-Control": "no-store"}
            self._give(Answer(200, join(connection.take(wake)), headers))

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self._gone = True  # what is to be answered is kept for the next request
        if self._wake is not None:
            self._wake()

    # -- the socket ---------------------------------------------------------------------------

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002
        return True  # the site has looked at it

    def open(self, *args: str, **kwargs: str) -> None:  # noqa: ARG002
        self.set_nodelay(True)
        self._connection = SocketConnection(self, self._asked)
        self._tracked.add(self)
        self._silent = asyncio.get_running_loop().call_later(_HELLO_WITHIN, self.close)

    def on_message(self, message: str | bytes) -> None:
        self._silent.cancel()
        connection = self._connection
        assert connection is not None
        try:
            if isinstance(message, str):
                msg = "a text message"
                raise ValueError(msg)  # noqa: TRY004, TRY301
            envelope, buffers = unpack(message)
        except ValueError as error:
            log.warning("a page sent a message that breaks the protocol: %s", error)
            self.close(_PROTOCOL_ERROR)
            return
        self._site.visits.receive(connection, envelope, buffers)

    def on_close(self) -> None:
        if self._connection is not None:
            self._silent.cancel()
            self._tracked.discard(self)
            self._site.visits.lost(self._connection)

    def write_binary(self, message: bytes) -> None:
        """Send a message, if the socket is open.

        Tornado's own ``write_message`` starts a task for each, and logs those that a closing socket did not take.
        """
        connection = self.ws_connection
        stream = None if connection is None or connection.is_closing() else connection.stream
        if stream is None:
            return
        try:
            if len(message) > _COPIED:
                stream.write(_head(len(message)))
                stream.write(message)
            else:
                stream.write(_head(len(message)) + message)
        except StreamClosedError:
            pass


def _head(size: int) -> bytes:
    """Return the head of a binary frame that is a whole message (RFC 6455, section 5.2)."""
    if size < 126:  # noqa: PLR2004
        return struct.pack(">BB", 0x82, size)
    if size <= 0xFFFF:  # noqa: PLR2004
        return struct.pack(">BBH", 0x82, 126, size)
    return struct.pack(">BBQ", 0x82, 127, size)


def asked_of(request: HTTPServerRequest, *, xheaders: bool) -> Asked:
    """Return a request in our words."""
    query = {name: values[0].decode(errors="replace") for name, values in request.query_arguments.items()}
    forwarded = request.headers.get("X-Forwarded-Host") if xheaders else None
    return Asked(
        method=request.method or "",
        path=request.path,
        query=query,
        headers=request.headers,
        cookies={name: morsel.value for name, morsel in request.cookies.items()},
        host=(forwarded or request.host).split(",")[0].strip(),
        secure=request.protocol == "https",
        user_ip=request.remote_ip or "",
        request=request,
    )

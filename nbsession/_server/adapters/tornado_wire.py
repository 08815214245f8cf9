"""Reading and writing a WebSocket that tornado has opened: through tornado, or through an asyncio transport.

Tornado reads a frame in four steps, each with a future. It needs two turns of its loop for that, and unregisters and
registers the socket. This takes a quarter of the time of an ``eval_js``. Plain sockets are therefore read through
asyncio. Sockets with TLS, and sockets that tornado is configured to ping, are read through tornado.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import threading
from time import thread_time
from typing import TYPE_CHECKING, Protocol, cast

from tornado.ioloop import IOLoop
from tornado.iostream import IOStream, StreamBufferFullError, StreamClosedError

from nbsession._core.complaints import complain
from nbsession._server.wire.envelope import LARGEST, MOST_UNREAD
from nbsession._server.wire.rfc6455 import (
    BINARY,
    CLOSE,
    NORMAL_CLOSURE,
    PING,
    PONG,
    TEXT,
    TRY_AGAIN_LATER,
    FrameError,
    FrameReader,
    head,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from tornado.websocket import WebSocketHandler

    from nbsession._server.pages.throttle import Turns

# Bytes per read.
_READ = 64 * 1024
# The event for a closed peer, on Linux. It is reported even if earlier data has not been read yet.
_HANGS_UP: int | None = getattr(select, "POLLRDHUP", None)
# Unsent bytes up to which pings are answered.
_MOST_PONGS = 64 * 1024
# Seconds that a browser has to answer a close frame.
_CLOSED_WITHIN = 5.0


class SocketWire(Protocol):
    """Carries frames to a page."""

    def write_now(self, frame: bytes) -> int:
        """Write without the loop. Can be called on any thread.

        Returns the number of bytes that were taken, or that need not be sent any more.
        """
        ...

    def write(self, part: bytes | memoryview) -> None:
        """Send a part of a frame, if the socket is open. Must be called on the loop's thread."""
        ...

    def close(self, code: int = NORMAL_CLOSURE) -> None:
        """Close the socket after everything has been written. Must be called on the loop's thread."""
        ...

    def unread(self) -> int:
        """Return the number of written bytes that the system has not taken yet. Must be called on the loop's thread."""
        ...

    def abort(self) -> None:
        """Close the socket without a close frame. Must be called on the loop's thread."""
        ...


def plain_stream(handler: WebSocketHandler) -> IOStream | None:
    """Return the stream of an opened WebSocket if asyncio can read it in place of tornado, else None."""
    stream = _stream(handler)
    return stream if type(stream) is IOStream and not handler.ping_interval else None


class TornadoWire:
    """Uses tornado's stream. The handler receives the messages and sets `heard`."""

    def __init__(self, handler: WebSocketHandler) -> None:
        self.heard = True
        self._handler = handler
        stream = _stream(handler)
        if stream is not None:
            stream.max_write_buffer_size = MOST_UNREAD

    def write_now(self, frame: bytes) -> int:
        stream = _stream(self._handler)
        if stream is None:
            return len(frame)  # already closed
        if type(stream) is not IOStream or stream.writing():
            return 0
        return _sent(stream.socket, frame)

    # Tornado's own ``write_message`` starts a task for each message, and logs messages that a closing socket did not
    # take.
    def write(self, part: bytes | memoryview) -> None:
        stream = _stream(self._handler)
        if stream is not None:
            with contextlib.suppress(StreamClosedError):
                try:
                    stream.write(part)
                except StreamBufferFullError:
                    self.abort()

    def close(self, code: int = NORMAL_CLOSURE) -> None:
        self._handler.close(code)

    def unread(self) -> int:
        return 0  # the stream has its own limit, above which it is closed

    def abort(self) -> None:
        """Close the socket without a close frame. Must be called on the loop's thread."""
        stream = _stream(self._handler)
        if stream is not None:
            stream.close()


class PlainWire(asyncio.BufferedProtocol):
    """Uses an asyncio transport.

    Parameters
    ----------
    stream : IOStream
        Tornado's stream, with no read in progress.
    received : callable
        ``received(message, text)`` is called on the loop's thread with each message and whether it is text.
    turns : Turns
        Schedules the handling of messages. The socket is not read before the page's turn.

    Attributes
    ----------
    heard : bool
        Whether anything has arrived since it was set to False.
    """

    def __init__(self, stream: IOStream, received: Callable[[bytes, bool], object], turns: Turns) -> None:
        self._heard = True
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._stream = stream
        self._socket: socket.socket = stream.socket.dup()  # the stream and the transport each close their own
        self._received = received
        self._turns = turns
        self._held: tuple[tuple[int, bytes], Iterator[tuple[int, bytes]]] | None = None
        self._frames = FrameReader(LARGEST)
        self._closing = False

    async def carry(self) -> None:
        """Read until the socket is closed. Then close tornado's stream."""
        # Otherwise tornado, which may still watch for the end of its stream, would take incoming data.
        IOLoop.current().remove_handler(self._stream.fileno())
        try:
            transport, _ = await self._loop.connect_accepted_socket(lambda: self, self._socket)
            try:
                await self._ended
            finally:
                transport.abort()
        finally:
            self._stream.close()

    @property
    def heard(self) -> bool:
        return self._heard or self._held is not None  # the socket is not being read

    @heard.setter
    def heard(self, heard: bool) -> None:
        self._heard = heard

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    # With an unbuffered protocol, asyncio would allocate 256 KiB for each read.
    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002
        return _reading.buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._heard = True
        try:
            frames = iter(self._frames.feed(bytes(memoryview(_reading.buffer)[:nbytes])))
        except FrameError as error:
            self._refuse(error)
        else:
            self._take(frames)

    def _take(self, frames: Iterator[tuple[int, bytes]]) -> bool:
        """Handle frames until the page must wait for its turn. Return whether all were handled."""
        turns = self._turns
        began = thread_time()
        try:
            for frame in frames:
                if not turns.admits(len(frame[1])):
                    self._held = (frame, frames)
                    self._transport.pause_reading()
                    turns.defer(self._go_on, self._has_hung_up)
                    return False
                self._handle(*frame)
                began = turns.charge(began)
        except FrameError as error:
            self._refuse(error)
        return True

    def _handle(self, opcode: int, payload: bytes) -> None:
        if opcode in (TEXT, BINARY):
            self._received(payload, opcode == TEXT)
        elif opcode == PING:
            if self.unread() <= _MOST_PONGS:  # a browser that does not read does not need an answer
                self.write(head(len(payload), PONG) + payload)
        elif opcode == CLOSE:
            self._say_close(payload[:2])
            self._transport.close()

    def _go_on(self, granted: bool) -> None:  # noqa: FBT001 -- passed by position
        held, self._held = self._held, None
        if held is None or self._transport.is_closing():
            return
        if not granted:
            self.close(TRY_AGAIN_LATER)
            return
        self._heard = True
        frame, frames = held
        began = thread_time()
        self._handle(*frame)
        self._turns.charge(began)
        if self._take(frames) and not self._transport.is_closing():
            self._transport.resume_reading()

    def _has_hung_up(self) -> bool:
        """Return whether the page has closed its side. A socket that is not read does not report this by itself."""
        if self._transport.is_closing():
            return True
        if _HANGS_UP is None:
            return False
        poll = select.poll()
        poll.register(self._socket, _HANGS_UP)
        return bool(poll.poll(0))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._held = None
        if not self._ended.done():
            self._ended.set_result(None)

    def write_now(self, frame: bytes) -> int:
        if self._closing:
            return len(frame)
        return 0 if self._transport.get_write_buffer_size() else _sent(self._socket, frame)

    def write(self, part: bytes | memoryview) -> None:
        if not self._closing and not self._transport.is_closing():
            self._transport.write(part)

    def close(self, code: int = NORMAL_CLOSURE) -> None:
        self._say_close(code.to_bytes(2, "big"))

    def unread(self) -> int:
        return self._transport.get_write_buffer_size()

    def abort(self) -> None:
        """Close the socket without a close frame. Must be called on the loop's thread."""
        self._transport.abort()

    def _refuse(self, error: FrameError) -> None:
        complain("a page sent a message that violates the protocol: %s", error)
        self._say_close(error.code.to_bytes(2, "big"))
        self._transport.close()

    def _say_close(self, reason: bytes) -> None:
        if not self._closing:
            self.write(head(len(reason), CLOSE) + reason)
            self._closing = True
            self._loop.call_later(_CLOSED_WITHIN, self._transport.abort)


class _Reading(threading.local):
    """The buffer into which a loop's sockets are read. Data is processed at once, so all sockets can share it."""

    def __init__(self) -> None:
        self.buffer = bytearray(_READ)


_reading = _Reading()


def _sent(plain: socket.socket, frame: bytes) -> int:
    try:
        return plain.send(frame)
    except (BlockingIOError, InterruptedError):
        return 0
    except (OSError, AttributeError):  # the socket is being closed
        return len(frame)


def _stream(handler: WebSocketHandler) -> IOStream | None:
    connection = handler.ws_connection
    return None if connection is None or connection.is_closing() else connection.stream

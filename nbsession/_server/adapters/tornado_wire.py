"""How bytes go through the WebSocket that tornado has opened: by tornado, or by asyncio's own transport.

Tornado reads a frame in four steps, each with a future, goes twice round its loop for it, and takes the socket out of
the loop and puts it back: a quarter of the time of an ``eval_js``. So a plain socket is read by asyncio. One with TLS,
or one that tornado is told to ping, stays tornado's.
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

# Bytes that are read at a time.
_READ = 64 * 1024
# Linux says so before all is read that came before it.
_HANGS_UP: int | None = getattr(select, "POLLRDHUP", None)
# Bytes that may wait to be taken when a ping is answered.
_MOST_PONGS = 64 * 1024
# Seconds in which a browser may answer that it closes the socket, too.
_CLOSED_WITHIN = 5.0


class SocketWire(Protocol):
    """Carries frames to a page."""

    def write_now(self, frame: bytes) -> int:
        """Write without the loop, and return how many bytes were taken, or need not be any more. Any thread."""
        ...

    def write(self, part: bytes | memoryview) -> None:
        """Send a part of a frame, if the socket is open. On the loop's thread."""
        ...

    def close(self, code: int = NORMAL_CLOSURE) -> None:
        """Close it, after what was written. On the loop's thread."""
        ...

    def unread(self) -> int:
        """Return how many bytes were written and not taken by the system. On the loop's thread."""
        ...

    def abort(self) -> None:
        """Close it without a word. On the loop's thread."""
        ...


def plain_stream(handler: WebSocketHandler) -> IOStream | None:
    """Return the stream of an opened WebSocket that can be read in tornado's place, else None."""
    stream = _stream(handler)
    return stream if type(stream) is IOStream and not handler.ping_interval else None


class TornadoWire:
    """By tornado's stream. What is read comes by its handler, which says so in `heard`."""

    def __init__(self, handler: WebSocketHandler) -> None:
        self.heard = True
        self._handler = handler
        stream = _stream(handler)
        if stream is not None:
            stream.max_write_buffer_size = MOST_UNREAD

    def write_now(self, frame: bytes) -> int:
        stream = _stream(self._handler)
        if stream is None:
            return len(frame)  # nobody is there any more
        if type(stream) is not IOStream or stream.writing():
            return 0
        return _sent(stream.socket, frame)

    # Tornado's own ``write_message`` starts a task for each message, and logs those that a closing socket did not take.
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
        return 0  # its stream has a limit of its own, and is closed above it

    def abort(self) -> None:
        """Close it without a word. On the loop's thread."""
        stream = _stream(self._handler)
        if stream is not None:
            stream.close()


class PlainWire(asyncio.BufferedProtocol):
    """By asyncio's transport.

    Parameters
    ----------
    stream : IOStream
        Tornado's, of which nothing is being read.
    received : callable
        Called with each message, bytes, and whether these are text; on the loop's thread.
    turns : Turns
        When messages may be handled. The socket is not read before.

    Attributes
    ----------
    heard : bool
        Anything has come since somebody set it to False.
    """

    def __init__(self, stream: IOStream, received: Callable[[bytes, bool], object], turns: Turns) -> None:
        self._heard = True
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._stream = stream
        self._socket: socket.socket = stream.socket.dup()  # each of the two closes its own
        self._received = received
        self._turns = turns
        self._held: tuple[tuple[int, bytes], Iterator[tuple[int, bytes]]] | None = None
        self._frames = FrameReader(LARGEST)
        self._closing = False

    async def carry(self) -> None:
        """Read until the socket is closed. Then tornado finds its stream closed."""
        # It may still wait for the end of its stream, and would take what comes.
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
        return self._heard or self._held is not None  # what it says is not listened to

    @heard.setter
    def heard(self, heard: bool) -> None:
        self._heard = heard

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    # A protocol that is not buffered gets its bytes in 256 KiB that are allocated anew each time.
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
        """Handle frames, until the page has to wait for its turn; say whether it has not."""
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
            if self.unread() <= _MOST_PONGS:  # a browser that reads nothing asks for nothing either
                self.write(head(len(payload), PONG) + payload)
        elif opcode == CLOSE:
            self._say_close(payload[:2])
            self._transport.close()

    def _go_on(self, granted: bool) -> None:  # noqa: FBT001 -- as it is called
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
        """Say whether the page has closed its side, which a socket that is not read does not tell by itself."""
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
        """Close it without a word. On the loop's thread."""
        self._transport.abort()

    def _refuse(self, error: FrameError) -> None:
        complain("a page sent a message that breaks the protocol: %s", error)
        self._say_close(error.code.to_bytes(2, "big"))
        self._transport.close()

    def _say_close(self, reason: bytes) -> None:
        if not self._closing:
            self.write(head(len(reason), CLOSE) + reason)
            self._closing = True
            self._loop.call_later(_CLOSED_WITHIN, self._transport.abort)


class _Reading(threading.local):
    """Where a loop's sockets are read: what has come is taken at once, so that one place does for all of them."""

    def __init__(self) -> None:
        self.buffer = bytearray(_READ)


_reading = _Reading()


def _sent(plain: socket.socket, frame: bytes) -> int:
    try:
        return plain.send(frame)
    except (BlockingIOError, InterruptedError):
        return 0
    except (OSError, AttributeError):  # closed at this moment
        return len(frame)


def _stream(handler: WebSocketHandler) -> IOStream | None:
    connection = handler.ws_connection
    return None if connection is None or connection.is_closing() else connection.stream

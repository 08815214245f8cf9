"""A WebSocket's frames as bytes, without sockets (RFC 6455, section 5).

What pages send: text and binary messages, most of them one small frame, and one on the path of every ``eval_js``.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tornado.util import _websocket_mask as unmask  # in C where tornado could be built with it

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
# With which a WebSocket is closed.
NORMAL_CLOSURE, PROTOCOL_ERROR, POLICY_VIOLATION, TOO_BIG = 1000, 1002, 1008, 1009

_FINAL, _RESERVED, _OPCODE, _CONTROL = 0x80, 0x70, 0x0F, 0x08
_MASKED, _SIZE = 0x80, 0x7F
_TWO, _EIGHT = 126, 127  # bytes in which a size stands that is not below them
_LARGEST_CONTROL = 125
_WHOLE = (_FINAL | TEXT, _FINAL | BINARY)
_SMALLEST = 6  # bytes of a message's frame


class FrameError(ValueError):
    """What came is not what a page may send.

    Attributes
    ----------
    code : int
        With which the WebSocket is to be closed.
    """

    def __init__(self, message: str, code: int = PROTOCOL_ERROR) -> None:
        super().__init__(message)
        self.code = code


def head(size: int, opcode: int = BINARY) -> bytes:
    """Return what stands before so many bytes in a frame that is a whole message, from a server."""
    first = _FINAL | opcode
    if size < _TWO:
        return struct.pack(">BB", first, size)
    if size <= 0xFFFF:  # noqa: PLR2004
        return struct.pack(">BBH", first, _TWO, size)
    return struct.pack(">BBQ", first, _EIGHT, size)


class FrameReader:
    """Makes messages of the bytes that a browser sends.

    Parameters
    ----------
    largest : int
        Bytes that a message may have.
    """

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._unread = bytearray()
        self._begun: bytearray | None = None  # a message whose end has not come
        self._kind = BINARY  # of that message

    def feed(self, data: bytes) -> Iterable[tuple[int, bytes]]:
        """Take bytes as they come; give what they complete: `TEXT` and `BINARY`, `CLOSE`, `PING` and `PONG`.

        Raises
        ------
        FrameError
            At what breaks the protocol, or a message that is too large; nothing can be read after it.
        """
        if not self._unread and self._begun is None and len(data) <= self._largest:
            message = _alone(data)
            if message is not None:
                return ((data[0] ^ _FINAL, message),)
        return self._feed(data)

    def _feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        unread: bytes | bytearray = data
        if self._unread:
            self._unread += data
            unread = self._unread
        start = 0
        while (frame := self._frame(unread, start)) is not None:
            final, opcode, payload, start = frame
            if opcode & _CONTROL:
                yield opcode, payload
            elif (message := self._gather(payload, opcode, final=final)) is not None:
                yield self._kind, message
        if unread is self._unread:
            del self._unread[:start]
        elif start < len(unread):
            self._unread += unread[start:]

    def _frame(self, data: bytes | bytearray, start: int) -> tuple[bool, int, bytes, int] | None:
        """Read the frame that begins somewhere: whether it is its message's last, opcode, payload, where it ends."""
        if len(data) < start + 2:
            return None
        first, second = data[start], data[start + 1]
        final, opcode, size = bool(first & _FINAL), first & _OPCODE, second & _SIZE
        if first & _RESERVED or not second & _MASKED:
            msg = "a frame that is not masked, or of an extension"
            raise FrameError(msg)
        if opcode & _CONTROL:
            if opcode > PONG or size > _LARGEST_CONTROL or not final:
                msg = f"a control frame of kind {opcode} with {size} bytes"
                raise FrameError(msg)
        elif opcode not in (CONTINUATION, TEXT, BINARY):
            msg = f"a frame of kind {opcode}"
            raise FrameError(msg)
        start += 2
        if size >= _TWO:
            kind = ">H" if size == _TWO else ">Q"
            ends = start + struct.calcsize(kind)
            if len(data) < ends:
                return None
            (size,) = struct.unpack_from(kind, data, start)
            start = ends
        if len(self._begun or b"") + size > self._largest:
            msg = f"a message of more than {self._largest} bytes"
            raise FrameError(msg, TOO_BIG)
        begin = start + 4
        end = begin + size
        if len(data) < end:
            return None
        return final, opcode, unmask(bytes(data[start:begin]), bytes(data[begin:end])), end

    def _gather(self, payload: bytes, opcode: int, *, final: bool) -> bytes | None:
        """Return the message that a frame completes."""
        if (opcode == CONTINUATION) != (self._begun is not None):
            msg = "a message within a message, or a part of none"
            raise FrameError(msg)
        if self._begun is None:
            self._kind = opcode
            if final:
                return payload
            self._begun = bytearray()
        self._begun += payload  # not a list of parts: those may be empty, and without end
        if not final:
            return None
        message, self._begun = bytes(self._begun), None
        return message


def _alone(data: bytes) -> bytes | None:
    """Return the message that is all there is, if it is one of less than 64 KiB: nearly always it is."""
    if len(data) < _SMALLEST or data[0] not in _WHOLE:
        return None
    size, begin = data[1] ^ _MASKED, 2
    if size == _TWO:
        size, begin = data[2] << 8 | data[3], 4
    elif size > _TWO:  # not masked, or very large
        return None
    if len(data) != begin + 4 + size:
        return None
    return unmask(data[begin : begin + 4], data[begin + 4 :])

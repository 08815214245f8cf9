"""Encoding of WebSocket frames as bytes, without sockets (RFC 6455, section 5).

Pages send text and binary messages, most of them in one small frame. Reading such a frame is on the path of every
``eval_js``, which takes about 10 % longer with `websockets` or `wsproto`; hence no library. The code makes all checks
that the RFC requires of a server. Tests compare it with `wsproto`.
"""

from __future__ import annotations

import codecs
import struct
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
# Codes with which a WebSocket is closed.
NORMAL_CLOSURE, PROTOCOL_ERROR, NOT_UTF8, POLICY_VIOLATION, TOO_BIG = 1000, 1002, 1007, 1008, 1009
TRY_AGAIN_LATER = 1013

_FINAL, _RESERVED, _OPCODE, _CONTROL = 0x80, 0x70, 0x0F, 0x08
_MASKED, _SIZE = 0x80, 0x7F
_TWO, _EIGHT = 126, 127  # size field values from which the size follows in more bytes
_LARGEST_CONTROL = 125
_WHOLE = (_FINAL | TEXT, _FINAL | BINARY)
_SMALLEST = 6  # bytes of the smallest frame with a message
_SMALL = 512  # bytes up to which they are unmasked as one number; larger ones by tables
# Codes that a peer may use in a close frame: those of the RFC, of its registry, and private ones.
_CLOSE_CODES = frozenset((*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)))

_decoder = codecs.getincrementaldecoder("utf-8")


class FrameError(ValueError):
    """A frame that a page may not send.

    Attributes
    ----------
    code : int
        The code to close the WebSocket with.
    """

    def __init__(self, message: str, code: int = PROTOCOL_ERROR) -> None:
        super().__init__(message)
        self.code = code


def head(size: int, opcode: int = BINARY) -> bytes:
    """Return the header of a server's frame that is a whole message of that size."""
    first = _FINAL | opcode
    if size < _TWO:
        return struct.pack(">BB", first, size)
    if size <= 0xFFFF:  # noqa: PLR2004
        return struct.pack(">BBH", first, _TWO, size)
    return struct.pack(">BBQ", first, _EIGHT, size)


class FrameReader:
    """Decodes the bytes that a browser sends.

    Parameters
    ----------
    largest : int
        The maximum size of a message in bytes.
    """

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._unread = bytearray()
        self._begun: bytearray | None = None  # an incomplete message
        self._kind = BINARY  # the opcode of that message
        self._decode = _decoder().decode  # the decoder of its text
        self._ended = False

    def feed(self, data: bytes) -> Iterable[tuple[int, bytes]]:
        """Add received bytes. Yield the frames that they complete: `TEXT` and `BINARY`, `CLOSE`, `PING` and `PONG`.

        Bytes after a `CLOSE` or an error are not read.

        Raises
        ------
        FrameError
            If a frame violates the protocol, or a message is too large.
        """
        if not self._unread and self._begun is None and len(data) <= self._largest and not self._ended:
            message = _alone(data)
            if message is not None:
                return ((data[0] ^ _FINAL, message),)
        return self._feed(data)

    def _feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        if self._ended:
            return
        self._ended = True  # unless everything can be decoded
        unread: bytes | bytearray = data
        if self._unread:
            self._unread += data
            unread = self._unread
        start = 0
        while (frame := self._frame(unread, start)) is not None:
            final, opcode, payload, start = frame
            if opcode == CLOSE:
                _check_close(payload)
                yield opcode, payload
                return
            if opcode & _CONTROL:
                yield opcode, payload
            elif (message := self._gather(payload, opcode, final=final)) is not None:
                yield self._kind, message
        if unread is self._unread:
            del self._unread[:start]
        elif start < len(unread):
            self._unread += unread[start:]
        self._ended = False

    def _frame(self, data: bytes | bytearray, start: int) -> tuple[bool, int, bytes, int] | None:
        """Read the frame at a position. Return whether it is its message's last one, its opcode, payload and end."""
        if len(data) < start + 2:
            return None
        first, second = data[start], data[start + 1]
        final, opcode, size = bool(first & _FINAL), first & _OPCODE, second & _SIZE
        if first & _RESERVED or not second & _MASKED:
            msg = "a frame without a mask, or of an extension"
            raise FrameError(msg)
        if opcode & _CONTROL:
            if opcode > PONG or size > _LARGEST_CONTROL or not final:
                msg = f"a control frame of kind {opcode} with {size} bytes"
                raise FrameError(msg)
        elif opcode not in (CONTINUATION, TEXT, BINARY):
            msg = f"a frame of kind {opcode}"
            raise FrameError(msg)
        begin, size = _size(data, start + 2, size)
        if len(self._begun or b"") + size > self._largest:
            msg = f"a message of more than {self._largest} bytes"
            raise FrameError(msg, TOO_BIG)
        end = begin + 4 + size
        if len(data) < end:
            return None
        return final, opcode, _unmask(bytes(data[begin : begin + 4]), bytes(data[begin + 4 : end])), end

    def _gather(self, payload: bytes, opcode: int, *, final: bool) -> bytes | None:
        """Return the message that a frame completes."""
        if (opcode == CONTINUATION) != (self._begun is not None):
            msg = "a message within a message, or a continuation without one"
            raise FrameError(msg)
        if self._begun is None:
            self._kind = opcode
            if final:
                if opcode == TEXT and not payload.isascii():
                    _check_text(payload)
                return payload
            self._begun = bytearray()
            self._decode = _decoder().decode
        if self._kind == TEXT:
            try:
                self._decode(payload, final)
            except UnicodeDecodeError as error:
                raise _not_utf8(error) from None
        self._begun += payload  # not a list of parts, which could consist of countless empty ones
        if not final:
            return None
        message, self._begun = bytes(self._begun), None
        return message


def _alone(data: bytes) -> bytes | None:
    """Return the message if the data consists of exactly one of less than 64 KiB, the usual case."""
    if len(data) < _SMALLEST or data[0] not in _WHOLE:
        return None
    size, begin = data[1] ^ _MASKED, 2
    if size == _TWO:
        size, begin = data[2] << 8 | data[3], 4
        if size < _TWO:
            return None
    elif size > _TWO:  # not masked, or very large
        return None
    if len(data) != begin + 4 + size:
        return None
    message = _unmask(data[begin : begin + 4], data[begin + 4 :])
    if data[0] == _FINAL | TEXT and not message.isascii():
        _check_text(message)
    return message


def _size(data: bytes | bytearray, start: int, size: int) -> tuple[int, int]:
    """Return the position of the mask and the size of the payload, as far as they are known."""
    if size < _TWO:
        return start, size
    kind, least = (">H", _TWO) if size == _TWO else (">Q", 2**16)
    end = start + struct.calcsize(kind)
    if len(data) < end:
        return end, 0
    (size,) = struct.unpack_from(kind, data, start)
    if size < least or size >> 63:
        msg = f"a size of {size} bytes in a field of the wrong length"
        raise FrameError(msg)
    return end, size


def _unmask(mask: bytes, data: bytes) -> bytes:
    size = len(data)
    if size > _SMALL:
        unmasked = bytearray(size)
        for place in range(4):
            unmasked[place::4] = data[place::4].translate(_table(mask[place]))
        return bytes(unmasked)
    key = int.from_bytes(mask * (size // 4) + mask[: size % 4], "little")
    return (int.from_bytes(data, "little") ^ key).to_bytes(size, "little")


@cache
def _table(byte: int) -> bytes:
    return bytes(each ^ byte for each in range(256))


def _check_text(text: bytes) -> None:
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(error) from None


def _check_close(payload: bytes) -> None:
    """Reject a close frame with an invalid code, or with a reason that is not UTF-8."""
    if not payload:
        return
    code = int.from_bytes(payload[:2], "big")
    if len(payload) == 1 or code not in _CLOSE_CODES:
        msg = f"a close frame with the code {code}" if len(payload) > 1 else "a close frame of one byte"
        raise FrameError(msg)
    _check_text(payload[2:])


def _not_utf8(error: UnicodeDecodeError) -> FrameError:
    return FrameError(f"a text that is not UTF-8: {error.reason}", NOT_UTF8)

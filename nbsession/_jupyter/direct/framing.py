"""The messages between the Jupyter server's extension and the kernel: a length, a kind and the content."""

from __future__ import annotations

import struct

from nbsession._server.wire.envelope import LARGEST

SECRET = 0
"""The first message of a connection: its content is the address's secret."""
TEXT = 1
BINARY = 2

# Bytes of a message before the page has proved that it may talk to the kernel.
LARGEST_UNPROVED = 1024
_HEAD = struct.Struct(">IB")


class FramingError(ValueError):
    """The other end sent a message that is too long, or of an unknown kind."""


def frame(kind: int, content: bytes) -> bytes:
    """Encode a message."""
    return _HEAD.pack(len(content), kind) + content


class Reader:
    """Splits received bytes into messages.

    Attributes
    ----------
    largest : int
        Bytes of the longest content that is accepted.
    """

    def __init__(self, largest: int = LARGEST) -> None:
        self.largest = largest
        self._received = bytearray()

    def feed(self, data: bytes) -> None:
        """Add received bytes."""
        self._received += data

    def next(self) -> tuple[int, bytes] | None:
        """Return the kind and the content of the next message; None if it is incomplete.

        Raises
        ------
        FramingError
            If it is too long, or of an unknown kind.
        """
        received = self._received
        if len(received) < _HEAD.size:
            return None
        length, kind = _HEAD.unpack_from(received)
        if length > self.largest or kind > BINARY:
            msg = f"a message of {length} bytes and kind {kind}"
            raise FramingError(msg)
        end = _HEAD.size + length
        if len(received) < end:
            return None
        with memoryview(received) as view:
            content = bytes(view[_HEAD.size : end])
        del received[:end]
        return kind, content

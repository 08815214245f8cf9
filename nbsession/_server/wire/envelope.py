"""Encoding of envelopes as bytes or text, for WebSocket messages and HTTP bodies (docs/protocol.md)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from nbsession._core.values import to_json
from nbsession._link import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nbsession._link import Buffer, Messages

# A frame holds at most 1 MiB + 256 KiB, and its envelope adds little.
LARGEST = 2 * 1024 * 1024
# Maximum unsent bytes of a connection. A page that reads has a window of at most 4 MiB in flight, and perhaps as much
# again.
MOST_UNREAD = 16 * 1024 * 1024
# Total size in bytes of messages up to which an envelope is sent as text: parsing it at once must be fast.
_LONGEST_TEXT = 32 * 1024
_EMPTY = memoryview(b"")
_LENGTH = struct.Struct(">I")


def pack(envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> bytes:
    """Encode an envelope and its buffers as one message."""
    if buffers:
        envelope = {**envelope, "buffers": [memoryview(buffer).nbytes for buffer in buffers]}
    text = to_json(envelope).encode("ascii")
    return b"".join([_LENGTH.pack(len(text)), text, *buffers])


def unpack(message: bytes | memoryview) -> tuple[dict[str, Any], list[memoryview]]:
    """Decode a message to its envelope and buffers. The buffers are not copied.

    Raises
    ------
    ValueError
        If the message is malformed.
    """
    view = memoryview(message)
    if len(view) < _LENGTH.size:
        msg = f"a message of {len(view)} bytes"
        raise ValueError(msg)
    end = _LENGTH.size + _LENGTH.unpack_from(view)[0]
    envelope = decode(view[_LENGTH.size : end])
    if not isinstance(envelope, dict):
        msg = f"an envelope must be an object, not {type(envelope).__name__}"
        raise ValueError(msg)  # noqa: TRY004 -- callers treat all malformed messages alike
    buffers = []
    lengths = envelope.pop("buffers", ())
    if type(lengths) is not list and lengths != ():
        msg = f"buffers must be a list of lengths, not {lengths!r:.80}"
        raise ValueError(msg)
    for length in lengths:
        if type(length) is not int or length < 0:
            msg = f"a buffer's length must be a positive integer, not {length!r:.80}"
            raise ValueError(msg)
        # Empty buffers share one object: a message may contain a million of them.
        buffers.append(view[end : end + length] if length else _EMPTY)
        end += length
    if end != len(view):
        msg = f"a message of {len(view)} bytes that should have {end}"
        raise ValueError(msg)
    return envelope, buffers


def pack_text(envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> bytes | None:
    """Encode an envelope and its messages as one ASCII JSON text. Return None if some are not short texts.

    A page that has just woken up handles one text faster than two and the bytes around them: conversions between text
    and bytes then take longer than everything else.
    """
    if not buffers:
        return to_json(envelope).encode("ascii")
    frame: Any = envelope["frame"]
    for item in frame["items"]:
        if len(item) != 2 or item[1] != 1:  # noqa: PLR2004 -- a fragment, or a message with buffers
            return None
    bodies = b",".join(buffers)
    if len(bodies) > _LONGEST_TEXT:
        return None
    return b'%b,"bodies":[%b]}' % (to_json(envelope).encode("ascii")[:-1], bodies)


def unpack_text(message: bytes | str) -> tuple[dict[str, Any], list[Messages]]:
    """Decode a text to its envelope and messages.

    Raises
    ------
    ValueError
        If the text is malformed.
    """
    envelope = decode(message)
    if not isinstance(envelope, dict):
        msg = f"an envelope must be an object, not {type(envelope).__name__}"
        raise ValueError(msg)  # noqa: TRY004 -- callers treat all malformed messages alike
    bodies = envelope.pop("bodies", [])
    for batch in bodies if type(bodies) is list else [None]:
        if type(batch) is not list:
            msg = f"bodies must be a list of lists of messages, not {bodies!r:.80}"
            raise ValueError(msg)
    return envelope, bodies


def join(messages: Iterable[bytes]) -> bytes:
    """Join messages to one body, each after its length."""
    return b"".join(part for message in messages for part in (_LENGTH.pack(len(message)), message))


def split(body: bytes) -> Iterator[memoryview]:
    """Yield the messages of a body.

    Raises
    ------
    ValueError
        If the body is malformed.
    """
    view = memoryview(body)
    start = 0
    while start < len(view):
        if len(view) - start < _LENGTH.size:
            msg = "a body that ends within a length"
            raise ValueError(msg)
        end = start + _LENGTH.size + _LENGTH.unpack_from(view, start)[0]
        if end > len(view):
            msg = f"a body of {len(view)} bytes with a message that ends at {end}"
            raise ValueError(msg)
        yield view[start + _LENGTH.size : end]
        start = end

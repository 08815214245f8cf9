"""Envelopes as bytes, or text, for wires: a WebSocket's message, a part of an HTTP body (docs/protocol.md)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from nbsession._core.values import to_json
from nbsession._link import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nbsession._link import Buffer, Messages

# A frame holds at most 1 MiB + 256 KiB, and its envelope little more.
LARGEST = 2 * 1024 * 1024
# Bytes that may wait for one connection to take them. A page that reads has a window of 4 MiB in flight at most, and
# perhaps as much again.
MOST_UNREAD = 16 * 1024 * 1024
# Bytes of messages up to which an envelope goes as text: to parse it at once must not take long.
_LONGEST_TEXT = 32 * 1024
_EMPTY = memoryview(b"")
_LENGTH = struct.Struct(">I")


def pack(envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> bytes:
    """Return an envelope and its buffers as one message."""
    if buffers:
        envelope = {**envelope, "buffers": [memoryview(buffer).nbytes for buffer in buffers]}
    text = to_json(envelope).encode("ascii")
    return b"".join([_LENGTH.pack(len(text)), text, *buffers])


def unpack(message: bytes | memoryview) -> tuple[dict[str, Any], list[memoryview]]:
    """Return the envelope and the buffers of a message; the buffers are not copied.

    Raises
    ------
    ValueError
        If it is malformed.
    """
    view = memoryview(message)
    if len(view) < _LENGTH.size:
        msg = f"a message of {len(view)} bytes"
        raise ValueError(msg)
    end = _LENGTH.size + _LENGTH.unpack_from(view)[0]
    envelope = decode(view[_LENGTH.size : end])
    if not isinstance(envelope, dict):
        msg = f"an envelope must be an object, not {type(envelope).__name__}"
        raise ValueError(msg)  # noqa: TRY004 -- to callers all malformed messages are alike
    buffers = []
    lengths = envelope.pop("buffers", ())
    if type(lengths) is not list and lengths != ():
        msg = f"buffers must be a list of lengths, not {lengths!r:.80}"
        raise ValueError(msg)
    for length in lengths:
        if type(length) is not int or length < 0:
            msg = f"a buffer's length must be a positive integer, not {length!r:.80}"
            raise ValueError(msg)
        # One that is empty takes no object of its own: a message may name a million of them.
        buffers.append(view[end : end + length] if length else _EMPTY)
        end += length
    if end != len(view):
        msg = f"a message of {len(view)} bytes that should have {end}"
        raise ValueError(msg)
    return envelope, buffers


def pack_text(envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> bytes | None:
    """Return an envelope and its messages as one JSON text in ASCII; None if not all of them are short texts.

    A page that has just woken is quicker with one text than with two and the bytes around them: the ways between texts
    and bytes take longer there than all else.
    """
    if not buffers:
        return to_json(envelope).encode("ascii")
    frame: Any = envelope["frame"]
    for item in frame["items"]:
        if len(item) != 2 or item[1] != 1:  # noqa: PLR2004 -- a fragment, or buffers of its own
            return None
    bodies = b",".join(buffers)
    if len(bodies) > _LONGEST_TEXT:
        return None
    return b'%b,"bodies":[%b]}' % (to_json(envelope).encode("ascii")[:-1], bodies)


def unpack_text(message: bytes | str) -> tuple[dict[str, Any], list[Messages]]:
    """Return the envelope of a text, and its messages.

    Raises
    ------
    ValueError
        If it is malformed.
    """
    envelope = decode(message)
    if not isinstance(envelope, dict):
        msg = f"an envelope must be an object, not {type(envelope).__name__}"
        raise ValueError(msg)  # noqa: TRY004 -- to callers all malformed messages are alike
    bodies = envelope.pop("bodies", [])
    for batch in bodies if type(bodies) is list else [None]:
        if type(batch) is not list:
            msg = f"bodies must be a list of lists of messages, not {bodies!r:.80}"
            raise ValueError(msg)
    return envelope, bodies


def join(messages: Iterable[bytes]) -> bytes:
    """Return messages as one body: each behind its length."""
    return b"".join(part for message in messages for part in (_LENGTH.pack(len(message)), message))


def split(body: bytes) -> Iterator[memoryview]:
    """Yield the messages of a body.

    Raises
    ------
    ValueError
        If it is malformed.
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

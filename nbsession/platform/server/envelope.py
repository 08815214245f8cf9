"""Envelopes as bytes, for wires that carry bytes: a WebSocket's message, a part of an HTTP body (docs/protocol.md)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from nbsession.link import decode
from nbsession.session.values import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nbsession.link import Buffer

# A frame holds at most 1 MiB + 256 KiB, and its envelope little more.
LARGEST = 2 * 1024 * 1024
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
        buffers.append(view[end : end + length])
        end += length
    if end != len(view):
        msg = f"a message of {len(view)} bytes that should have {end}"
        raise ValueError(msg)
    return envelope, buffers


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

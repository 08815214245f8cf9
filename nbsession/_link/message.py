"""What travels in frames: messages, and what a peer's bytes become."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from .errors import ProtocolError

Buffer = bytes | bytearray | memoryview
Messages = list[Any]
"""A batch of messages that came as text within the text of their frame: parsed with it, in place of its bytes."""
Parts = Sequence[Buffer] | Sequence[Messages]
"""What came beside a frame: all as bytes, or all as text."""


@dataclass(slots=True)
class Unparsed:
    """The JSON text of a large message that is to be parsed where it keeps nobody waiting."""

    text: bytes


@dataclass(slots=True)
class Message:
    """A message of one channel: its decoded JSON and its buffers (which its body refers to by index)."""

    channel: int
    body: Any
    buffers: list[Buffer] = field(default_factory=list)


@dataclass(slots=True)
class Arrival:
    """A numbered frame whose turn has come, and the messages it completes, in order."""

    number: int
    messages: list[Message]


def _refuse_constant(name: str) -> NoReturn:
    msg = f"{name} is not JSON"
    raise ProtocolError(msg)


_decoder = json.JSONDecoder(parse_constant=_refuse_constant)


def decode(data: Buffer | str) -> Any:
    """Return the JSON value that a peer wrote as text, in UTF-8 where it is bytes.

    Raises
    ------
    ProtocolError
        It is not UTF-8, not JSON, or nested deeper than Python can follow.
    """
    try:
        text = data if isinstance(data, str) else str(data, "utf-8")
        # White space around it is allowed, and nobody sends any: to look for it takes longer than a small message.
        if text[:1] > " ":
            value, end = _decoder.raw_decode(text)
            if end == len(text):
                return value
        return _decoder.decode(text)
    except ProtocolError:
        raise
    except (ValueError, RecursionError) as error:
        msg = f"a message that is not JSON: {error}"
        raise ProtocolError(msg) from error


def flat(buffer: Buffer) -> memoryview:
    """Return a view of a buffer's bytes as a flat row of unsigned bytes, without copying them."""
    view = memoryview(buffer)
    if not view.nbytes:
        return memoryview(b"")  # a view with a zero in its shape cannot be cast
    return view if view.format == "B" and view.ndim == 1 and view.contiguous else view.cast("B")

"""The content of frames: messages and their decoding."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from .errors import ProtocolError

Buffer = bytes | bytearray | memoryview
Messages = list[Any]
"""A batch of messages that were part of their frame's text and were parsed with it."""
Parts = Sequence[Buffer] | Sequence[Messages]
"""The content that arrived beside a frame: bytes, or texts."""


@dataclass(slots=True)
class Unparsed:
    """The JSON text of a large message, to be parsed on a thread that nothing waits for."""

    text: bytes


@dataclass(slots=True)
class Message:
    """A message on one channel: its decoded JSON and its buffers (its body contains their indices)."""

    channel: int
    body: Any
    buffers: list[Buffer] = field(default_factory=list)


@dataclass(slots=True)
class Arrival:
    """A numbered frame whose turn has come, and the messages that it completes, in order."""

    number: int
    messages: list[Message]


def _refuse_constant(name: str) -> NoReturn:
    msg = f"{name} is not JSON"
    raise ProtocolError(msg)


_decoder = json.JSONDecoder(parse_constant=_refuse_constant)


def decode(data: Buffer | str) -> Any:
    """Parse a peer's JSON text, which is in UTF-8 if it is bytes.

    Raises
    ------
    ProtocolError
        If it is not UTF-8 or not JSON, or is nested too deeply for Python.
    """
    try:
        text = data if isinstance(data, str) else str(data, "utf-8")
        # Surrounding white space is allowed but not expected: skipping it would take longer than a small message.
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
    """Return a view of a buffer as a flat sequence of unsigned bytes, without copying them."""
    view = memoryview(buffer)
    if not view.nbytes:
        return memoryview(b"")  # a view with a zero in its shape cannot be cast
    return view if view.format == "B" and view.ndim == 1 and view.contiguous else view.cast("B")

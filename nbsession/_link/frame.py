"""The encoding of frames, and the validation of a peer's frames.

All functions are stateless: they check a frame by itself. `send_window` and `fragments` check whether its number, its
acknowledgement and its fragments match earlier frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from .errors import ProtocolError
from .message import Buffer, Message, Messages, Parts, decode

LARGEST_INTEGER = 2**53 - 1
"""The largest integer that JavaScript represents exactly; the limit of numbers, channels and lengths."""


@dataclass(slots=True)
class Outgoing:
    """A frame to transmit: its JSON object and its binary buffers."""

    frame: dict[str, object]
    buffers: list[Buffer]


@dataclass(slots=True)
class Incoming:
    """A peer's frame with validated fields. `items` are not validated: most duplicates are dropped unread."""

    ack: int
    number: int | None = None
    items: Sequence[Any] = ()
    missing: Sequence[tuple[int, int]] = ()
    probe: int | None = None


@dataclass(slots=True)
class Fragment:
    """A part of a large message. The first fragment declares the lengths of the message's parts."""

    channel: int
    data: Buffer
    lengths: list[int] | None


Content = Message | Fragment


def read_frame(frame: object, buffers: Parts) -> Incoming:
    """Validate a peer's frame, except for its items.

    Raises
    ------
    ProtocolError
        If a field is missing, has another type, or is out of range.
    """
    if not isinstance(frame, dict):
        msg = f"a frame must be an object, not {type(frame).__name__}"
        raise ProtocolError(msg)
    ack = _integer(frame.get("ack"), "ack")
    if "number" in frame:
        items = frame.get("items")
        if not isinstance(items, list):
            msg = f"the items of a frame must be a list, not {type(items).__name__}"
            raise ProtocolError(msg)
        return Incoming(ack, number=_integer(frame["number"], "number", least=1), items=items)
    if buffers:
        msg = f"a frame without a number carries {len(buffers)} buffers, expected none"
        raise ProtocolError(msg)
    if "missing" in frame:
        return Incoming(ack, missing=_ranges(frame["missing"]))
    if "probe" in frame:
        return Incoming(ack, probe=_integer(frame["probe"], "probe", least=1))
    return Incoming(ack)


def read_items(items: Sequence[Any], buffers: Sequence[Buffer], *, largest: int, most: int) -> list[Content]:
    """Validate a numbered frame's items and decode the complete messages.

    Parameters
    ----------
    largest
        The maximum number of bytes that a large message may declare.
    most
        The maximum number of messages and fragments in a frame.

    Raises
    ------
    ProtocolError
        If an item is malformed or its JSON cannot be parsed, if items and buffers do not match, or if a limit is
        exceeded.
    """
    contents: list[Content] = []
    used = 0
    if len(items) > most:
        _too_many(len(items), most)
    for item in items:
        if not isinstance(item, list) or len(item) not in (2, 3):
            msg = f"an item must be a list of two or three, not {shown(item)}"
            raise ProtocolError(msg)
        channel, count, *lengths = item
        channel = _integer(channel, "channel")
        count = _integer(count, "number of buffers", least=1)
        if used + count > len(buffers):
            msg = f"items consume more than the frame's {len(buffers)} buffers"
            raise ProtocolError(msg)
        taken = buffers[used : used + count]
        used += count
        if lengths:
            contents.append(_fragment(channel, taken, lengths[0], largest))
        else:
            contents.extend(_messages(channel, taken, most - len(contents)))
    if used != len(buffers):
        msg = f"items consume {used} of the frame's {len(buffers)} buffers"
        raise ProtocolError(msg)
    return contents


def read_parsed(items: Sequence[Any], batches: Sequence[Messages], *, most: int) -> list[Content]:
    """Validate a numbered frame's items if its messages have been parsed together with it.

    Parameters
    ----------
    most
        See `read_items`.

    Raises
    ------
    ProtocolError
        If an item is malformed, if items and batches do not match, or if a limit is exceeded.
    """
    if len(items) != len(batches):
        msg = f"{len(items)} items with {len(batches)} texts"
        raise ProtocolError(msg)
    contents: list[Content] = []
    for item, batch in zip(items, batches, strict=True):
        if not isinstance(item, list) or len(item) != 2 or type(item[1]) is not int or item[1] != 1:  # noqa: PLR2004
            msg = f"an item of text must be a channel and 1, not {shown(item)}"
            raise ProtocolError(msg)
        channel = _integer(item[0], "channel")
        if len(batch) > most - len(contents):
            _too_many(len(contents) + len(batch), most)
        for body in batch:
            contents.append(Message(channel, body))  # noqa: PERF401 -- a list of one takes twice as long
    return contents


def _too_many(count: int, most: int) -> NoReturn:
    msg = f"a frame with too many messages and fragments: {count}, expected at most {most}"
    raise ProtocolError(msg)


def _messages(channel: int, taken: Sequence[Buffer], most: int) -> list[Message]:
    bodies = decode(taken[0])
    if not isinstance(bodies, list):
        msg = "a batch must be a list of messages"
        raise ProtocolError(msg)
    if len(bodies) > most:
        _too_many(len(bodies), most)
    if len(taken) == 1:
        return [Message(channel, body) for body in bodies]
    if len(bodies) != 1:
        msg = f"an item with buffers of its own must hold one message, not {len(bodies)}"
        raise ProtocolError(msg)
    return [Message(channel, bodies[0], list(taken[1:]))]


def _fragment(channel: int, taken: Sequence[Buffer], lengths: object, largest: int) -> Fragment:
    if len(taken) != 1:
        msg = f"a fragment is one buffer, not {len(taken)}"
        raise ProtocolError(msg)
    if not len(taken[0]):
        msg = "a fragment must not be empty"
        raise ProtocolError(msg)
    if isinstance(lengths, list) and lengths:
        declared = [_integer(length, "length") for length in lengths]
        if sum(declared) > largest:
            msg = f"a message of {sum(declared)} bytes, expected at most {largest}"
            raise ProtocolError(msg)
        return Fragment(channel, taken[0], declared)
    if type(lengths) is int and lengths == 0:
        return Fragment(channel, taken[0], None)
    msg = f"a fragment declares a list of lengths or 0, not {shown(lengths)}"
    raise ProtocolError(msg)


def _ranges(value: object) -> list[tuple[int, int]]:
    if not isinstance(value, list):
        msg = f"missing must be a list of ranges, not {shown(value)}"
        raise ProtocolError(msg)
    ranges = []
    before = 0
    for pair in value:
        match pair:
            case [first, last]:
                first, last = _integer(first, "first", least=1), _integer(last, "last", least=1)
            case _:
                msg = f"a range must be [first, last], not {shown(pair)}"
                raise ProtocolError(msg)
        if not before < first <= last:
            msg = f"ranges must be in order and apart, not {shown(first)} to {shown(last)} after {before}"
            raise ProtocolError(msg)
        ranges.append((first, last))
        before = last
    return ranges


def _integer(value: object, name: str, *, least: int = 0) -> int:
    # `type(...) is int` because True and False are instances of int.
    if type(value) is not int or not least <= value <= LARGEST_INTEGER:
        msg = f"{name} must be an integer from {least} to {LARGEST_INTEGER}, not {shown(value)}"
        raise ProtocolError(msg)
    return value


def shown(value: object) -> str:
    """Return a short text for an error message: a value may be huge, deep, or an integer too long to print."""
    if isinstance(value, (list, dict)):
        return f"{type(value).__name__} of {len(value)}"
    if type(value) is int and abs(value) > 2 * LARGEST_INTEGER:
        return f"an integer of {value.bit_length()} bits"
    return repr(value[:40] if isinstance(value, str) else value)

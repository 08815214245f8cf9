"""A WebSocket's frames: what a browser may send arrives whole however it is cut, and nothing else does."""

from __future__ import annotations

import struct
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nbsession._server.wire.rfc6455 import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PROTOCOL_ERROR,
    TEXT,
    TOO_BIG,
    FrameError,
    FrameReader,
    head,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

FINAL, MASKED = 0x80, 0x80
LARGEST = 100_000
SMALL, TWO, EIGHT = 125, 0xFFFF, 70_000

sizes = st.sampled_from([b"a" * size for size in (SMALL, SMALL + 1, TWO, TWO + 1, EIGHT)])
whole_messages = st.one_of(
    st.tuples(st.just(TEXT), st.text(max_size=100).map(str.encode)),
    st.tuples(st.just(BINARY), st.binary(max_size=2000)),
    st.tuples(st.sampled_from([TEXT, BINARY]), sizes),
)


def sent(
    payload: bytes, opcode: int = BINARY, *, final: bool = True, mask: bytes = b"\x01\x02\x03\x04"
) -> bytes:
    """Return a frame as a browser sends it: its head, the mask, every byte under the mask."""
    there = bytearray(head(len(payload), opcode))
    there[0] = opcode | (FINAL if final else 0)
    there[1] |= MASKED
    size = len(payload)
    key = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
    return bytes(there) + mask + (int.from_bytes(payload, "big") ^ key).to_bytes(size, "big")


def read(chunks: Iterable[bytes]) -> list[tuple[int, bytes]]:
    reader = FrameReader(LARGEST)
    return [message for chunk in chunks for message in reader.feed(chunk)]


@given(
    messages=st.lists(whole_messages, max_size=4),
    mask=st.binary(min_size=4, max_size=4),
    cuts=st.data(),
)
@example(messages=[(BINARY, b""), (TEXT, b"x")], mask=b"\0\0\0\0", cuts=None)
def test_messages_arrive_whole_however_their_bytes_are_cut(
    messages: list[tuple[int, bytes]], mask: bytes, cuts: st.DataObject | None
) -> None:
    data = b"".join(sent(message, kind, mask=mask) for kind, message in messages)
    places = cuts.draw(st.lists(st.integers(0, len(data)), max_size=6)) if cuts else range(len(data))
    ends = sorted({*places, len(data)})
    chunks = [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert read(chunks) == messages


@pytest.mark.parametrize("kind", [TEXT, BINARY])
def test_a_message_in_parts_is_one(kind: int) -> None:
    parts = [
        sent(b"one ", kind, final=False),
        sent(b"two ", CONTINUATION, final=False),
        sent(b"three", CONTINUATION),
        sent(b"next"),
    ]
    assert read(parts) == [(kind, b"one two three"), (BINARY, b"next")]


def test_a_ping_may_come_between_the_parts_of_a_message() -> None:
    parts = [sent(b"one ", final=False), sent(b"here?", PING), sent(b"two", CONTINUATION)]
    assert read(parts) == [(PING, b"here?"), (BINARY, b"one two")]


def test_a_close_comes_with_its_reason() -> None:
    reason = struct.pack(">H", 1001) + b"gone"
    assert read([sent(reason, CLOSE)]) == [(CLOSE, reason)]


@pytest.mark.parametrize(
    "frames",
    [
        pytest.param(head(1) + b"x", id="not masked"),
        pytest.param(bytes([0x40 | sent(b"x")[0]]) + sent(b"x")[1:], id="an extension's bit"),
        pytest.param(sent(b"x", 0x3), id="an unknown kind"),
        pytest.param(sent(b"x", 0xB), id="an unknown control frame"),
        pytest.param(sent(b"x" * 126, PING), id="a long ping"),
        pytest.param(sent(b"x", PING, final=False), id="a ping in parts"),
        pytest.param(sent(b"x", CONTINUATION), id="a part of nothing"),
        pytest.param(sent(b"x", final=False) + sent(b"x"), id="a message within a message"),
    ],
)
def test_what_breaks_the_protocol_is_refused(frames: bytes) -> None:
    with pytest.raises(FrameError) as caught:
        read([frames])
    assert caught.value.code == PROTOCOL_ERROR


def test_a_message_that_is_too_large_is_refused_before_it_has_come() -> None:
    with pytest.raises(FrameError) as caught:
        read([sent(b"x" * (LARGEST + 1))[:14]])
    assert caught.value.code == TOO_BIG


def test_parts_that_are_too_large_together_are_refused() -> None:
    half = b"x" * (LARGEST // 2 + 1)
    with pytest.raises(FrameError) as caught:
        read([sent(half, final=False), sent(half, CONTINUATION)])
    assert caught.value.code == TOO_BIG


def test_parts_without_content_take_no_memory() -> None:
    reader = FrameReader(LARGEST)
    begin, empty = sent(b"", final=False), sent(b"", CONTINUATION, final=False) * 10_000
    tracemalloc.start()
    try:
        assert not [*reader.feed(begin), *reader.feed(empty)]
        assert tracemalloc.get_traced_memory()[0] < 10_000
    finally:
        tracemalloc.stop()

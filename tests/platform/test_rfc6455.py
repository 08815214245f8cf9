"""What RFC 6455 says of frames, case by case, and the same held against another implementation of it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol, ParseFailed

from nbsession._server.wire.rfc6455 import (
    BINARY,
    CLOSE,
    CONTINUATION,
    NOT_UTF8,
    PING,
    PONG,
    PROTOCOL_ERROR,
    TEXT,
    FrameError,
    FrameReader,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Read = Callable[[Iterable[bytes]], tuple[list[tuple[int, bytes]], int | None]]

MASK = b"\x37\xfa\x21\x3d"
LARGEST = 100_000


@dataclass(frozen=True)
class Frame:
    """A frame of a browser's, right or wrong.

    Attributes
    ----------
    field : int
        Bits of the field that has the size: 7, 16 or 64; 0 for the smallest that can.
    """

    opcode: int
    payload: bytes = b""
    final: bool = True
    reserved: int = 0
    masked: bool = True
    field: int = 0

    def __bytes__(self) -> bytes:
        size = len(self.payload)
        field = self.field or (7 if size < 126 else 16 if size < 2**16 else 64)
        first = self.final << 7 | self.reserved << 4 | self.opcode
        second = self.masked << 7 | {7: size, 16: 126, 64: 127}[field]
        extended = {7: b"", 16: struct.pack(">H", size & 0xFFFF), 64: struct.pack(">Q", size)}[field]
        if not self.masked:
            return bytes([first, second]) + extended + self.payload
        covered = bytes(byte ^ MASK[place % 4] for place, byte in enumerate(self.payload))
        return bytes([first, second]) + extended + MASK + covered


def close(code: int, reason: bytes = b"") -> Frame:
    return Frame(CLOSE, struct.pack(">H", code) + reason)


def ours(chunks: Iterable[bytes]) -> tuple[list[tuple[int, bytes]], int | None]:
    """Return the messages, and the code of the error that ends them."""
    reader, messages = FrameReader(LARGEST), []
    try:
        for chunk in chunks:
            for message in reader.feed(chunk):
                messages.append(message)  # noqa: PERF402 -- those before an error, too
    except FrameError as error:
        return messages, error.code
    return messages, None


def its(chunks: Iterable[bytes]) -> tuple[list[tuple[int, bytes]], int | None]:
    """Return what `wsproto` makes of it."""
    protocol = FrameProtocol(client=False, extensions=[])
    messages: list[tuple[int, bytes]] = []
    begun = bytearray()
    kind = None
    try:
        for chunk in chunks:
            protocol.receive_bytes(chunk)
            for frame in protocol.received_frames():
                opcode, payload = int(frame.opcode), cast("Any", frame.payload)
                if opcode == CLOSE:
                    code, reason = payload
                    said = b"" if code == 1005 else struct.pack(">H", code) + reason.encode()
                    return [*messages, (CLOSE, said)], None
                if opcode in (PING, PONG):
                    messages.append((opcode, bytes(payload)))
                    continue
                kind = opcode if kind is None else kind
                begun += payload.encode() if isinstance(payload, str) else payload
                if frame.message_finished:
                    messages.append((kind, bytes(begun)))
                    begun, kind = bytearray(), None
    except ParseFailed as error:
        return messages, int(error.code)
    return messages, None


ONE, UMLAUT, BROKEN, CUT = b"x", "ä".encode(), b"\xff", "ä".encode()[:1]
LEGAL = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999]
ILLEGAL = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535]

CASES: dict[str, tuple[list[Frame], list[tuple[int, bytes]] | int]] = {
    "5.2 a text": ([Frame(TEXT, UMLAUT)], [(TEXT, UMLAUT)]),
    "5.2 a binary message": ([Frame(BINARY, BROKEN)], [(BINARY, BROKEN)]),
    "5.2 an empty text": ([Frame(TEXT)], [(TEXT, b"")]),
    "5.2 an empty binary message": ([Frame(BINARY)], [(BINARY, b"")]),
    "5.2 125 bytes": ([Frame(BINARY, ONE * 125)], [(BINARY, ONE * 125)]),
    "5.2 126 bytes": ([Frame(BINARY, ONE * 126)], [(BINARY, ONE * 126)]),
    "5.2 65,535 bytes": ([Frame(BINARY, ONE * 65_535)], [(BINARY, ONE * 65_535)]),
    "5.2 65,536 bytes": ([Frame(BINARY, ONE * 65_536)], [(BINARY, ONE * 65_536)]),
    "5.2 one byte in 16 bits": ([Frame(BINARY, ONE, field=16)], PROTOCOL_ERROR),
    "5.2 no byte in 16 bits": ([Frame(TEXT, field=16)], PROTOCOL_ERROR),
    "5.2 125 bytes in 16 bits": ([Frame(BINARY, ONE * 125, field=16)], PROTOCOL_ERROR),
    "5.2 one byte in 64 bits": ([Frame(BINARY, ONE, field=64)], PROTOCOL_ERROR),
    "5.2 126 bytes in 64 bits": ([Frame(BINARY, ONE * 126, field=64)], PROTOCOL_ERROR),
    "5.2 65,535 bytes in 64 bits": ([Frame(BINARY, ONE * 65_535, field=64)], PROTOCOL_ERROR),
    **{
        f"5.2 reserved bits {bits:03b}": ([Frame(BINARY, ONE, reserved=bits)], PROTOCOL_ERROR)
        for bits in range(1, 8)
    },
    "5.2 a reserved bit of a ping": ([Frame(PING, reserved=4)], PROTOCOL_ERROR),
    "5.2 a reserved bit of a close": ([Frame(CLOSE, reserved=1)], PROTOCOL_ERROR),
    **{
        f"5.2 opcode {opcode:#x}": ([Frame(opcode, ONE)], PROTOCOL_ERROR)
        for opcode in (3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF)
    },
    "5.1 a message without a mask": ([Frame(BINARY, ONE, masked=False)], PROTOCOL_ERROR),
    "5.1 a close without a mask": ([Frame(CLOSE, masked=False)], PROTOCOL_ERROR),
    "5.4 a message in parts": (
        [Frame(TEXT, b"a", final=False), Frame(CONTINUATION, b"b", final=False), Frame(CONTINUATION, b"c")],
        [(TEXT, b"abc")],
    ),
    "5.4 parts without content": (
        [Frame(BINARY, final=False), Frame(CONTINUATION, final=False), Frame(CONTINUATION)],
        [(BINARY, b"")],
    ),
    "5.4 a ping between parts": (
        [Frame(TEXT, b"a", final=False), Frame(PING, b"?"), Frame(CONTINUATION, b"b")],
        [(PING, b"?"), (TEXT, b"ab")],
    ),
    "5.4 a part of nothing": ([Frame(CONTINUATION, ONE)], PROTOCOL_ERROR),
    "5.4 a part after the last": ([Frame(BINARY, ONE), Frame(CONTINUATION, ONE)], PROTOCOL_ERROR),
    "5.4 a message within a message": ([Frame(TEXT, ONE, final=False), Frame(TEXT, ONE)], PROTOCOL_ERROR),
    "5.5 a ping in parts": ([Frame(PING, ONE, final=False)], PROTOCOL_ERROR),
    "5.5 a pong in parts": ([Frame(PONG, ONE, final=False)], PROTOCOL_ERROR),
    "5.5 a close in parts": ([Frame(CLOSE, final=False)], PROTOCOL_ERROR),
    "5.5 a ping of 125 bytes": ([Frame(PING, ONE * 125)], [(PING, ONE * 125)]),
    "5.5 a ping of 126 bytes": ([Frame(PING, ONE * 126)], PROTOCOL_ERROR),
    "5.5 a ping of one byte in 16 bits": ([Frame(PING, ONE, field=16)], PROTOCOL_ERROR),
    "5.5 a close of 126 bytes": ([close(1000, ONE * 124)], PROTOCOL_ERROR),
    "5.5.1 a close without content": ([Frame(CLOSE)], [(CLOSE, b"")]),
    "5.5.1 a close of one byte": ([Frame(CLOSE, b"\x03")], PROTOCOL_ERROR),
    "5.5.1 a close with a reason": ([close(1000, UMLAUT)], [(CLOSE, b"\x03\xe8" + UMLAUT)]),
    "5.5.1 a close with a broken reason": ([close(1000, BROKEN)], NOT_UTF8),
    "5.5.1 a message after a close": ([Frame(CLOSE), Frame(TEXT, ONE)], [(CLOSE, b"")]),
    "5.5.1 nonsense after a close": ([Frame(CLOSE), Frame(3, masked=False)], [(CLOSE, b"")]),
    "5.5.3 a pong that nothing asked for": ([Frame(PONG, ONE)], [(PONG, ONE)]),
    **{f"7.4 code {code}": ([close(code)], [(CLOSE, struct.pack(">H", code))]) for code in LEGAL},
    **{f"7.4 code {code}": ([close(code)], PROTOCOL_ERROR) for code in ILLEGAL},
    "8.1 a broken text": ([Frame(TEXT, BROKEN)], NOT_UTF8),
    "8.1 a text that ends within a character": ([Frame(TEXT, CUT)], NOT_UTF8),
    "8.1 a lone surrogate": ([Frame(TEXT, b"\xed\xa0\x80")], NOT_UTF8),
    "8.1 a character in too many bytes": ([Frame(TEXT, b"\xc0\xaf")], NOT_UTF8),
    "8.1 a character beyond the last": ([Frame(TEXT, b"\xf4\x90\x80\x80")], NOT_UTF8),
    "8.1 a character cut by parts": (
        [Frame(TEXT, CUT, final=False), Frame(CONTINUATION, UMLAUT[1:])],
        [(TEXT, UMLAUT)],
    ),
    "8.1 a broken part": ([Frame(TEXT, BROKEN, final=False)], NOT_UTF8),
    "8.1 parts that end within a character": (
        [Frame(TEXT, ONE, final=False), Frame(CONTINUATION, CUT)],
        NOT_UTF8,
    ),
    "8.1 a text after parts that were cut": (
        [Frame(TEXT, CUT, final=False), Frame(CONTINUATION, UMLAUT[1:]), Frame(TEXT, BROKEN)],
        NOT_UTF8,
    ),
}


@pytest.mark.parametrize("way", ["at once", "byte by byte"])
@pytest.mark.parametrize("read", [ours, its])
@pytest.mark.parametrize(("frames", "expected"), CASES.values(), ids=CASES)
def test_a_case_of_the_rfc(
    read: Read, frames: list[Frame], expected: list[tuple[int, bytes]] | int, way: str
) -> None:
    data = b"".join(map(bytes, frames))
    # What is large takes long byte by byte, and its content makes no difference.
    ends = (
        range(1, len(data) + 1) if way == "byte by byte" and len(data) < 1000 else [1, 3, 9, 500, len(data)]
    )
    chunks = [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    if way == "at once":
        chunks = [data]
    messages, code = read(chunks)
    assert (messages if code is None else code) == expected


def test_the_code_of_a_bad_gateway_is_a_legal_one_that_wsproto_does_not_know() -> None:
    assert ours([bytes(close(1014))]) == ([(CLOSE, struct.pack(">H", 1014))], None)


def test_a_size_that_begins_with_a_bit_that_must_be_0_is_refused() -> None:
    assert ours([bytes([0x82, 0xFF]) + struct.pack(">Q", 2**63) + MASK]) == ([], PROTOCOL_ERROR)


def test_nothing_is_read_after_an_error() -> None:
    reader = FrameReader(LARGEST)
    with pytest.raises(FrameError):
        list(reader.feed(bytes(Frame(3))))
    assert list(reader.feed(bytes(Frame(BINARY, ONE)))) == []


contents = st.one_of(
    st.binary(max_size=8),
    st.text(max_size=6).map(str.encode),
    st.integers(120, 130).map(ONE.__mul__),
    st.sampled_from([*LEGAL, *ILLEGAL]).map(lambda code: struct.pack(">H", code)),
)
frames = st.builds(
    Frame,
    opcode=st.one_of(st.sampled_from([CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG]), st.integers(0, 15)),
    payload=contents,
    final=st.integers(0, 3).map(bool),
    reserved=st.sampled_from([0] * 20 + [1, 2, 4]),
    masked=st.integers(0, 30).map(bool),
    field=st.sampled_from([0] * 20 + [16, 64]),
).filter(lambda frame: frame.payload[:2] != struct.pack(">H", 1014))


@given(sent=st.lists(frames, max_size=6), places=st.lists(st.integers(0, 800), max_size=6))
@settings(deadline=None, max_examples=200)
def test_whatever_comes_is_read_as_another_implementation_reads_it(
    sent: list[Frame], places: list[int]
) -> None:
    data = b"".join(map(bytes, sent))
    ends = sorted({*(min(place, len(data)) for place in places), len(data)})
    chunks = [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert ours(chunks) == its(chunks)

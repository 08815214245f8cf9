"""What a visitor sends costs what it is long, whatever it says: in memory, in calls, in time.

``NBSESSION_TEST_LOAD=full`` tries messages as large as a server takes, and many more that nobody has thought of.
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbsession._server.wire.envelope import LARGEST

from .cost import calls, peak, seconds
from .parsers import GROWING, PARSERS, REFUSALS, batch, greeting, masked

if TYPE_CHECKING:
    from collections.abc import Callable

    from .parsers import Parser

FULL = os.environ.get("NBSESSION_TEST_LOAD") == "full"
PER_BYTE = 100
"""Bytes of memory that a byte on the wire may take while it is read: a message of two is an object with a list."""
FIXED = 256 * 1024
TIMES = 8
MOST_GROWTH = 12
"""By how much what counts may grow with what is `TIMES` as long. With the square of the length it would be by 64."""
MUCH_LONGER, MOST_TIME = 16, 48
"""The same of time: caches of the processor overflow, and other programs take some. The square would be 256."""
MEASURABLE = 0.001
"""Seconds. What takes less is not worth a comparison."""
LONGEST_HELLO = 64 * 1024
FEW = 30

Case = tuple["Parser", "Callable[[int], bytes]"]


@pytest.fixture(params=GROWING)
def case(request: pytest.FixtureRequest) -> Case:
    parser, make = GROWING[request.param]
    return PARSERS[parser], make


@pytest.fixture
def size(case: Case) -> int:
    """Return of how many parts the smaller of two inputs consists."""
    _, make = case
    size = 100
    while FULL and len(make(2 * size * TIMES)) < LARGEST // 4:
        size *= 2
    return size


def reading(parse: Parser, data: bytes) -> Callable[[], None]:
    """Return what reads something, which may be refused, and in no other way than the parsers' own."""

    def read() -> None:
        with suppress(*REFUSALS):
            parse(data)

    read()  # what is made at first use is not counted
    return read


def test_memory_is_in_proportion_to_what_came(case: Case, size: int) -> None:
    parse, make = case
    data = make(size * TIMES)
    assert peak(reading(parse, data)) < PER_BYTE * len(data) + FIXED


def test_memory_grows_no_faster_than_what_came(case: Case, size: int) -> None:
    parse, make = case
    few, many = (peak(reading(parse, make(count))) for count in (size, size * TIMES))
    assert many < MOST_GROWTH * few + FIXED


def test_calls_grow_no_faster_than_what_came(case: Case, size: int) -> None:
    parse, make = case
    few, many = (calls(reading(parse, make(count))) for count in (size, size * TIMES))
    assert many < MOST_GROWTH * few


def test_time_does_not_grow_with_the_square_of_what_came(case: Case) -> None:
    parse, make = case
    longest = LONGEST_HELLO if parse is PARSERS["hello"] else LARGEST if FULL else LARGEST // 8
    size = 1
    while len(make(2 * size * MUCH_LONGER)) < longest:
        size *= 2
    few, many = (seconds(reading(parse, make(count))) for count in (size, size * MUCH_LONGER))
    assert many < MOST_TIME * max(few, MEASURABLE)


# -- what nobody has thought of -----------------------------------------------------------------

MARKS = b"""[ ] { } " \\ , : 0 1 -1 1e999 9 . null true NaN \\u0000 \\ud800 [] {} [1] [1,1] [1,1,0] [1,1,[9]] [0,1] ""
[[],"nan"] [[],"bytes",0] "frame": "number": "ack": "items": "missing": "probe": "buffers": "bodies": "hello":"""
FRAGMENTS = [masked(first, payload) for first in (0x00, 0x01, 0x82, 0x89, 0x80) for payload in (b"", b"a")]
TOKENS = st.sampled_from([*MARKS.split(), *FRAGMENTS, b"\0", b"\xff", b" "])
TEXT = st.lists(TOKENS | st.binary(max_size=4), max_size=5).map(b"".join)
SHELLS: dict[str, Callable[[bytes], bytes]] = {
    "bytes": lambda text: text,
    "a message": lambda text: struct.pack(">I", len(text)) + text,
    "messages of a body": lambda text: struct.pack(">II", len(text) + 4, len(text)) + text,
    "a batch": batch,
    "a frame": lambda text: _message(b'{"frame":{"number":1,"ack":0,"items":[' + text + b"]}}"),
    "a text": lambda text: b'{"frame":{"number":1,"ack":0,"items":[[1,1]]},"bodies":[[' + text + b"]]}",
    "a value": lambda text: _message(b'{"value":[[[null]],[' + text + b"]]}"),
    "a hello": lambda text: greeting(
        user_agent=text.decode("latin-1"),
        user_agent_data={"platform": "Android", "platformVersion": "1", "model": text.decode("latin-1")},
    ),
    "one of WebSocket": lambda text: masked(0x81, text),
}


def _message(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text


@pytest.mark.parametrize("name", PARSERS)
@given(before=TEXT, again=TEXT, after=TEXT, shell=st.sampled_from(list(SHELLS)))
@settings(
    max_examples=300 if FULL else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_said_again_and_again_costs_as_much_each_time(
    name: str, before: bytes, again: bytes, after: bytes, shell: str
) -> None:
    few, many = (SHELLS[shell](before + again * times + after) for times in (FEW, FEW * TIMES))
    read_few, read_many = reading(PARSERS[name], few), reading(PARSERS[name], many)
    assert peak(read_many) < PER_BYTE * len(many) + FIXED
    assert calls(read_many) < MOST_GROWTH * calls(read_few)

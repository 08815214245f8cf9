"""Whatever a peer sends is refused as a protocol error that changes nothing, or taken with all invariants intact."""

from __future__ import annotations

import tracemalloc
from collections import deque
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbsession._link import Link, LinkSettings, ProtocolError
from nbsession._link.send_window import SendWindow

TINY = LinkSettings(fragment=4, turn=4, batch=8, window_frames=3, ahead_frames=4, largest_message=100)

NUMBER = st.one_of(
    st.integers(0, 8),
    st.integers(0, 8),
    st.integers(0, 8),
    st.sampled_from([-1, 2**53, 2**70, True, 1.0, None]),
)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
LENGTHS = st.one_of(
    st.just(0), st.lists(st.integers(0, 12), max_size=3), NUMBER, st.lists(NUMBER, max_size=3)
)
ITEM = st.one_of(
    st.tuples(st.integers(0, 2), st.integers(1, 3)),
    st.tuples(st.integers(0, 2), st.just(1), LENGTHS),
    st.tuples(NUMBER, NUMBER, LENGTHS),
).map(list)
FRAME = st.one_of(
    st.fixed_dictionaries(
        {"number": st.integers(1, 6), "ack": st.just(0), "items": st.lists(ITEM, min_size=1, max_size=3)}
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "number": NUMBER,
            "ack": NUMBER,
            "items": st.one_of(st.lists(st.one_of(ITEM, ANYTHING), max_size=3), ANYTHING),
            "missing": st.one_of(st.lists(st.lists(NUMBER, min_size=2, max_size=2), max_size=3), ANYTHING),
            "probe": NUMBER,
        },
    ),
    ANYTHING,
)
BUFFER = st.one_of(
    st.sampled_from([b"[1]", b'["a"]', b"[]", b"[1,2]", b'"a"', b'"', b"abc", b"", b"[[[["]),
    st.binary(max_size=6),
)


def state(thing: object) -> object:
    """Return everything a link holds, as something that compares."""
    if isinstance(thing, dict):
        return [(key, state(value)) for key, value in thing.items()]
    if isinstance(thing, (list, tuple, deque)):
        return [state(each) for each in thing]
    if type(thing).__module__.startswith("nbsession"):
        return [(name, state(getattr(thing, name))) for name in type(thing).__slots__]  # type: ignore[attr-defined]
    return thing


def check_flight(send_window: SendWindow) -> None:
    assert list(send_window.frames) == list(range(send_window.acked + 1, send_window.last + 1))
    assert send_window.bytes == sum(frame.builder.size for frame in send_window.frames.values())
    assert set(send_window.wanted) <= set(send_window.frames)


def busy_link() -> Link:
    """Return a link with frames in flight, a frame kept ahead and a large message half received."""
    link = Link(TINY)
    link.receive({"number": 1, "ack": 0, "items": [[1, 1, [3]]]}, [b'"a'], 0.0)
    link.receive({"number": 3, "ack": 0, "items": [[1, 1]]}, [b"[3]"], 0.0)
    link.send(1, '"abcdef"', now=0.0)
    link.send(2, "22", now=0.0)
    link.send(3, "3", [b"buf"], now=0.0)
    link.transmit(0.0)
    return link


@given(st.lists(st.tuples(FRAME, st.lists(BUFFER, max_size=3)), min_size=1, max_size=8))
@settings(max_examples=250, deadline=None)
def test_any_frame_is_refused_without_a_trace_or_taken_whole(
    frames: list[tuple[object, list[bytes]]],
) -> None:
    link, now = busy_link(), 0.0
    for frame, buffers in frames:
        now += 0.1
        before = state(link)
        try:
            link.receive(frame, buffers, now)
        except ProtocolError:
            assert state(link) == before
        check_flight(link.send_window)
        for outgoing in link.transmit(now):
            ranges: Any = outgoing.frame.get("missing", [])
            assert len(ranges) <= TINY.ahead_frames + 1


def test_text_nested_deeper_than_python_can_follow_is_refused() -> None:
    link = Link()
    with pytest.raises(ProtocolError, match="not JSON"):
        link.receive({"number": 1, "ack": 0, "items": [[1, 1]]}, [b"[" * 200_000], 0.0)
    assert link.receive({"number": 1, "ack": 0, "items": [[1, 1]]}, [b"[1]"], 0.0)[0].number == 1


def test_an_integer_too_long_to_convert_is_refused() -> None:
    with pytest.raises(ProtocolError):
        Link().receive({"number": 1, "ack": 0, "items": [[1, 1]]}, [b"[" + b"9" * 100_000 + b"]"], 0.0)


def test_a_declared_size_takes_no_memory() -> None:
    link = Link()
    tracemalloc.start()
    try:
        link.receive({"number": 1, "ack": 0, "items": [[1, 1, [2**31, 2**30]]]}, [b"x"], 0.0)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_a_report_of_a_hostile_probe_stays_small() -> None:
    link = Link()
    for number in range(2, 200, 2):
        link.receive({"number": number, "ack": 0, "items": []}, [], 0.0)
    link.receive({"ack": 0, "probe": 2**53 - 1}, [], 0.0)
    [report] = link.transmit(0.0)
    missing = report.frame["missing"]
    assert isinstance(missing, list)
    assert len(missing) == 33
    assert missing[-1] == [65, 2**53 - 1]


def test_an_error_message_does_not_repeat_a_huge_value() -> None:
    for value in ("x" * 10**6, [0] * 10**6, 10**10_000, {str(n): n for n in range(10**4)}):
        with pytest.raises(ProtocolError) as caught:
            Link().receive({"ack": value}, [], 0.0)
        assert len(str(caught.value)) < 200

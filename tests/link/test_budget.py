"""What a peer costs is what it has sent: in time and in memory, whatever it declares."""

from __future__ import annotations

import cProfile
import pstats
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from nbsession._link import Link, LinkSettings, ProtocolError

MIB = 1024 * 1024
ONE_BYTE = memoryview(b"1")


def calls(action: Callable[[], object]) -> int:
    """Count the calls that Python makes, which the machine's load changes nothing of."""
    profile = cProfile.Profile()
    profile.runcall(action)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def held(action: Callable[[], object]) -> int:
    """Return the bytes that are still held after something was done."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def beginnings(count: int) -> tuple[dict[str, Any], list[bytes | memoryview]]:
    """Return a frame that begins so many large messages, each on a channel of its own."""
    items = [[channel, 1, [1000]] for channel in range(1, count + 1)]
    return {"number": 1, "ack": 0, "items": items}, [ONE_BYTE] * count


def test_beginnings_of_large_messages_take_linear_time() -> None:
    few, many = (calls(lambda n=n: Link().receive(*beginnings(n), 0.0)) for n in (500, 2000))  # type: ignore[misc]
    assert many < 5 * few


def test_fragments_on_channels_that_are_not_open_are_dropped() -> None:
    link = Link()
    frame, buffers = beginnings(1000)
    [arrival] = link.receive(frame, buffers, 0.0, channels={7})
    rest: dict[str, Any] = {"number": 2, "ack": 0, "items": [[1, 1, 0], [7, 1, [3]], [8, 1]]}
    assert arrival.messages == []
    # On channel 7 its message is unfinished; what comes on 1 belongs to nothing.
    buffers = [ONE_BYTE, b"[1]", b"[1]"]
    with pytest.raises(ProtocolError, match="misplaced fragment on channel 7"):
        link.receive(rest, buffers, 0.0, channels={7})
    del rest["items"][1]
    [arrival] = link.receive(rest, buffers[:2], 0.0, channels={7})
    assert [message.channel for message in arrival.messages] == [8]


def test_fragments_on_channel_0_are_taken() -> None:
    frame = {"number": 1, "ack": 0, "items": [[0, 1, [3]]]}
    [arrival] = Link().receive(frame, [b'"a"'], 0.0, channels=())
    assert [message.body for message in arrival.messages] == ["a"]


def test_an_unfinished_message_is_forgotten_with_its_channel() -> None:
    link = Link(LinkSettings(largest_unfinished=100))
    link.receive({"number": 1, "ack": 0, "items": [[1, 1, [90]]]}, [b'"'], 0.0)
    link.drop(1)
    link.receive({"number": 2, "ack": 0, "items": [[2, 1, [90]]]}, [b'"'], 0.0)


def test_small_fragments_take_little_more_than_they_hold() -> None:
    link = Link()
    link.receive({"number": 1, "ack": 0, "items": [[1, 1, [10 * MIB]]]}, [b'"'], 0.0)

    def send() -> None:
        for number in range(2, 102):
            frame = {"number": number, "ack": 0, "items": [[1, 1, 0]] * 1000}
            link.receive(frame, [memoryview(b"abcd")] * 1000, 0.0)

    assert held(send) < 3 * 400_000


def test_a_small_fragment_does_not_keep_its_large_message_alive() -> None:
    link = Link()
    link.receive({"number": 1, "ack": 0, "items": [[1, 1, [100 * MIB]]]}, [b'"'], 0.0)

    def send() -> None:
        for number in range(2, 22):
            message = memoryview(bytes(2 * MIB))
            link.receive({"number": number, "ack": 0, "items": [[1, 1, 0]]}, [message[: 100 * 1024]], 0.0)

    assert held(send) < 2 * 20 * 100 * 1024


def test_frames_ahead_of_their_turn_are_kept_within_the_budget() -> None:
    link = Link(LinkSettings(ahead_bytes=5000))
    for number in (2, 3, 4):
        link.receive({"number": number, "ack": 0, "items": [[1, 1]]}, [b"[1]"], 0.0, size=2000)
    [report] = link.transmit(0.0)
    assert report.frame["missing"] == [[1, 1]]
    arrivals = link.receive({"number": 1, "ack": 0, "items": []}, [], 0.0)
    assert [arrival.number for arrival in arrivals] == [1, 2, 3]


def test_what_was_not_kept_is_taken_when_it_comes_again() -> None:
    link = Link(LinkSettings(ahead_bytes=10))
    beyond = {"number": 2, "ack": 0, "items": [[1, 1]]}
    link.receive(beyond, [b"[1]"], 0.0, size=2000)
    link.receive({"number": 1, "ack": 0, "items": []}, [], 0.0)
    [arrival] = link.receive(beyond, [b"[1]"], 0.0, size=2000)
    assert arrival.number == 2


def test_a_frame_that_is_kept_takes_what_it_took_on_the_wire() -> None:
    link = Link()
    batch = b"[" + b",".join([b"[[],[],[],[]]"] * 60_000) + b"]"
    assert held(lambda: link.receive({"number": 2, "ack": 0, "items": [[1, 1]]}, [batch], 0.0)) < MIB


def test_a_frame_holds_no_more_messages_than_fit_into_one_of_a_page() -> None:
    link = Link()
    with pytest.raises(ProtocolError, match="too many messages and fragments"):
        link.receive({"number": 1, "ack": 0, "items": [[1, 1]]}, [b"[" + b"1," * 65_536 + b"1]"], 0.0)
    [arrival] = link.receive({"number": 1, "ack": 0, "items": [[1, 1]]}, [b"[" + b"1," * 65_535 + b"1]"], 0.0)
    assert len(arrival.messages) == 65_536


def test_the_messages_of_all_items_of_a_frame_count() -> None:
    batch = b"[" + b"1," * 40_000 + b"1]"
    with pytest.raises(ProtocolError, match="too many messages and fragments"):
        Link().receive({"number": 1, "ack": 0, "items": [[1, 1], [2, 1]]}, [batch, batch], 0.0)


def test_the_messages_of_a_text_count() -> None:
    with pytest.raises(ProtocolError, match="too many messages and fragments"):
        Link().receive({"number": 1, "ack": 0, "items": [[1, 1]]}, [[1] * 65_537], 0.0)


def test_the_fragments_of_a_frame_count() -> None:
    with pytest.raises(ProtocolError, match="too many messages and fragments"):
        Link().receive(*beginnings(65_537), 0.0)


def test_nothing_is_made_of_messages_that_are_too_many() -> None:
    count = 500_000
    messages = b"[" + b"1," * count + b"1]"

    def send() -> None:
        with pytest.raises(ProtocolError):
            Link().receive({"number": 1, "ack": 0, "items": [[1, 1]]}, [messages], 0.0)

    tracemalloc.start()
    try:
        send()
        assert tracemalloc.get_traced_memory()[1] < 16 * count
    finally:
        tracemalloc.stop()

"""What the vectors cannot show: default sizes, memory, cost."""

from __future__ import annotations

import weakref
from array import array
from collections.abc import Callable

import pytest

from nbsession._link import Buffer, Link, LinkSettings, Outgoing

KIB, MIB = 1024, 1024 * 1024


def size(outgoing: Outgoing) -> int:
    return sum(memoryview(buffer).nbytes for buffer in outgoing.buffers)


def sizes(out: list[Outgoing]) -> list[int]:
    return [size(each) for each in out]


def acknowledge(link: Link, number: int) -> None:
    link.receive({"ack": number}, [], 0.0)


def test_a_burst_leaves_in_frames_of_256_kib_four_mib_at_a_time() -> None:
    link = Link()
    text = '"' + "x" * 98 + '"'
    for _ in range(100_000):
        link.send(1, text, now=0.0)
    out = link.transmit(0.0)
    assert all(256 * KIB <= each < 270 * KIB for each in sizes(out)[:15])
    assert all(each <= 66 * KIB for each in sizes(out)[16:])
    assert len(out) == 32
    assert link.waiting() + sum(len(out_text(each)) for each in out) * 100 == 10_000_000


def out_text(outgoing: Outgoing) -> list[str]:
    return [text for buffer in outgoing.buffers for text in bytes(buffer).decode()[1:-1].split(",")]


def test_a_download_leaves_in_fragments_of_1_mib_and_another_channel_waits_for_none_of_them() -> None:
    link = Link()
    link.send(1, '["chunk"]', [bytes(64 * MIB)], now=0.0)
    assert sizes(link.transmit(0.0)) == [MIB] * 4
    link.send(2, '["eval",1,"1+1",{}]', now=0.1)
    [out] = link.transmit(0.104)
    assert out.frame["items"] == [[2, 1]]


def test_two_downloads_take_turns() -> None:
    link = Link()
    for channel in (1, 2):
        link.send(channel, '["chunk"]', [bytes(16 * MIB)], now=0.0)
    channels = []
    for number in range(1, 9):
        for out in link.transmit(0.0):
            items = out.frame["items"]
            assert isinstance(items, list)
            channels += [item[0] for item in items]
        acknowledge(link, number)
    assert channels == [1, 2] * (len(channels) // 2) + [1] * (len(channels) % 2)
    assert len(channels) >= 8


def test_a_chunk_that_fits_a_fragment_is_sent_as_it_was_given() -> None:
    link, content = Link(), bytearray(MIB - 64)
    link.send(1, '["chunk"]', [content], now=0.0)
    [out] = link.transmit(0.0)
    assert memoryview(out.buffers[1]).obj is content


def test_a_large_buffer_is_sliced_and_not_copied() -> None:
    link, content = Link(), bytes(8 * MIB)
    link.send(1, '["put"]', [content], now=0.0)
    sources = [memoryview(out.buffers[0]).obj is content for out in link.transmit(0.0)]
    assert sources == [False, True, True, True]  # the first fragment begins with the JSON text


def test_buffers_are_let_go_when_their_frame_is_acknowledged() -> None:
    link, content = Link(), array("B", bytes(100))
    alive = weakref.ref(content)
    link.send(1, '["chunk"]', [memoryview(content)], now=0.0)
    link.transmit(0.0)
    del content
    assert alive() is not None
    acknowledge(link, 1)
    assert alive() is None


@pytest.mark.parametrize(
    "content", [array("d", [1.5, 2.5]), memoryview(array("i", [1, 2, 3])), bytearray(b"ab"), array("d"), b""]
)
def test_any_contiguous_buffer_is_sent_as_its_bytes(content: Buffer) -> None:
    link = Link(LinkSettings(fragment=6))
    link.send(1, "1", [content], now=0.0)
    joined = b"".join(bytes(buffer) for out in link.transmit(0.0) for buffer in out.buffers)
    assert joined in (b"1" + bytes(memoryview(content)), b"[1]" + bytes(memoryview(content)))


def test_text_that_is_not_ascii_is_refused_before_anything_is_queued() -> None:
    link = Link()
    with pytest.raises(ValueError, match="ASCII"):
        link.send(1, '"ü"', now=0.0)
    assert link.waiting() == 0
    assert link.transmit(0.0) == []


def test_what_is_queued_can_be_read() -> None:
    link = Link(LinkSettings(fragment=4, turn=4, batch=4, window_frames=1))
    link.send(1, '"abcd"', now=0.0)
    link.send(1, "1", [b"x"], now=0.0)
    link.transmit(0.0)
    assert link.queued(1) == ['"abcd"', "1"]
    assert link.queued(2) == []


def test_a_message_brought_back_is_in_doubt_with_its_own_buffers() -> None:
    link, content = Link(), bytearray(b"abc")
    link.send(1, '["chunk"]', [content], now=0.0)
    link.transmit(0.0)
    [message] = link.renew()
    assert message.body == ["chunk"]
    assert [bytes(buffer) for buffer in message.buffers] == [b"abc"]


def test_dropping_after_a_renewal_forgets_what_came_back() -> None:
    link = Link(LinkSettings(fragment=4, turn=4, batch=4, window_frames=1))
    link.send(1, '"abcdefgh"', now=0.0)
    link.transmit(0.0)
    link.renew(0)
    link.drop(1)
    assert link.waiting() == 0
    assert link.deadline() is None


def test_what_gathers_goes_at_once_when_it_is_to_hurry() -> None:
    link = Link()
    link.send(1, '"in flight"', now=0.0)
    link.transmit(0.0)
    link.send(1, '"the last word"', now=0.0)
    assert link.transmit(0.0) == []
    link.hurry()
    assert [out_text(each) for each in link.transmit(0.0)] == [['"the last word"']]


@pytest.mark.parametrize(
    "before",
    [
        lambda link: link.send(1, "1", now=0.0),
        lambda link: link.send_alone(1, "1", now=0.0),
        lambda link: link.receive({"ack": 0, "number": 2, "items": [[1, 1]]}, [b"[1]"], 0.0),
    ],
    ids=["queued", "in flight", "a gap to report"],
)
def test_a_message_is_not_sent_alone_where_something_is_before_it(before: Callable[[Link], object]) -> None:
    link = Link()
    before(link)
    assert link.send_alone(2, "2", now=0.0) is None
    assert link.waiting(2) == 0


def test_a_large_message_is_not_sent_alone() -> None:
    assert Link(LinkSettings(fragment=10)).send_alone(1, '"eleven....."', now=0.0) is None


def test_a_message_that_is_not_ascii_is_not_sent_alone() -> None:
    assert Link().send_alone(1, '"\u00e9"', now=0.0) is None

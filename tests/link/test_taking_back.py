"""Taking a channel back from a peer: that is there and runs what it was sent, or that is gone."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from nbsession._link import Link, LinkSettings, Outgoing

# Small, so that a few messages make fragments, frames and a full window.
SETTINGS = LinkSettings(fragment=64, turn=64, batch=128, window_frames=4, window_bytes=512)

# The sizes of messages on channel 1, which is taken back, and on channel 2, which is not.
sizes = st.lists(st.tuples(st.sampled_from([1, 2]), st.integers(0, 300)), max_size=30)


def body(number: int, size: int) -> str:
    return json.dumps(["run", number, "x" * size])


def numbers(messages: list[tuple[str, object]]) -> list[int]:
    return [json.loads(text)[1] for text, _ in messages]


class Wire:
    """A link of ours and its peer, and what the peer has run on each channel."""

    def __init__(self) -> None:
        self.here, self.there = Link(SETTINGS), Link(LinkSettings(ack_delay=0))
        self.ran: dict[int, list[int]] = {1: [], 2: []}
        self.begun = 0
        self.now = 0.0

    def deliver(self) -> None:
        """Let the peer run what it is sent, and say so, until there is nothing more to say."""
        while out := self.here.transmit(self.now):
            self.pass_on(out)
            self.now += 1.0

    def pass_on(self, out: Sequence[Outgoing], *, acknowledged: bool = True) -> None:
        for each in out:
            frame, buffers = each.frame, [bytes(buffer) for buffer in each.buffers]
            for arrival in self.there.receive(json.loads(json.dumps(frame)), buffers, self.now):
                self.begun = arrival.number
                for message in arrival.messages:
                    self.ran[message.channel].append(message.body[1])
        for back in self.there.transmit(self.now):
            if acknowledged:
                self.here.receive(json.loads(json.dumps(back.frame)), back.buffers, self.now)

    def send(self, messages: list[tuple[int, int]], first: int = 0) -> None:
        for number, (channel, size) in enumerate(messages, first):
            self.here.send(channel, body(number, size), now=self.now)


@settings(deadline=None)
@given(messages=sizes, frames=st.integers(0, 8))
def test_what_is_taken_back_and_what_was_sent_is_all(messages: list[tuple[int, int]], frames: int) -> None:
    """Each message either runs at the peer or comes back, those that run before those that come back."""
    wire = Wire()
    wire.send(messages)
    for _ in range(frames):
        wire.pass_on(wire.here.transmit(wire.now)[:1], acknowledged=True)
        wire.now += 0.01
    taken = numbers(wire.here.revoke_queued(1))  # type: ignore[arg-type]
    wire.here.send(1, body(1000, 0), now=wire.now)
    wire.now += 20
    wire.deliver()
    wire.now += 20
    wire.deliver()
    ours = [number for number, (channel, _) in enumerate(messages) if channel == 1]
    assert wire.ran[1] == [*ours[: len(ours) - len(taken)], 1000]
    assert taken == ours[len(ours) - len(taken) :]
    assert wire.ran[2] == [number for number, (channel, _) in enumerate(messages) if channel == 2]


@settings(deadline=None)
@given(messages=sizes, delivered=st.integers(0, 6), knows=st.booleans())
def test_of_a_peer_that_is_gone_nothing_that_has_run_comes_back(
    messages: list[tuple[int, int]],
    delivered: int,
    knows: bool,  # noqa: FBT001
) -> None:
    wire = Wire()
    wire.send(messages)
    wire.pass_on(wire.here.transmit(0.0)[:delivered], acknowledged=False)
    in_doubt, taken = wire.here.revoke(1, wire.begun if knows else None, finished=True)
    back, doubtful = numbers(taken), [message.body[1] for message in in_doubt]  # type: ignore[arg-type]
    ours = [number for number, (channel, _) in enumerate(messages) if channel == 1]
    ran = wire.ran[1]
    if knows:
        assert doubtful == []
        assert [*ran, *back] == ours
    else:
        assert [*doubtful, *back] == ours
        assert set(ran) <= set(doubtful)
    assert wire.here.queued(1) == []

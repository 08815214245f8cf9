"""Two links and the hostile network between them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from nbsession._link import Arrival, Link, LinkSettings, Outgoing

SETTINGS = st.builds(
    LinkSettings,
    fragment=st.integers(4, 20),
    batch=st.integers(1, 60),
    turn=st.integers(1, 30),
    gather=st.sampled_from([0, 0.004]),
    window_bytes=st.integers(1, 100),
    window_frames=st.integers(1, 6),
    ack_delay=st.sampled_from([0, 0.25]),
    ack_frames=st.integers(1, 4),
    ack_bytes=st.integers(1, 60),
    ack_bulk_delay=st.sampled_from([0, 0.05]),
    ahead_frames=st.integers(1, 8),
)
"""So small that a dozen short messages meet every limit."""


@dataclass
class Packet:
    """A frame on its way, as bytes and JSON: nothing is shared between the two ends."""

    frame: str
    buffers: list[bytes]

    @classmethod
    def of(cls, outgoing: Outgoing) -> Packet:
        return cls(json.dumps(outgoing.frame), [bytes(buffer) for buffer in outgoing.buffers])


@dataclass
class End:
    """A link, what is on its way to the other end, and what its peer's messages were."""

    link: Link
    settings: LinkSettings
    wire: list[Packet] = field(default_factory=list)
    sent: dict[int, list[Any]] = field(default_factory=dict)
    got: dict[int, list[Any]] = field(default_factory=dict)

    def send(self, channel: int, body: Any, buffers: list[bytes], now: float) -> None:
        self.sent.setdefault(channel, []).append((body, buffers))
        self.link.send(channel, json.dumps(body), buffers, now=now)

    def say(self, channel: int, body: Any, now: float, *, alone: bool) -> None:
        """Send a message as pages do: what may go at once goes, `alone` where that is possible."""
        self.sent.setdefault(channel, []).append((body, []))
        text = json.dumps(body)
        outgoing = self.link.send_alone(channel, text, now=now) if alone else None
        if outgoing is not None:
            self.wire.append(Packet.of(outgoing))
            return
        self.link.send(channel, text, now=now)
        if self.link.should_transmit():
            self.wire.extend(Packet.of(each) for each in self.link.transmit(now))

    def transmit(self, now: float) -> None:
        """Put on the wire what is due, and check that the link's own predictions come true."""
        deadline, ready = self.link.deadline(), self.link.should_transmit()
        out = self.link.transmit(now)
        assert bool(out) == (deadline is not None and deadline <= now), (
            "deadline() says when there is something"
        )
        assert out or not ready, "should_transmit() promises something"
        assert not self.link.transmit(now), "everything due goes at once"
        assert not self.link.should_transmit()
        after = self.link.deadline()
        assert after is None or after > now
        assert self.link.in_flight <= self.settings.window_frames
        for outgoing in out:
            self.check_size(outgoing)
        self.wire.extend(Packet.of(outgoing) for outgoing in out)

    def check_size(self, outgoing: Outgoing) -> None:
        items = outgoing.frame.get("items", [])
        assert isinstance(items, list)
        size = sum(len(buffer) for buffer in outgoing.buffers)
        # The brackets and commas of batches: no more than messages plus one, and a message has a byte or more.
        assert size < 2 * (self.settings.batch + max(self.settings.fragment, self.settings.turn)) + 2

    def receive(self, packet: Packet, now: float) -> list[Arrival]:
        arrivals = self.link.receive(json.loads(packet.frame), packet.buffers, now)
        for arrival in arrivals:
            for message in arrival.messages:
                buffers = [bytes(buffer) for buffer in message.buffers]
                self.got.setdefault(message.channel, []).append((message.body, buffers))
        return arrivals


def settle(one: End, other: End, now: float) -> float:
    """Let the network work again until nothing is left to say; return the time."""
    for _ in range(10_000):
        one.transmit(now)
        other.transmit(now)
        if one.wire or other.wire:
            for here, there in ((one, other), (other, one)):
                packets, here.wire = here.wire, []
                for packet in packets:
                    there.receive(packet, now)
            continue
        deadlines = [time for time in (one.link.deadline(), other.link.deadline()) if time is not None]
        if not deadlines:
            return now
        now = max(now, min(deadlines))
    msg = "the links never come to rest"
    raise AssertionError(msg)

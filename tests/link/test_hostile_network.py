"""Whatever the network does to frames, every message arrives once, whole, and in the order of its channel."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nbsession.link import Link, LinkSettings

from .wire import SETTINGS, End, settle

SIDE = st.integers(0, 1)
SEND = st.tuples(
    st.just("send"),
    SIDE,
    st.integers(0, 3),
    st.integers(0, 30),
    st.lists(st.integers(0, 30), max_size=2),
)
TIME = st.sampled_from([0.001, 0.004, 0.1, 0.25, 1.0, 3.0])
DELIVER = st.tuples(
    st.sampled_from(["deliver", "deliver", "deliver", "lose", "double"]), SIDE, st.integers(0, 9)
)
TRANSMIT = st.tuples(st.just("transmit"), SIDE)
WAIT = st.tuples(st.just("wait"), TIME)
DEADLINE = st.tuples(st.just("deadline"))
CUT = st.tuples(st.just("cut"), SIDE)
ACTION = st.one_of(SEND, SEND, TRANSMIT, TRANSMIT, TRANSMIT, DELIVER, DELIVER, DELIVER, WAIT, DEADLINE, CUT)


class World:
    def __init__(self, one: LinkSettings, other: LinkSettings) -> None:
        self.ends = [End(Link(one), one), End(Link(other), other)]
        self.now = 0.0
        self.serial = 0

    def send(self, side: int, channel: int, size: int, buffers: list[int]) -> None:
        self.serial += 1
        body = [self.serial, "x" * size] if size else self.serial
        self.ends[side].send(channel, body, [bytes([self.serial % 256]) * size for size in buffers], self.now)

    def transmit(self, side: int) -> None:
        self.ends[side].transmit(self.now)

    def wait(self, time: float) -> None:
        self.now += time

    def deadline(self) -> None:
        times = [time for end in self.ends if (time := end.link.deadline()) is not None]
        self.now = max(self.now, min(times, default=0))

    def deliver(self, side: int, index: int) -> None:
        wire = self.ends[side].wire
        if wire:
            self.ends[1 - side].receive(wire.pop(index % len(wire)), self.now)

    def double(self, side: int, index: int) -> None:
        wire = self.ends[side].wire
        if wire:
            self.ends[1 - side].receive(wire[index % len(wire)], self.now)

    def lose(self, side: int, index: int) -> None:
        wire = self.ends[side].wire
        if wire:
            wire.pop(index % len(wire))

    def cut(self, side: int) -> None:
        self.ends[side].wire.clear()


@given(SETTINGS, SETTINGS, st.lists(ACTION, min_size=5, max_size=60))
@settings(max_examples=300, deadline=None)
def test_every_message_arrives_once_and_in_order(
    one: LinkSettings, other: LinkSettings, actions: list[tuple[Any, ...]]
) -> None:
    world = World(one, other)
    for name, *arguments in actions:
        getattr(world, name)(*arguments)
    settle(*world.ends, world.now)
    here, there = world.ends
    assert there.got == here.sent
    assert here.got == there.sent
    assert here.link.in_flight == there.link.in_flight == 0
    assert here.link.waiting() == there.link.waiting() == 0


@given(SETTINGS, SETTINGS, st.lists(SEND, min_size=1, max_size=30), st.data())
@settings(max_examples=100, deadline=None)
def test_a_network_that_loses_two_frames_of_three_only_takes_longer(
    one: LinkSettings, other: LinkSettings, sends: list[tuple[Any, ...]], data: st.DataObject
) -> None:
    world = World(one, other)
    for _, *arguments in sends:
        world.send(*arguments)
    kept = data.draw(st.lists(st.integers(0, 2), min_size=20, max_size=60))
    for fate in kept:
        for side in (0, 1):
            world.transmit(side)
            for _ in range(len(world.ends[side].wire)):
                if fate == 0:
                    world.deliver(side, 0)
                else:
                    world.lose(side, 0)
        world.deadline()
    settle(*world.ends, world.now)
    assert world.ends[1].got == world.ends[0].sent
    assert world.ends[0].got == world.ends[1].sent

"""Whatever the network does to frames, every message arrives once, whole, and in the order of its channel."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import chain, count, repeat
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nbsession._link import Link, LinkSettings

from .wire import SETTINGS, End, Packet, settle

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
SAY = st.tuples(st.just("say"), SIDE, st.integers(0, 3), st.integers(0, 30))
ACTION = st.one_of(SEND, SEND, TRANSMIT, TRANSMIT, TRANSMIT, DELIVER, DELIVER, DELIVER, WAIT, DEADLINE, CUT)


class World:
    def __init__(self, one: LinkSettings, other: LinkSettings, *, alone: bool = False) -> None:
        self.alone = alone
        self.ends = (End(Link(one), one), End(Link(other), other))
        self.now = 0.0
        self.serial = 0

    def send(self, side: int, channel: int, size: int, buffers: list[int]) -> None:
        self.serial += 1
        body = [self.serial, "x" * size] if size else self.serial
        self.ends[side].send(channel, body, [bytes([self.serial % 256]) * size for size in buffers], self.now)

    def say(self, side: int, channel: int, size: int) -> None:
        self.serial += 1
        self.ends[side].say(channel, [self.serial, "x" * size], self.now, alone=self.alone)

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
@settings(max_examples=200, deadline=None)
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


@given(SETTINGS, SETTINGS, st.lists(st.one_of(SAY, SAY, ACTION), min_size=5, max_size=60))
@settings(max_examples=200, deadline=None)
def test_what_is_sent_alone_leaves_as_if_it_had_been_queued(
    one: LinkSettings, other: LinkSettings, actions: list[tuple[Any, ...]]
) -> None:
    alone, queued = World(one, other, alone=True), World(one, other)
    for name, *arguments in actions:
        for world in (alone, queued):
            getattr(world, name)(*arguments)
        for here, there in zip(alone.ends, queued.ends, strict=True):
            assert here.wire == there.wire
            assert here.link.deadline() == there.link.deadline()


DELAY = st.sampled_from([0.001, 0.002, 0.01, 0.05, 0.3, 1.5])
FATE = st.lists(DELAY, max_size=2)
"""When the copies of a packet arrive: none if it is lost."""


@given(
    SETTINGS,
    SETTINGS,
    st.lists(st.tuples(DELAY, SEND), min_size=1, max_size=30),
    st.lists(st.one_of(DELAY.map(lambda delay: [delay]), FATE), min_size=1, max_size=60),
)
@settings(max_examples=200, deadline=None)
def test_packets_that_are_late_lost_and_doubled_only_take_longer(
    one: LinkSettings,
    other: LinkSettings,
    sends: list[tuple[float, tuple[Any, ...]]],
    fates: list[list[float]],
) -> None:
    world = World(one, other)
    fated = chain(fates, repeat([0.001]))
    counter = count()
    events: list[tuple[float, int, int, Packet]] = []
    while True:
        for side, end in enumerate(world.ends):
            end.transmit(world.now)
            for packet in end.wire:
                for delay in next(fated):
                    heappush(events, (world.now + delay, next(counter), 1 - side, packet))
            end.wire.clear()
        times = [time for end in world.ends if (time := end.link.deadline()) is not None]
        times += [events[0][0]] if events else []
        if sends and (not times or min(times) > world.now + sends[0][0]):
            pause, (_, *arguments) = sends.pop(0)
            world.now += pause
            world.send(*arguments)
            continue
        if not times:
            break
        world.now = max(world.now, min(times))
        while events and events[0][0] <= world.now:
            _, _, side, packet = heappop(events)
            world.ends[side].receive(packet, world.now)
    assert world.ends[1].got == world.ends[0].sent
    assert world.ends[0].got == world.ends[1].sent

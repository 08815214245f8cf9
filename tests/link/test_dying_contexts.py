"""A context that dies at any point leaves every command run at most once, and says which it does not know of."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from nbsession._link import Link, LinkSettings

from .wire import SETTINGS, End

PAGE = LinkSettings(ack_delay=0)

LIFE = st.fixed_dictionaries(
    {
        "sends": st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 25), st.lists(st.integers(0, 25), max_size=2)),
            max_size=12,
        ),
        "fates": st.lists(
            st.sampled_from(["arrives", "arrives", "mixed", "unanswered", "lost", "late"]),
            min_size=1,
            max_size=12,
        ),
        "rounds": st.integers(0, 12),
        "commands": st.integers(0, 25),
        "orderly": st.booleans(),
        "says": st.sampled_from(["note", "note", "nothing"]),
    }
)
"""One life of a page: what is sent to it, what the network does, after how many rounds or commands it dies, and
whether it dies by `pagehide` (which notes that the frame has ended) or by a crash, and keeps its note."""


@dataclass
class Context:
    """A page's JavaScript context: it notes each frame before it runs it, as in `sessionStorage`."""

    commands: int
    link: Link = field(default_factory=lambda: Link(PAGE))
    ran: list[int] = field(default_factory=list)
    began: list[int] = field(default_factory=list)
    begun: int = 0
    ended: bool = True

    @property
    def alive(self) -> bool:
        return self.ended or len(self.ran) < self.commands

    def receive(self, frame: dict[str, object], buffers: list[bytes], now: float) -> None:
        for arrival in self.link.receive(frame, buffers, now):
            self.begun, self.ended = arrival.number, False
            self.began = [message.body[0] for message in arrival.messages]
            for message in arrival.messages:
                if len(self.ran) >= self.commands:
                    return
                self.ran.append(message.body[0])
            self.ended = True


class Python:
    """The end that outlives its contexts."""

    def __init__(self, chosen: LinkSettings) -> None:
        self.end = End(Link(chosen), chosen)
        self.now = 0.0
        self.channel_of: dict[int, int] = {}
        self.ran: list[int] = []
        self.in_doubt: list[int] = []

    def send(self, channel: int, size: int, buffers: list[int]) -> None:
        serial = len(self.channel_of)
        self.channel_of[serial] = channel
        self.end.send(channel, [serial, "x" * size], [bytes(size) for size in buffers], self.now)

    def round(self, context: Context, fate: str) -> None:
        """Let frames travel both ways once, as far as the network and the context let them."""
        self.end.transmit(self.now)
        packets = self.end.wire
        if fate != "late":
            self.end.wire = []
        if fate in ("arrives", "mixed", "unanswered"):
            for packet in packets[::-1] if fate == "mixed" else packets:
                if context.alive:
                    context.receive(*unpacked(packet.frame, packet.buffers), self.now)
        if context.alive:
            for outgoing in context.link.transmit(self.now):
                if fate not in ("lost", "unanswered"):
                    self.end.link.receive(outgoing.frame, outgoing.buffers, self.now)
        deadline = self.end.link.deadline()
        self.now = max(self.now + 0.001, deadline or 0)

    def bury(self, context: Context, *, orderly: bool, says: str) -> None:
        self.ran.extend(context.ran)
        self.end.wire.clear()  # what is on its way is for a context that is no more
        finished = orderly and context.ended
        begun = None if says == "nothing" else context.begun
        lost = self.end.link.renew(begun, finished=finished)
        numbers = [message.body[0] for message in lost]
        if says == "note":
            assert set(numbers) <= (set() if finished else set(context.began)), (
                "only the frame begun is in doubt"
            )
        assert self.end.link.in_flight == 0
        self.in_doubt.extend(numbers)


def unpacked(frame: str, buffers: list[bytes]) -> tuple[dict[str, object], list[bytes]]:
    return json.loads(frame), buffers


@given(SETTINGS, st.lists(LIFE, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_every_command_runs_at_most_once_and_what_is_unknown_is_named(
    chosen: LinkSettings, lives: list[dict[str, object]]
) -> None:
    python = Python(chosen)
    for life in lives:
        live(python, **life)  # type: ignore[arg-type]
    last = Context(commands=10**9)
    for _ in range(1000):
        python.round(last, "arrives")
        if not python.end.link.in_flight and not python.end.link.waiting():
            break
    python.ran.extend(last.ran)

    ran, in_doubt = python.ran, python.in_doubt
    assert len(set(ran)) == len(ran), "nothing runs twice"
    assert len(set(in_doubt)) == len(in_doubt), "nothing is reported twice"
    assert set(ran) | set(in_doubt) == set(python.channel_of), "what did not run is reported"
    assert not set(last.ran) & set(in_doubt), "what is in doubt is not repeated"
    for channel in set(python.channel_of.values()):
        in_order = [number for number in ran if python.channel_of[number] == channel]
        assert in_order == sorted(in_order), "channels keep their order across contexts"


def live(
    python: Python,
    *,
    sends: list[tuple[int, int, list[int]]],
    fates: list[str],
    rounds: int,
    commands: int,
    orderly: bool,
    says: str,
) -> None:
    context = Context(commands)
    half = len(sends) // 2
    for each in sends[:half]:
        python.send(*each)
    for index in range(rounds):
        if index == 1:
            for each in sends[half:]:
                python.send(*each)
        python.round(context, fates[index % len(fates)])
        if not context.alive:
            break
    python.bury(context, orderly=orderly, says=says)

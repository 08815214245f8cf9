"""A hostile visitor costs only himself: beside him another one is answered, and the server is afterwards as before.

``NBSESSION_TEST_LOAD=full`` has larger acts, and each on all backends and by all ways that it can be done.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.backends.backends import BACKENDS

from .acts import ACTS, FULL, MIB
from .stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typing_extensions import Self

    Place = tuple[str, str]  # the backend, and what is spoken

# What those who wait have to bear: so many seconds, or so many times what they have to without him.
LONGEST_GAP, TIMES_IDLE = 5.0, 50.0
GROWN = 128 * MIB
"""What an act may leave in the server's process: 4 MiB for each of waitress's 32 threads, for which the allocator keeps
their memory (102 MiB were measured on a busy machine)."""
PEAK = 400 * MIB
"""What it may take meanwhile. Half of it are 32 files that nobody reads: 8 MiB each where a thread sends them."""
SETTLED_WITHIN = 60.0
IN_BRIEF = (
    "tornado",
    "flask",
)  # one whose pages speak by sockets, and one whose pages make requests of threads
PLACES = [
    (backend.name, protocol)
    for backend in BACKENDS.values()
    for protocol in backend.protocols
    if FULL or (backend.name in IN_BRIEF and protocol == backend.protocols[0])
]


@dataclass
class Cost:
    """What an act has cost: seconds, bytes, threads that are left, and what the server logged as errors.

    Attributes
    ----------
    gap, borne : float
        How long another visitor was not answered; how long he has to bear that.
    wrong, lost
        How many of his answers were wrong; whether his session has ended, or is stuck.
    """

    gap: float
    borne: float
    wrong: int
    lost: bool
    grown: int
    peak: int
    threads: int
    errors: list[str]


class Field:
    """A server, one who is answered all the time, and one who is hostile."""

    def __init__(self, stage: Stage, protocol: str) -> None:
        self._ask = stage.server.ask
        self._honest = stage.pages(1, "restless", protocol)
        self._hostile = stage.hostile(protocol)
        self._ask("evals", 3)
        self._threads = self._ask("threads")
        self._hostile.ask("once", "visit")  # what is loaded at the first visit is no act's

    def measure(self, name: str) -> Cost:
        """Have an act done, and say what it has cost."""
        self._ask("begin")
        self._ask("evals", 5)
        idle, before = self._ask("gap"), self._ask("memory")
        self._ask("begin")
        self._hostile.ask("once", name)
        told = self._ask("evals", 3)
        gap, peak = self._ask("gap"), self._ask("peak")
        self._wait_for(lambda: self._ask("threads") <= self._threads)
        return Cost(
            gap=gap,
            borne=max(LONGEST_GAP, TIMES_IDLE * idle),
            wrong=told["wrong"],
            lost=not told["everyone"] or self._honest.ask("how many") != [1, 0],
            threads=self._ask("threads") - self._threads,
            grown=self._ask("memory") - before,
            peak=peak - before,
            errors=self._ask("errors"),
        )

    def _wait_for(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + SETTLED_WITHIN
        while not condition() and time.monotonic() < until:
            time.sleep(0.02)


class Costs:
    """What acts cost: each is done once, for all tests. A context manager."""

    def __init__(self) -> None:
        self._costs: dict[tuple[Place, str], Cost] = {}
        self._place: Place | None = None
        self._stack = ExitStack()
        self._field: Field | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def of(self, place: Place, name: str, capsys: pytest.CaptureFixture[str]) -> Cost:
        """Return what an act costs at a place."""
        if (place, name) not in self._costs:
            field, self._field = self._at(place), None  # one that breaks is used no more
            self._costs[place, name] = cost = field.measure(name)
            self._field = field
            with capsys.disabled():
                print(
                    f"\n{' '.join(place):20} {name:26} gap {cost.gap * 1e3:5.0f} ms, peak {cost.peak / MIB:+6.1f} "
                    f"MiB, then {cost.grown / MIB:+6.1f} MiB, {cost.threads:+d} threads",
                    end="",
                )
        return self._costs[place, name]

    def _at(self, place: Place) -> Field:
        if place != self._place or self._field is None:
            self._stack.close()
            backend, protocol = self._place = place
            self._field = Field(self._stack.enter_context(Stage(backend)), protocol)
        return self._field


PAIRS = [(place, name) for place in PLACES for name, act in ACTS.items() if place[1] in act.protocols]


@pytest.fixture(scope="module")
def costs() -> Iterator[Costs]:
    with Costs() as costs:
        yield costs


@pytest.fixture
def cost(request: pytest.FixtureRequest, costs: Costs, capsys: pytest.CaptureFixture[str]) -> Cost:
    """Return what an act costs somewhere."""
    place, name = request.param
    return costs.of(place, name, capsys)


each_act = pytest.mark.parametrize(
    "cost", PAIRS, ids=[f"{'-'.join(place)}-{name}" for place, name in PAIRS], indirect=True
)


@each_act
def test_another_visitor_is_answered_meanwhile(cost: Cost) -> None:
    assert cost.gap < cost.borne


@each_act
def test_another_visitor_keeps_his_session_and_gets_right_answers(cost: Cost) -> None:
    assert (cost.lost, cost.wrong) == (False, 0)


@each_act
def test_it_takes_no_more_memory_than_is_allowed(cost: Cost) -> None:
    assert cost.peak < PEAK


@each_act
def test_it_leaves_little_memory_behind(cost: Cost) -> None:
    assert cost.grown < GROWN


@each_act
def test_it_leaves_no_thread_behind(cost: Cost) -> None:
    assert cost.threads <= 0


@each_act
def test_it_is_no_error_of_the_server(cost: Cost) -> None:
    assert cost.errors == []

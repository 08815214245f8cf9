"""As many hostile visitors as honest ones: the honest ones get all their answers, and the server stays as it is.

``NBSESSION_TEST_LOAD=full`` has fifty of each for five minutes on each backend.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.backends.backends import BACKENDS

from .acts import FULL, MIB
from .stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT, SECONDS, ALONE = (50, 300, 15) if FULL else (5, 5, 3)
GROWN = 384 * MIB
"""What all of it may leave in the server's process. Each of waitress's 32 threads keeps what it has done last."""
SETTLED_WITHIN = 60.0
PLACES = [(each.name, each.protocols[0]) for each in BACKENDS.values() if FULL or each.name == "tornado"]

pytestmark = [
    pytest.mark.timeout(3 * SECONDS + 300),
    pytest.mark.parametrize("crowd", PLACES, ids=["-".join(place) for place in PLACES], indirect=True),
]


@dataclass
class Crowd:
    """What became of the honest visitors and the server, with and after the others."""

    everyone: bool
    wrong: int
    pages: list[int]
    sessions: int
    threads: int
    grown: int
    errors: list[str]


_crowds: dict[tuple[str, str], Crowd] = {}


@pytest.fixture
def crowd(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Crowd:
    """Let them all come, once for all tests."""
    place = request.param
    if place not in _crowds:
        with Stage(place[0]) as stage:
            _crowds[place], told = _let_come(stage, place[1])
        with capsys.disabled():
            print(f"\n{' '.join(place)}: {told}")
    return _crowds[place]


def _let_come(stage: Stage, protocol: str) -> tuple[Crowd, str]:
    ask = stage.server.ask
    honest = stage.pages(COUNT, "thread", protocol)
    hostile = stage.hostile(protocol)
    hostile.ask("once", "visit")  # what is there from the first visit on
    alone = ask("evals", ALONE)
    _wait_for(lambda: ask("open_sessions") <= COUNT)
    threads, memory = ask("threads"), ask("memory")
    ask("begin")
    hostile.tell("crowd", [COUNT, SECONDS])
    beside = ask("evals", SECONDS * 2 // 3)
    acts = hostile.hear()
    peak = ask("peak") - memory
    _wait_for(lambda: ask("open_sessions") <= COUNT and ask("threads") <= threads)
    crowd = Crowd(
        everyone=beside["everyone"],
        wrong=beside["wrong"],
        pages=honest.ask("how many"),
        sessions=ask("open_sessions"),
        threads=ask("threads") - threads,
        grown=ask("memory") - memory,
        errors=ask("errors"),
    )
    return crowd, _told(alone, beside, acts, peak, crowd)


def _told(
    alone: dict[str, Any], beside: dict[str, Any], acts: dict[str, int], peak: int, crowd: Crowd
) -> str:
    before, meanwhile = alone["p95"], beside["p95"]
    return (
        f"{COUNT} honest visitors alone: p50 {alone['p50'] * 1e3:.1f} ms, p95 {before * 1e3:.1f} ms; "
        f"with {COUNT} hostile ones, who acted {sum(acts.values())} times: p50 {beside['p50'] * 1e3:.1f} ms, "
        f"p95 {meanwhile * 1e3:.1f} ms, {meanwhile / before:.1f} times as long; memory at most {peak / MIB:+.0f} MiB, "
        f"then {crowd.grown / MIB:+.0f} MiB, {crowd.threads:+d} threads"
    )


def _wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + SETTLED_WITHIN
    while not condition() and time.monotonic() < until:
        time.sleep(0.1)


def test_each_honest_visitor_gets_his_answers(crowd: Crowd) -> None:
    assert (crowd.everyone, crowd.wrong) == (True, 0)


def test_no_honest_visitor_loses_his_session(crowd: Crowd) -> None:
    assert crowd.pages == [COUNT, 0]


def test_no_session_of_a_hostile_visitor_stays(crowd: Crowd) -> None:
    assert crowd.sessions == COUNT


def test_no_thread_of_a_hostile_visitor_stays(crowd: Crowd) -> None:
    assert crowd.threads <= 0


def test_the_server_s_memory_does_not_grow(crowd: Crowd) -> None:
    assert crowd.grown < GROWN


def test_nothing_is_an_error_of_the_server(crowd: Crowd) -> None:
    assert crowd.errors == []

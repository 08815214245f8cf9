"""Many visitors at once, by pages in a process of their own. `NBSESSION_TEST_LOAD=full` has as many as are promised."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from .stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL = os.environ.get("NBSESSION_TEST_LOAD") == "full"
SESSIONS = {"coroutine": 1000 if FULL else 200, "thread": 200 if FULL else 50}
ROUNDS = 20 if FULL else 3
IDLE = 1000 if FULL else 200
MEMORY_GOAL = 64 * 1024


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.mark.parametrize("kind", SESSIONS)
def test_no_session_is_lost_and_each_runs_what_it_deferred(
    stage: Stage, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    count = SESSIONS[kind]
    pages = stage.pages(count, kind)
    told = stage.server.ask("evals", ROUNDS)
    assert pages.ask("how many") == [count, 0]
    with capsys.disabled():
        rate = told["count"] / told["seconds"]
        print(
            f"\n{count} {kind} sessions, {rate:.0f} evals/s: "
            f"p50 {told['p50'] * 1e3:.1f} ms, p95 {told['p95'] * 1e3:.1f} ms"
        )
    assert told["everyone"]
    assert told["wrong"] == 0
    pages.kill()
    assert stage.server.ask("deferred", count) == count


def test_an_idle_session_takes_little_memory(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    stage.pages(50, "idle")
    before = stage.server.ask("memory")
    stage.pages(IDLE, "idle")
    taken = (stage.server.ask("memory") - before) / IDLE
    with capsys.disabled():
        print(f"\n{taken / 1024:.1f} KiB for an idle session")
    assert taken < MEMORY_GOAL

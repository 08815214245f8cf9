"""Whose turn it is among the pages that have used up their allowance of processing time."""

from __future__ import annotations

import asyncio
import time
from functools import partial

import pytest

from nbsession._server.pages import throttle as module
from nbsession._server.pages.throttle import Throttle, Turns
from nbsession._server.pages.time_budget import Allowance, TimeBudget

LARGE = 2**20


class Shared(TimeBudget):
    """A budget of which the test says whether anything is left."""

    def __init__(self, late: float = 0.001) -> None:
        super().__init__(lambda: 1)
        self.empty = True
        self.asked = 0
        self._late = late

    def delay(self, allowance: Allowance, now: float) -> float:
        self.asked += 1
        return self._late if self.empty else 0.0


def overdrawn(seconds: float) -> Allowance:
    allowance = a_page()
    allowance.left, allowance.overdrawn = 0.0, seconds
    return allowance


def a_page() -> Allowance:
    """Return the allowance of a page that has said hello."""
    allowance = Allowance()
    allowance.follow(lambda: 0)
    return allowance


async def order_of_turns(*allowances: Allowance) -> list[Allowance]:
    budget = Shared()
    throttle = Throttle(budget)
    served: list[Allowance] = []

    async def wait(allowance: Allowance) -> None:
        assert await throttle.turn(allowance)
        served.append(allowance)

    tasks = [asyncio.ensure_future(wait(allowance)) for allowance in allowances]
    await asyncio.sleep(0)
    budget.empty = False
    await asyncio.gather(*tasks)
    return served


def test_the_page_that_has_taken_least_is_served_first() -> None:
    pages = [overdrawn(3), overdrawn(1), overdrawn(2)]
    assert asyncio.run(order_of_turns(*pages)) == [pages[1], pages[2], pages[0]]


def test_pages_that_have_taken_as_much_are_served_as_they_came() -> None:
    pages = [overdrawn(1), overdrawn(1), overdrawn(1)]
    assert asyncio.run(order_of_turns(*pages)) == pages


def test_a_message_within_the_allowance_is_admitted_while_others_wait() -> None:
    async def admitted() -> bool:
        throttle = Throttle(Shared())
        throttle.defer(overdrawn(1), lambda _granted: None)
        return throttle.admits(a_page(), 100)

    assert asyncio.run(admitted())


def test_a_message_beyond_the_allowance_waits_behind_others() -> None:
    async def admitted() -> bool:
        budget = Shared()
        throttle = Throttle(budget)
        throttle.defer(overdrawn(1), lambda _granted: None)
        budget.empty = False
        return throttle.admits(a_page(), LARGE)

    assert not asyncio.run(admitted())


def test_a_message_beyond_the_allowance_is_admitted_where_the_shared_budget_has_something_left() -> None:
    async def admitted() -> bool:
        budget = Shared()
        budget.empty = False
        return Throttle(budget).admits(a_page(), LARGE)

    assert asyncio.run(admitted())


def test_pages_that_wait_again_when_they_are_served_are_not_looked_at_more_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_LOOK_EACH", 0.05)

    async def asked() -> int:
        budget = Shared(late=10.0)
        throttle = Throttle(budget)
        served, enough = 0, asyncio.Event()

        def go_on(_granted: bool) -> None:  # noqa: FBT001
            nonlocal served
            served += 1
            budget.empty = served == 10
            throttle.defer(page, go_on)
            if budget.empty:
                enough.set()

        page = overdrawn(1)
        budget.empty = False
        throttle.defer(page, go_on)
        await enough.wait()
        before = budget.asked
        await asyncio.sleep(6 * 0.05)
        return budget.asked - before

    assert asyncio.run(asked()) <= 10  # ten times as many if each turn left a timer behind


def test_a_fault_in_serving_one_page_does_not_keep_the_others_waiting() -> None:
    async def served() -> bool:
        budget = Shared()
        throttle = Throttle(budget)
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)

        def fail(_granted: bool) -> None:  # noqa: FBT001
            raise ZeroDivisionError

        other = asyncio.get_running_loop().create_future()
        throttle.defer(overdrawn(1), fail)
        throttle.defer(overdrawn(2), other.set_result)
        budget.empty = False
        granted: bool = await asyncio.wait_for(other, 30)
        return granted

    assert asyncio.run(served())


def test_a_page_waits_for_a_limited_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST", 0.05)

    async def granted() -> bool:
        return await Throttle(Shared()).turn(overdrawn(1))

    assert not asyncio.run(granted())


def test_of_too_many_that_wait_the_one_that_has_taken_most_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", 2)
    given_up: list[float] = []

    def note(seconds: float, granted: bool) -> None:  # noqa: FBT001
        if not granted:
            given_up.append(seconds)

    async def wait() -> None:
        throttle = Throttle(Shared())
        for seconds in (1.0, 3.0, 2.0):
            throttle.defer(overdrawn(seconds), partial(note, seconds))

    asyncio.run(wait())
    assert given_up == [3.0]


def test_of_too_many_new_pages_the_last_one_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_NEW", 2)
    given_up: list[str] = []

    def note(name: str, granted: bool) -> None:  # noqa: FBT001
        if not granted:
            given_up.append(name)

    async def come() -> None:
        throttle = Throttle(Shared())
        for name in ("first", "second", "third"):
            throttle.defer(Allowance(), partial(note, name))

    asyncio.run(come())
    assert given_up == ["third"]


def test_new_pages_do_not_wait_behind_those_that_have_used_up_their_allowance() -> None:
    async def admitted() -> bool:
        budget = Shared()
        throttle = Throttle(budget)
        throttle.defer(overdrawn(1), lambda _granted: None)
        budget.empty = False
        return throttle.admits(Allowance(), 100)

    assert asyncio.run(admitted())


def test_a_page_that_has_left_does_not_wait() -> None:
    given_up: list[bool] = []

    async def leave() -> None:
        Throttle(Shared()).defer(overdrawn(1), given_up.append, lambda: True)
        await asyncio.sleep(0)

    asyncio.run(leave())
    assert given_up == [False]


def test_a_thread_waits_for_its_page_s_turn() -> None:
    budget = Shared()
    turns = Turns(Throttle(budget), overdrawn(1))
    assert not turns.wait(0.02)
    budget.empty = False
    assert turns.wait(0.02)


def test_what_a_page_causes_is_the_time_of_the_processor_not_of_the_clock() -> None:
    """Where an app computes in a thread of its own, a page's message may take long that is soon handled."""
    allowance = a_page()
    turns = Turns(Throttle(Shared()), allowance)
    before = allowance.left
    began = time.thread_time()
    time.sleep(0.05)
    turns.charge(began)
    assert before - allowance.left < 0.005

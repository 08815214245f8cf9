"""The processing time that pages may cause."""

from __future__ import annotations

import weakref

import pytest

from nbsession._server.pages import time_budget
from nbsession._server.pages.time_budget import Allowance, TimeBudget

LARGE = 2**20


class Clock:
    """What time it is."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time_budget, "monotonic", clock)
    return clock


@pytest.fixture
def budget(clock: Clock) -> TimeBudget:
    return TimeBudget(lambda: 1)


def a_page(now: float | None = None) -> Allowance:
    """Return the allowance of a page that has said hello."""
    page = Allowance(now)
    page.follow(lambda: 0)
    return page


def use_up(budget: TimeBudget) -> None:
    """Have a page use up the shared budget."""
    budget.charge(a_page(), 60.0)


def test_a_small_message_of_a_new_page_is_allowed(budget: TimeBudget) -> None:
    assert budget.allows(a_page(), 1000)


def test_a_large_message_is_more_than_a_new_page_is_allowed(budget: TimeBudget) -> None:
    assert not budget.allows(a_page(), LARGE)


def test_what_is_more_than_a_page_is_allowed_takes_from_the_shared_budget_at_once(
    budget: TimeBudget, clock: Clock
) -> None:
    budget.charge(a_page(), 0.001)
    assert budget.delay(a_page(), clock.now) == 0


def test_when_the_shared_budget_is_used_up_it_grows_by_a_hundredth_of_the_time(
    budget: TimeBudget, clock: Clock
) -> None:
    heavy, other = a_page(), a_page()
    budget.charge(heavy, 1.11)  # its allowance, the shared budget, and a tenth of a second
    budget.charge(other, 0.001)
    assert budget.delay(heavy, clock.now) == pytest.approx(10.0, abs=0.1)
    clock.now += 10.1
    budget.charge(other, 0.001)
    assert budget.delay(heavy, clock.now) == 0


def test_a_page_that_is_alone_need_not_wait(budget: TimeBudget, clock: Clock) -> None:
    heavy = a_page()
    budget.charge(heavy, 0.001)
    use_up(budget)
    clock.now += 0.5
    assert budget.delay(heavy, clock.now) == 0


def test_a_page_waits_while_another_is_active(budget: TimeBudget, clock: Clock) -> None:
    use_up(budget)
    budget.charge(a_page(), 0.001)
    assert budget.delay(a_page(), clock.now) > 10


def test_a_page_that_was_active_long_ago_is_not_waited_for(budget: TimeBudget, clock: Clock) -> None:
    use_up(budget)
    budget.charge(a_page(), 0.001)
    clock.now += 1.1
    assert budget.delay(a_page(), clock.now) == 0


def test_the_debt_of_one_act_is_forgiven_in_the_end(budget: TimeBudget, clock: Clock) -> None:
    budget.charge(a_page(), 3600.0)
    clock.now += 101
    budget.charge(a_page(), 0.001)
    assert budget.delay(a_page(), clock.now) == 0


def test_an_allowance_grows_with_time(budget: TimeBudget, clock: Clock) -> None:
    page = a_page(clock.now)
    budget.charge(page, 1.0)
    assert not budget.allows(page, 1000)
    clock.now += 1
    assert budget.allows(page, 1000)


def test_an_allowance_grows_with_what_the_page_acknowledges(budget: TimeBudget, clock: Clock) -> None:
    acknowledged = 7
    page = a_page(clock.now)
    page.follow(lambda: acknowledged)
    budget.charge(page, 1.0)
    assert not budget.allows(page, 1000)
    acknowledged += 1
    assert budget.allows(page, 1000)


def test_the_allowances_of_many_pages_grow_by_no_more_than_a_tenth_of_the_time(clock: Clock) -> None:
    budget = TimeBudget(lambda: 1000)
    page = a_page(clock.now)
    budget.charge(page, 1.0)
    clock.now += 0.2
    budget.allows(page, 1000)
    assert page.left == pytest.approx(0.1 * 0.2 / 1000)


def test_a_page_that_has_not_said_hello_has_no_allowance(budget: TimeBudget) -> None:
    assert not budget.allows(Allowance(), 1)


def test_new_pages_are_let_in_at_once_while_something_is_left_of_the_shared_budget(
    budget: TimeBudget, clock: Clock
) -> None:
    budget.charge(a_page(), 0.001)
    budget.let_in(clock.now)
    assert budget.delay(Allowance(), clock.now) == 0


def test_new_pages_are_let_in_one_after_the_other_when_nothing_is_left_of_it(
    budget: TimeBudget, clock: Clock
) -> None:
    use_up(budget)
    budget.charge(a_page(), 0.001)
    assert budget.delay(Allowance(), clock.now) == 0
    budget.let_in(clock.now)
    assert budget.delay(Allowance(), clock.now) == pytest.approx(0.5)


def test_not_even_an_empty_message_is_within_an_allowance_that_is_used_up(budget: TimeBudget) -> None:
    assert not budget.allows(Allowance(), 0)


def test_the_budget_keeps_no_page_that_is_gone(budget: TimeBudget) -> None:
    class Frames:
        def __call__(self) -> int:
            return 0

    frames = Frames()
    page = Allowance()
    page.follow(frames)
    budget.charge(page, 0.001)
    gone = weakref.ref(frames)
    del frames, page
    assert gone() is None

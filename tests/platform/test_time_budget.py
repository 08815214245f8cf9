"""The processing time that pages may cause."""

from __future__ import annotations

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


def use_up(budget: TimeBudget) -> None:
    """Have a page use up the shared budget."""
    budget.charge(Allowance(), 60.0)


def test_a_small_message_of_a_new_page_is_allowed(budget: TimeBudget) -> None:
    assert budget.allows(Allowance(), 1000)


def test_a_large_message_is_more_than_a_new_page_is_allowed(budget: TimeBudget) -> None:
    assert not budget.allows(Allowance(), LARGE)


def test_what_is_more_than_a_page_is_allowed_takes_from_the_shared_budget_at_once(
    budget: TimeBudget, clock: Clock
) -> None:
    budget.charge(Allowance(), 0.001)
    assert budget.delay(Allowance(), clock.now) == 0


def test_when_the_shared_budget_is_used_up_it_grows_by_a_fiftieth_of_the_time(
    budget: TimeBudget, clock: Clock
) -> None:
    heavy, other = Allowance(), Allowance()
    budget.charge(heavy, 1.11)  # its allowance, the shared budget, and a tenth of a second
    budget.charge(other, 0.001)
    assert budget.delay(heavy, clock.now) == pytest.approx(5.0, abs=0.1)
    clock.now += 5.1
    budget.charge(other, 0.001)
    assert budget.delay(heavy, clock.now) == 0


def test_a_page_that_is_alone_need_not_wait(budget: TimeBudget, clock: Clock) -> None:
    heavy = Allowance()
    budget.charge(heavy, 0.001)
    use_up(budget)
    clock.now += 0.5
    assert budget.delay(heavy, clock.now) == 0


def test_a_page_waits_while_another_is_active(budget: TimeBudget, clock: Clock) -> None:
    use_up(budget)
    budget.charge(Allowance(), 0.001)
    assert budget.delay(Allowance(), clock.now) > 10


def test_a_page_that_was_active_long_ago_is_not_waited_for(budget: TimeBudget, clock: Clock) -> None:
    use_up(budget)
    budget.charge(Allowance(), 0.001)
    clock.now += 1.1
    assert budget.delay(Allowance(), clock.now) == 0


def test_the_debt_of_one_act_is_forgiven_in_the_end(budget: TimeBudget, clock: Clock) -> None:
    budget.charge(Allowance(), 3600.0)
    clock.now += 101
    budget.charge(Allowance(), 0.001)
    assert budget.delay(Allowance(), clock.now) == 0


def test_an_allowance_grows_with_time(budget: TimeBudget, clock: Clock) -> None:
    page = Allowance(clock.now)
    budget.charge(page, 1.0)
    assert not budget.allows(page, 1000)
    clock.now += 1
    assert budget.allows(page, 1000)


def test_an_allowance_grows_with_what_the_page_acknowledges(budget: TimeBudget, clock: Clock) -> None:
    acknowledged = 7
    page = Allowance(clock.now)
    page.follow(lambda: acknowledged)
    budget.charge(page, 1.0)
    assert not budget.allows(page, 1000)
    acknowledged += 1
    assert budget.allows(page, 1000)


def test_the_allowances_of_many_pages_grow_by_no_more_than_a_fifth_of_the_time(clock: Clock) -> None:
    budget = TimeBudget(lambda: 1000)
    page = Allowance(clock.now)
    budget.charge(page, 1.0)
    clock.now += 0.2
    budget.allows(page, 1000)
    assert page.left == pytest.approx(0.2 * 0.2 / 1000)

"""Whose turn it is among the pages that have used up their allowance of processing time."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from time import monotonic, thread_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .time_budget import Allowance, TimeBudget

# Pages that wait at most, and seconds that one waits at most. Then its socket is closed: it may come back.
_MOST_WAITING = 64
_LONGEST = 30.0
# Seconds after which the waiting pages are looked at again: the others may be active no more.
_LOOK_EACH = 0.25


class Turns:
    """The turns of one connection.

    Parameters
    ----------
    throttle : Throttle
        Of the server.
    allowance : Allowance
        Of the page.
    """

    __slots__ = ("_allowance", "_throttle")

    def __init__(self, throttle: Throttle, allowance: Allowance) -> None:
        self._throttle = throttle
        self._allowance = allowance

    def admits(self, size: int) -> bool:
        """Say whether a message of ``size`` bytes may be handled now."""
        return self._throttle.admits(self._allowance, size)

    def defer(self, go_on: Callable[[bool], object]) -> None:
        """Call ``go_on(True)`` when it may; ``go_on(False)`` if that took too long."""
        self._throttle.defer(self._allowance, go_on)

    async def turn(self) -> bool:
        """Wait until it may; return False if that took too long."""
        return await self._throttle.turn(self._allowance)

    def wait(self, longest: float) -> bool:
        """Block this thread until it may, for so many seconds at most; return False if that is too long."""
        until = monotonic() + longest
        while (delay := self._throttle.budget.delay(self._allowance, monotonic())) > 0:
            left = until - monotonic()
            if left <= 0:
                return False
            time.sleep(min(delay, left, _LOOK_EACH))
        return True

    def charge(self, began: float) -> float:
        """Charge the page for what this thread has done since `thread_time` was ``began``; return what it is now."""
        now = thread_time()
        self._throttle.budget.charge(self._allowance, now - began)
        return now


@dataclass
class _Waiting:
    allowance: Allowance
    go_on: Callable[[bool], object]
    until: float = field(default_factory=lambda: monotonic() + _LONGEST)


class Throttle:
    """Pages that wait for the shared budget: the one that has taken least of it is served first. On the loop's thread.

    Parameters
    ----------
    budget : TimeBudget
        The budget.

    Attributes
    ----------
    budget : TimeBudget
        The budget.
    """

    def __init__(self, budget: TimeBudget) -> None:
        self.budget = budget
        self._waiting: list[_Waiting] = []
        self._timer: asyncio.TimerHandle | None = None

    def admits(self, allowance: Allowance, size: int) -> bool:
        """Say whether a message of ``size`` bytes may be handled now."""
        return self.budget.allows(allowance, size) or (
            not self._waiting and self.budget.delay(allowance, monotonic()) <= 0
        )

    def defer(self, allowance: Allowance, go_on: Callable[[bool], object]) -> None:
        """Call ``go_on(True)`` when the page may have one message handled; ``go_on(False)`` if that took too long."""
        self._waiting.append(_Waiting(allowance, go_on))
        if len(self._waiting) > _MOST_WAITING:
            self._give_up(max(self._waiting, key=_overdrawn))
        if self._timer is None:
            self._look()

    async def turn(self, allowance: Allowance) -> bool:
        """Wait for the page's turn; return False if that took too long."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def go_on(granted: bool) -> None:  # noqa: FBT001 -- as it is called
            if not future.done():
                future.set_result(granted)

        self.defer(allowance, go_on)
        return await future

    def _look(self) -> None:
        self._timer = None
        now = monotonic()
        for late in [each for each in self._waiting if each.until <= now]:
            self._give_up(late)
        if not self._waiting:
            return
        first = min(self._waiting, key=_overdrawn)
        delay = self.budget.delay(first.allowance, now)
        if delay <= 0:
            self._waiting.remove(first)
            first.go_on(True)  # noqa: FBT003
        # What goes on at once has been charged by then.
        self._timer = asyncio.get_running_loop().call_later(min(delay, _LOOK_EACH), self._look)

    def _give_up(self, waiting: _Waiting) -> None:
        self._waiting.remove(waiting)
        waiting.go_on(False)  # noqa: FBT003


def _overdrawn(waiting: _Waiting) -> float:
    return waiting.allowance.overdrawn

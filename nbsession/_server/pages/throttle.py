"""The order in which pages are served that have used up their processing time."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from time import monotonic, thread_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .time_budget import Allowance, TimeBudget

# The most pages that wait, and the most of them that have not sent a hello.
_MOST_WAITING = 64
_MOST_NEW = 32
# Seconds after which the socket of a waiting page is closed. The page may reconnect.
_LONGEST = 60.0
# Seconds between checks of the waiting pages: the other pages may have become inactive.
_LOOK_EACH = 0.25


class Turns:
    """The turns of one connection.

    Parameters
    ----------
    throttle : Throttle
        The server's throttle.
    allowance : Allowance
        The page's allowance.
    """

    __slots__ = ("_allowance", "_throttle")

    def __init__(self, throttle: Throttle, allowance: Allowance) -> None:
        self._throttle = throttle
        self._allowance = allowance

    def admits(self, size: int) -> bool:
        """Return whether a message of ``size`` bytes may be handled now."""
        return self._throttle.admits(self._allowance, size)

    def defer(self, go_on: Callable[[bool], object], has_left: Callable[[], bool]) -> None:
        """Call ``go_on(True)`` at the page's turn, or ``go_on(False)`` after too long or if the page has left."""
        self._throttle.defer(self._allowance, go_on, has_left)

    async def turn(self) -> bool:
        """Wait for the page's turn; return False if that takes too long."""
        return await self._throttle.turn(self._allowance)

    def wait(self, longest: float) -> bool:
        """Block this thread until the page's turn, for at most ``longest`` seconds; return whether it came."""
        until = monotonic() + longest
        while (delay := self._throttle.budget.delay(self._allowance, monotonic())) > 0:
            left = until - monotonic()
            if left <= 0:
                return False
            time.sleep(min(delay, left, _LOOK_EACH))
        if self._allowance.is_new:
            self._throttle.budget.let_in(monotonic())
        return True

    def charge(self, began: float) -> float:
        """Charge the page for what this thread has done since `thread_time` was ``began``; return what it is now."""
        now = thread_time()
        self._throttle.budget.charge(self._allowance, now - began)
        return now


@dataclass(eq=False)
class _Waiting:
    allowance: Allowance
    go_on: Callable[[bool], object]
    has_left: Callable[[], bool]
    until: float = field(default_factory=lambda: monotonic() + _LONGEST)


class Throttle:
    """Lets pages wait for the shared budget; the page that has used least of it is served first.

    For the loop's thread.

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
        self._timer: asyncio.Handle | None = None

    def admits(self, allowance: Allowance, size: int) -> bool:
        """Return whether a message of ``size`` bytes may be handled now."""
        if self.budget.allows(allowance, size):
            return True
        now = monotonic()
        if self._of_kind(allowance) or self.budget.delay(allowance, now) > 0:
            return False
        if allowance.is_new:
            self.budget.let_in(now)
        return True

    def defer(
        self,
        allowance: Allowance,
        go_on: Callable[[bool], object],
        has_left: Callable[[], bool] = lambda: False,
    ) -> None:
        """Let a page wait until one of its messages may be handled.

        Parameters
        ----------
        allowance : Allowance
            The page's allowance.
        go_on : callable
            Called with True at the page's turn, or with False after too long or if the page has left.
        has_left : callable
            Returns whether the page has left.
        """
        self._waiting.append(_Waiting(allowance, go_on, has_left))
        kind = self._of_kind(allowance)
        if len(kind) > (_MOST_NEW if allowance.is_new else _MOST_WAITING):
            self._give_up(kind[-1] if allowance.is_new else max(kind, key=_overdrawn))
        if self._timer is None:
            self._look_in(0.0)

    async def turn(self, allowance: Allowance) -> bool:
        """Wait for the page's turn; return False if that took too long."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def go_on(granted: bool) -> None:  # noqa: FBT001 -- as it is called
            if not future.done():
                future.set_result(granted)

        self.defer(allowance, go_on)
        return await future

    def _look_in(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        """Serve the pages whose turn it is. A page that is served may have to wait again at once."""
        now = monotonic()
        for each in [each for each in self._waiting if each.until <= now or each.has_left()]:
            self._give_up(each)
        delay, served = _LOOK_EACH, []
        for first in self._first():
            late = self.budget.delay(first.allowance, now)
            delay = min(delay, late)
            if late <= 0:
                self._waiting.remove(first)
                served.append(first)
        self._timer = None
        if self._waiting:
            self._look_in(delay)  # by then, a message that is handled at once has been charged
        for each in served:
            if each.allowance.is_new:
                self.budget.let_in(now)
            each.go_on(True)  # noqa: FBT003

    def _first(self) -> list[_Waiting]:
        """Return the next page of those that have sent a hello, and of those that have not."""
        new = next((each for each in self._waiting if each.allowance.is_new), None)
        old = min((each for each in self._waiting if not each.allowance.is_new), key=_overdrawn, default=None)
        return [each for each in (old, new) if each is not None]

    def _of_kind(self, allowance: Allowance) -> list[_Waiting]:
        return [each for each in self._waiting if each.allowance.is_new == allowance.is_new]

    def _give_up(self, waiting: _Waiting) -> None:
        self._waiting.remove(waiting)
        waiting.go_on(False)  # noqa: FBT003


def _overdrawn(waiting: _Waiting) -> float:
    return waiting.allowance.overdrawn

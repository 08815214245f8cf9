"""The processing time that pages may use: a page that uses too much waits, so that the others do not have to.

One thread handles the messages of all pages, and Python runs one thread at a time: the processing time of one page
delays all others. So each page has an allowance. It grows with time, and with each frame that the page acknowledges, so
that answers to the app cost nothing. A page that has used up its allowance draws on a budget that all such pages share.
The shared budget allows bursts. When it is used up, and other pages are active, it grows by 1 % of the time, and the
page's messages stay in its socket until its turn comes. New pages are then admitted slowly, too; otherwise a visitor
could open a new page for each message.
"""

from __future__ import annotations

import itertools
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds of processing that a new page may use, and that a page can save.
_AT_FIRST = 0.01
_AT_MOST = 0.25
# The growth of the allowances: of all together each second, and of one with each acknowledged frame.
_ALL_EACH_SECOND = 0.1
_EACH_FRAME = 0.001
# The seconds that a byte may take, for the costlier kinds of messages.
_EACH_BYTE = 5e-8
# The shared budget: the most seconds, its growth each second, and the largest debt.
_SHARED_AT_MOST = 1.0
_SHARED_EACH_SECOND = 0.01
_LARGEST_DEBT = 1.0
# The shortest wait, in seconds.
_SOONEST = 0.01
# Seconds between two new pages while the shared budget is used up.
_NEW_EACH = 0.5
# Seconds after its last message during which a page counts as active.
_ACTIVE = 1.0

_next_number = itertools.count(1).__next__


class Allowance:
    """The processing time that one page may use.

    Attributes
    ----------
    left : float
        Seconds.
    number : int
        Identifies the allowance.
    overdrawn : float
        Seconds that the page has drawn from the shared budget.
    is_new : bool
        Whether the page has not sent its hello yet.
    """

    __slots__ = ("_acknowledged", "_frames", "_since", "left", "number", "overdrawn")

    def __init__(self, now: float | None = None) -> None:
        self.number: int = _next_number()
        self.left: float = 0.0
        self.overdrawn: float = 0.0
        self._acknowledged: Callable[[], int] | None = None
        self._frames = 0
        self._since = monotonic() if now is None else now

    @property
    def is_new(self) -> bool:
        return self._acknowledged is None

    def follow(self, acknowledged: Callable[[], int]) -> None:
        """Grow with the frames that the page acknowledges. The page has sent its hello."""
        if self._acknowledged is None:
            self.left += _AT_FIRST
            self._since = monotonic()
        self._acknowledged = acknowledged
        self._frames = acknowledged()

    def grow(self, now: float, each_second: float) -> None:
        """Add what the page has earned."""
        if self._acknowledged is not None:
            frames = self._acknowledged()
            earned = (now - self._since) * each_second + max(0, frames - self._frames) * _EACH_FRAME
            self.left = min(self.left + earned, _AT_MOST)
            self._frames = frames
        self._since = now


class TimeBudget:
    """The processing time that all pages of a server may use. Any thread.

    Parameters
    ----------
    pages : callable
        Returns the number of pages.
    """

    def __init__(self, pages: Callable[[], int]) -> None:
        self._pages = pages
        self._left = _SHARED_AT_MOST
        self._since = monotonic()
        # The page that was active last within its allowance, the time of that, and the last time of another page. By
        # number: an allowance refers to its page, which may be gone.
        self._latest = 0
        self._latest_at = self._other_at = float("-inf")
        self._new_at = float("-inf")  # when the next new page may be admitted

    def allows(self, allowance: Allowance, size: int) -> bool:
        """Return whether the page's own allowance suffices for a message of ``size`` bytes."""
        if allowance.left > size * _EACH_BYTE:
            return True
        allowance.grow(monotonic(), _ALL_EACH_SECOND / max(self._pages(), 1))
        return allowance.left > size * _EACH_BYTE

    def charge(self, allowance: Allowance, seconds: float) -> None:
        """Charge a page for processing time."""
        left = allowance.left - seconds
        now = monotonic()
        if left >= 0:
            allowance.left = left
            if self._latest != allowance.number:
                self._latest, self._other_at = allowance.number, self._latest_at
            self._latest_at = now
        else:
            allowance.left = 0.0
            allowance.overdrawn -= left
            self._grow(now)
            self._left = max(self._left + left, -_LARGEST_DEBT)

    def delay(self, allowance: Allowance, now: float) -> float:
        """Return the seconds until the shared budget has time for the page, or a new page may be admitted."""
        self._grow(now)
        if self._left > 0:
            return 0.0
        active_at = self._other_at if self._latest == allowance.number else self._latest_at
        if now - active_at > _ACTIVE:
            return 0.0
        if allowance.is_new:
            return max(0.0, self._new_at - now)
        return -self._left / _SHARED_EACH_SECOND + _SOONEST

    def let_in(self, now: float) -> None:
        """Note that a new page is admitted."""
        self._new_at = now + _NEW_EACH

    def _grow(self, now: float) -> None:
        self._left = min(self._left + (now - self._since) * _SHARED_EACH_SECOND, _SHARED_AT_MOST)
        self._since = now

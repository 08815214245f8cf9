"""The processing time that pages may cause: a page that causes much waits, so that the others need not.

What pages send is handled on a thread that serves all of them, and Python runs one thread at a time: the time that one
page causes delays all others. So each page has an allowance. It grows with time, and with each frame that the page
acknowledges, so that answering what an app asks for costs nothing. A page that has used up its allowance takes from a
budget that all such pages share. The shared budget allows for bursts. When it is used up, and other pages are active,
it grows by 2 % of the time, and what the page sends stays in its socket until its turn comes.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds of processing that a page may cause when it is new, and at most.
_AT_FIRST = 0.01
_AT_MOST = 0.25
# By how much that grows each second, for all pages together and for one, and with each frame that is acknowledged.
_ALL_EACH_SECOND = 0.2
_EACH_SECOND = 0.02
_EACH_FRAME = 0.001
# Seconds that a byte causes, if the message is of the dearer kind.
_EACH_BYTE = 5e-8
# The shared budget: seconds at most, what it grows by each second, and the debt beyond which it is not counted.
_SHARED_AT_MOST = 1.0
_SHARED_EACH_SECOND = 0.02
_LARGEST_DEBT = 2.0
# Seconds that a page waits at least, if it has to.
_SOONEST = 0.01
# Seconds since its last message for which a page counts as active.
_ACTIVE = 1.0


class Allowance:
    """The processing time that one page may cause.

    Attributes
    ----------
    left : float
        Seconds.
    overdrawn : float
        Seconds that the page has taken from the shared budget.
    """

    __slots__ = ("_acknowledged", "_frames", "_since", "left", "overdrawn")

    def __init__(self, now: float | None = None) -> None:
        self.left = _AT_FIRST
        self.overdrawn = 0.0
        self._acknowledged: Callable[[], int] | None = None
        self._frames = 0
        self._since = monotonic() if now is None else now

    def follow(self, acknowledged: Callable[[], int]) -> None:
        """Have it grow with the frames that a page acknowledges."""
        self._acknowledged = acknowledged
        self._frames = acknowledged()

    def grow(self, now: float, each_second: float) -> None:
        """Add what the page has earned."""
        earned = (now - self._since) * each_second
        if self._acknowledged is not None:
            frames = self._acknowledged()
            earned += max(0, frames - self._frames) * _EACH_FRAME
            self._frames = frames
        self.left = min(self.left + earned, _AT_MOST)
        self._since = now


class TimeBudget:
    """The processing time that all pages of a server may cause. Any thread.

    Parameters
    ----------
    pages : callable
        Returns how many there are.
    """

    def __init__(self, pages: Callable[[], int]) -> None:
        self._pages = pages
        self._left = _SHARED_AT_MOST
        self._since = monotonic()
        # The page that was active last within its allowance, when, and when another one was.
        self._latest: Allowance | None = None
        self._latest_at = self._other_at = float("-inf")

    def allows(self, allowance: Allowance, size: int) -> bool:
        """Say whether a page may have a message of ``size`` bytes handled of its own allowance."""
        if allowance.left >= size * _EACH_BYTE:
            return True
        allowance.grow(monotonic(), min(_EACH_SECOND, _ALL_EACH_SECOND / max(self._pages(), 1)))
        return allowance.left >= size * _EACH_BYTE

    def charge(self, allowance: Allowance, seconds: float) -> None:
        """Charge a page for the processing time that it has caused."""
        left = allowance.left - seconds
        now = monotonic()
        if left >= 0:
            allowance.left = left
            if self._latest is not allowance:
                self._latest, self._other_at = allowance, self._latest_at
            self._latest_at = now
        else:
            allowance.left = 0.0
            allowance.overdrawn -= left
            self._grow(now)
            self._left = max(self._left + left, -_LARGEST_DEBT)

    def delay(self, allowance: Allowance, now: float) -> float:
        """Return in how many seconds the shared budget has something left for a page."""
        self._grow(now)
        if self._left > 0:
            return 0.0
        active_at = self._other_at if self._latest is allowance else self._latest_at
        if now - active_at > _ACTIVE:
            return 0.0
        return -self._left / _SHARED_EACH_SECOND + _SOONEST

    def _grow(self, now: float) -> None:
        self._left = min(self._left + (now - self._since) * _SHARED_EACH_SECOND, _SHARED_AT_MOST)
        self._since = now

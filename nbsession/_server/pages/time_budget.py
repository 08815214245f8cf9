"""The processing time that pages may cause: a page that causes much waits, so that the others need not.

What pages send is handled on a thread that serves all of them, and Python runs one thread at a time: the time that one
page causes delays all others. So each page has an allowance. It grows with time, and with each frame that the page
acknowledges, so that answering what an app asks for costs nothing. A page that has used up its allowance takes from a
budget that all such pages share. The shared budget allows for bursts. When it is used up, and other pages are active,
it grows by 1 % of the time, and what the page sends stays in its socket until its turn comes. Until then, new pages are
let in slowly, too: else a visitor would come anew with each message.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds of processing that a page may cause when it is new, and at most.
_AT_FIRST = 0.01
_AT_MOST = 0.25
# By how much that grows each second, for all pages together, and with each frame that is acknowledged.
_ALL_EACH_SECOND = 0.1
_EACH_FRAME = 0.001
# Seconds that a byte causes, if the message is of the dearer kind.
_EACH_BYTE = 5e-8
# The shared budget: seconds at most, what it grows by each second, and the debt beyond which it is not counted.
_SHARED_AT_MOST = 1.0
_SHARED_EACH_SECOND = 0.01
_LARGEST_DEBT = 1.0
# Seconds that a page waits at least, if it has to.
_SOONEST = 0.01
# Seconds from one new page to the next while nothing is left of the shared budget.
_NEW_EACH = 0.5
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
    is_new : bool
        The page has not said hello yet.
    """

    __slots__ = ("_acknowledged", "_frames", "_since", "left", "overdrawn")

    def __init__(self, now: float | None = None) -> None:
        self.left: float = 0.0
        self.overdrawn: float = 0.0
        self._acknowledged: Callable[[], int] | None = None
        self._frames = 0
        self._since = monotonic() if now is None else now

    @property
    def is_new(self) -> bool:
        return self._acknowledged is None

    def follow(self, acknowledged: Callable[[], int]) -> None:
        """Have it grow with the frames that a page acknowledges: that page has said hello."""
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
        self._new_at = float("-inf")  # when the next new page may be let in

    def allows(self, allowance: Allowance, size: int) -> bool:
        """Say whether a page may have a message of ``size`` bytes handled of its own allowance."""
        if allowance.left >= size * _EACH_BYTE:
            return True
        allowance.grow(monotonic(), _ALL_EACH_SECOND / max(self._pages(), 1))
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
        """Return in how many seconds the shared budget has something left for a page, or a new one may be let in."""
        self._grow(now)
        if self._left > 0:
            return 0.0
        active_at = self._other_at if self._latest is allowance else self._latest_at
        if now - active_at > _ACTIVE:
            return 0.0
        if allowance.is_new:
            return max(0.0, self._new_at - now)
        return -self._left / _SHARED_EACH_SECOND + _SOONEST

    def let_in(self, now: float) -> None:
        """Note that a new page is let in."""
        self._new_at = now + _NEW_EACH

    def _grow(self, now: float) -> None:
        self._left = min(self._left + (now - self._since) * _SHARED_EACH_SECOND, _SHARED_AT_MOST)
        self._since = now

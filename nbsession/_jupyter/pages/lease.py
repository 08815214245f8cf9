"""The lease: how long a page may be silent before its sessions are closed.

A notebook whose tab was closed inside JupyterLab sends no goodbye, and neither does a sleeping laptop. An open page
sends something at least every `Lease.heartbeat` seconds.
"""

from __future__ import annotations

import os
from math import inf, isfinite
from time import monotonic
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

VARIABLE = "NBSESSION_LEASE"
DEFAULT = 600.0
MOST_OFTEN = 60.0  # seconds between heartbeats; see `Lease.heartbeat`
# Missed heartbeats after which another page may replace a page. Those of a hidden tab may be one minute late.
_MISSED = 3
# Delay in seconds of an alarm that shows that the computer slept, or that the process was stopped.
_LATE = 5.0


class Handle(Protocol):
    """One alarm of the timer."""

    def at(self, when: float) -> None:
        """Call the callback at this time, in seconds, unless it is due earlier."""
        ...

    def close(self) -> None:
        """Do not call it any more."""
        ...


class Alarm(Protocol):
    """The timer."""

    def handle(self, callback: Callable[[float], float | None]) -> Handle:
        """Return an alarm that calls ``callback`` with the time; the callback returns the next time, or None."""
        ...


PageT = TypeVar("PageT")


def lease_from_environment() -> float | None:
    """Return the lease in seconds from the environment variable ``NBSESSION_LEASE``; None for no limit.

    Raises
    ------
    ValueError
        If the variable is neither a positive number nor ``none``.
    """
    given = os.environ.get(VARIABLE, "").strip()
    if not given:
        return DEFAULT
    if given.lower() == "none":
        return None
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not (seconds > 0 and isfinite(seconds)):
        msg = f"{VARIABLE} must be a number of seconds above 0, or none, not {given!r}"
        raise ValueError(msg)
    return seconds


class Lease(Generic[PageT]):
    """Records when each page last sent something. Can be used on any thread.

    Parameters
    ----------
    seconds : float or None
        The maximum silence of a page; None for no limit. See `change`.
    alarm : TimerThread
        The timer that checks for silent pages.
    lapsed : callable
        Called once, on the timer thread, with each page that has been silent for too long and the reason for its
        sessions' end.
    hearing : callable
        Returns whether messages are being received. While they are not, no page counts as silent.
    replaceable : callable
        Returns whether another page could replace a page. Such a page lapses earlier, after three heartbeats.
    longest_pause : float
        The maximum number of seconds between a page's heartbeats. It may be changed at any time; pages receive it with
        their next hello.
    clock : callable
        Returns the time in seconds.
    """

    def __init__(
        self,
        seconds: float | None,
        alarm: Alarm,
        lapsed: Callable[[PageT, str], object],
        hearing: Callable[[], bool] = lambda: True,
        *,
        replaceable: Callable[[PageT], bool] = lambda _page: False,
        longest_pause: float = MOST_OFTEN,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.seconds = seconds
        self.longest_pause = longest_pause
        self._lapsed = lapsed
        self._hearing = hearing
        self._replaceable = replaceable
        self._clock = clock
        self._last: dict[PageT, float] = {}
        self.since = clock()  # the earliest start of counted silence
        self._next: float | None = None
        self._handle = alarm.handle(self._look)

    @property
    def heartbeat(self) -> float | None:
        """The seconds between a page's heartbeats: the longest pause, or a quarter of a lease below four pauses."""
        return None if self.seconds is None else min(self.longest_pause, self.seconds / 4)

    @property
    def _soon(self) -> float:
        return inf if self.heartbeat is None else _MISSED * self.heartbeat

    def silent(self, page: PageT) -> bool:
        """Return whether a page has missed so many heartbeats that another page is preferred."""
        last = self._last.get(page)
        return last is not None and self._clock() - max(last, self.since) >= self._soon

    def heard(self, page: PageT) -> None:
        """Record a message of a page."""
        self._last[page] = self._clock()
        if self._next is None:
            self._arm()

    def heard_at(self, page: PageT) -> float | None:
        """Return the clock's time of a page's last message; None for a page that was removed."""
        return self._last.get(page)

    def forget(self, page: PageT) -> None:
        """Remove a page that has ended, or that is away and expected back."""
        self._last.pop(page, None)

    def listen_anew(self) -> None:
        """Count silence from now on: earlier messages of pages may not have been received yet."""
        self.since = self._clock()

    def change(self, seconds: float | None) -> None:
        """Set the maximum silence, and count silence from now on. Pages receive it with their next hello."""
        self.seconds = seconds
        self.listen_anew()
        self._arm()

    def _arm(self) -> None:
        if self.seconds is not None:
            self._next = self._clock() + self._soon
            self._handle.at(self._next)

    def _look(self, now: float) -> float | None:
        if self.seconds is None or not self._last:
            self._next = None
            return None
        overslept = self._next is not None and now - self._next > _LATE
        if overslept or not self._hearing():
            self.since = now
        silent_since = {page: max(last, self.since) for page, last in self._last.copy().items()}
        self._next = now + self._soon
        for page, since in silent_since.items():
            replaceable = self._replaceable(page)
            limit = self._soon if replaceable else self.seconds
            end = since + limit
            if end > now:
                self._next = min(self._next, end)
                continue
            if not replaceable:
                self.forget(page)
            self._lapsed(page, f"its page was silent for {limit:g} s")
        if not self._last:
            self._next = None
        return self._next

"""Whether an open page is still there. Asked when another page has come, because a page can end without a goodbye.

The browser drops the goodbye of a page that crashes, is killed, or is too busy to end in time.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from .lease import Alarm, Lease


class _Page(Protocol):
    """The part of a page that is used here."""

    def tell(self, body: list[object]) -> None:
        """Send a message on channel 0."""
        ...


PageT = TypeVar("PageT", bound=_Page)


class Liveness(Generic[PageT]):
    """Asks pages for an acknowledgement. Can be used on any thread.

    Parameters
    ----------
    alarm : Alarm
        The timer for the answers.
    lease : Lease
        Records when each page last sent something.
    hearing : callable
        Returns whether messages of pages are being received.
    absent : callable
        Called, on the timer thread, with a page that has not answered.
    within : float
        Seconds in which a page must answer. It may be changed at any time.
    clock : callable
        Returns the time in seconds.
    """

    def __init__(
        self,
        alarm: Alarm,
        lease: Lease[PageT],
        hearing: Callable[[], bool],
        absent: Callable[[PageT], object],
        within: float,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.within = within
        self._alarm = alarm
        self._lease = lease
        self._hearing = hearing
        self._absent = absent
        self._clock = clock

    def ask(self, page: PageT) -> None:
        """Ask a page, and call ``absent`` if it does not answer. A page that has said goodbye is not missed."""
        asked = self._clock()

        def look(now: float) -> float | None:
            if not self._hearing():  # its answer may have arrived and not been read
                return now + self.within
            until = max(asked, self._lease.since) + self.within
            if now < until:
                return until
            handle.close()
            heard = self._lease.heard_at(page)
            if heard is not None and heard < asked:
                self._absent(page)
            return None

        page.tell(["probe"])
        handle = self._alarm.handle(look)
        handle.at(asked + self.within)

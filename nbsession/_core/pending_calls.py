"""The calls of a session that wait: for the answers to evals, or for the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from nbsession.exceptions import PageLostError, SessionClosedException

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

    from .call import Call

LOST = "the page was reloaded or lost while this code may have run; it is not repeated"


class Settle(Protocol):
    """Settles the call that waits for the answer to an eval; see `PendingCalls.settle`."""

    def __call__(self, number: object, value: object = None, error: BaseException | None = None) -> None:
        """See above."""
        ...


class PendingCalls:
    """Calls by the numbers of their evals, and those that wait for the reader. Can be used on any thread.

    Parameters
    ----------
    lock : InterruptSafeLock
        The session's lock.
    """

    def __init__(self, lock: InterruptSafeLock) -> None:
        self._lock = lock
        self._calls: dict[int, Call] = {}
        # The reader can answer them on any page.
        self._expecting: set[Call] = set()

    def __len__(self) -> int:
        return len(self._calls) + len(self._expecting)

    def expect(self, call: Call) -> None:
        """Add a call that waits for the reader, and not for one page."""
        with self._lock:
            self._expecting.add(call)

    def stop_expecting(self, call: Call) -> None:
        """Remove a call that waited for the reader."""
        with self._lock:
            self._expecting.discard(call)

    def add(self, number: int, call: Call) -> None:
        self._calls[number] = call

    def forget(self, number: int) -> None:
        """Ignore the answer when it arrives."""
        self._calls.pop(number, None)

    def awaits(self, number: object) -> bool:
        """Return whether an eval with that number waits for its answer."""
        return isinstance(number, int) and number in self._calls

    def settle(self, number: object, value: object = None, error: BaseException | None = None) -> None:
        """Settle one call. Unknown numbers (withdrawn or invented ones) are ignored."""
        call = self._calls.pop(number, None) if isinstance(number, int) else None
        if call is not None:
            call.settle(value, error)

    def close(self, reason: str) -> None:
        """Wake all waiting calls: the session has closed."""
        self._fail(lambda _, __: True, lambda: SessionClosedException(reason))
        self._fail_expecting(lambda _: True, lambda: SessionClosedException(reason))

    def lose(self, still_to_run: set[int]) -> None:
        """Wake the calls that wait for a dead page, except for those that its successor will run."""
        self._fail(lambda number, _: number not in still_to_run, lambda: PageLostError(LOST))

    def numbers(self) -> set[int]:
        """Return the numbers of the evals that wait."""
        with self._lock:
            return set(self._calls)

    def lose_these(self, numbers: set[int]) -> None:
        """Wake the calls whose values a dead page has not sent."""
        self._fail(lambda number, _: number in numbers, lambda: PageLostError(LOST))

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the waiting threads."""
        self._fail(lambda _, call: not call.awaited, KeyboardInterrupt)
        self._fail_expecting(lambda call: not call.awaited, KeyboardInterrupt)

    def _fail(self, chosen: Callable[[int, Call], bool], error: Callable[[], BaseException]) -> None:
        with self._lock:
            numbers = [number for number, call in self._calls.items() if chosen(number, call)]
            calls = [self._calls.pop(number) for number in numbers]
        for call in calls:
            call.settle(error=error())

    def _fail_expecting(self, chosen: Callable[[Call], bool], error: Callable[[], BaseException]) -> None:
        with self._lock:
            calls = [call for call in self._expecting if chosen(call)]
            self._expecting.difference_update(calls)
        for call in calls:
            call.settle(error=error())

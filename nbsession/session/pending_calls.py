"""The evals of a session whose answers are still to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession.exceptions import PageLostError, SessionClosedException

if TYPE_CHECKING:
    from collections.abc import Callable

    from .interrupt_safe_lock import InterruptSafeLock
    from .replies import Reply

LOST = "the page was reloaded or lost while this code may have run; it is not repeated"


class PendingCalls:
    """Replies by the numbers of their evals. Any thread.

    Parameters
    ----------
    lock : InterruptSafeLock
        The session's.
    """

    def __init__(self, lock: InterruptSafeLock) -> None:
        self._lock = lock
        self._replies: dict[int, Reply] = {}

    def __len__(self) -> int:
        return len(self._replies)

    def add(self, number: int, reply: Reply) -> None:
        self._replies[number] = reply

    def forget(self, number: int) -> None:
        """Ignore the answer when it comes."""
        self._replies.pop(number, None)

    def awaits(self, number: object) -> bool:
        """Return whether an eval of that number waits for its answer."""
        return isinstance(number, int) and number in self._replies

    def settle(self, number: object, **answer: Any) -> None:
        """Settle one; an unknown number (withdrawn, or made up) is ignored."""
        reply = self._replies.pop(number, None) if isinstance(number, int) else None
        if reply is not None:
            reply.settle(**answer)

    def close(self, reason: str) -> None:
        """Wake all that wait: the session has closed."""
        self._fail(lambda _, __: True, lambda: SessionClosedException(reason))

    def lose(self, still_to_run: set[int]) -> None:
        """Wake those that wait for a page which is gone, but for those that its successor will run."""
        self._fail(lambda number, _: number not in still_to_run, lambda: PageLostError(LOST))

    def numbers(self) -> set[int]:
        """Return the numbers of the evals that wait."""
        with self._lock:
            return set(self._replies)

    def lose_these(self, numbers: set[int]) -> None:
        """Wake those that wait for values which a page that is gone owes."""
        self._fail(lambda number, _: number in numbers, lambda: PageLostError(LOST))

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the threads that wait."""
        self._fail(lambda _, reply: reply.blocking, KeyboardInterrupt)

    def _fail(self, chosen: Callable[[int, Reply], bool], error: Callable[[], BaseException]) -> None:
        with self._lock:
            numbers = [number for number, reply in self._replies.items() if chosen(number, reply)]
            replies = [self._replies.pop(number) for number in numbers]
        for reply in replies:
            reply.settle(error=error())

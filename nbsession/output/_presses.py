"""Pressed buttons: a button is busy while its function runs, and is not pressed again in the meantime."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

from nbsession._core.backlog import BACKLOG_LIMIT
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from nbsession._core.session import Session


class Presses:
    """The presses of one group of buttons, also after `Output.update`.

    Parameters
    ----------
    session : Session
        The session that shows the buttons.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._key: int | None = None
        self._count = 0
        self._repeat = False
        self._lock = InterruptSafeLock()
        self._running: Counter[int] = Counter()
        self._version = 0

    def of(self, function: Callable[[Any], object], count: int, *, repeat: bool) -> Callable[[Any], object]:
        """Return a function that a button's index calls.

        Parameters
        ----------
        function : callable
            Called with the index of the pressed button.
        count : int
            The number of buttons.
        repeat : bool
            Whether a busy button can be pressed again; the presses then wait.
        """
        with self._lock:
            self._count, self._repeat = count, repeat

        def press(index: object) -> object:
            try:
                result = function(index)
            except BaseException:
                self._done(index)
                raise
            if asyncio.iscoroutine(result):
                return self._finish(index, result)
            self._done(index)
            return result

        return press

    def shown_as(self, key: int) -> None:
        """Set the node's key."""
        self._key = key
        if self.busy:
            self._publish()

    @property
    def busy(self) -> list[int]:
        """The indices of the buttons whose functions wait or run."""
        with self._lock:
            return sorted(index for index in self._running if index < self._count)

    def admit(self, index: object) -> bool:
        """Record a press. Return whether the function is to be called."""
        if type(index) is not int or not 0 <= index < self._count:  # invented
            return False
        if self._session.delivery.backlog() > BACKLOG_LIMIT:
            return False
        with self._lock:
            if self._running[index] and not self._repeat:
                return False
            self._running[index] += 1
            first = self._running[index] == 1
            self._version += first
        if first:
            self._publish()
        return True

    async def _finish(self, index: object, coroutine: Coroutine[Any, Any, object]) -> object:
        try:
            return await coroutine
        finally:
            self._done(index)

    def _done(self, index: object) -> None:
        with self._lock:
            if type(index) is not int or index not in self._running:
                return
            self._running[index] -= 1
            last = not self._running[index]
            if last:
                del self._running[index]
            self._version += last
        if last:
            self._publish()

    def _publish(self) -> None:
        """Show which buttons are busy, on all pages. Without the lock: the page's own may be taken meanwhile."""
        while self._key is not None:
            version = self._version
            self._session.outputs.update(self._key, busy=self.busy)
            if version == self._version:
                return

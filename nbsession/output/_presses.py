"""Pressed buttons: a button is busy while its function runs, and is not pressed again in the meantime."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from nbsession._core.session import Session


class Presses:
    """The presses of one group of buttons. Called with a button's index, it calls the function.

    Parameters
    ----------
    session : Session
        The session that shows the buttons.
    function : callable
        Called with the index of the pressed button.
    repeat : bool
        Whether a busy button can be pressed again; the presses then wait.
    key : int, optional
        The node's key, if it is shown already.
    """

    def __init__(
        self, session: Session, function: Callable[[Any], object], *, repeat: bool, key: int | None = None
    ) -> None:
        self._session = session
        self._function = function
        self._repeat = repeat
        self._key = key
        self._lock = threading.Lock()
        self._running: Counter[int] = Counter()

    def shown_as(self, key: int | None) -> None:
        """Set the node's key; None if other buttons have replaced these."""
        with self._lock:
            self._key = key
            if self._running:
                self._publish()

    def admit(self, index: object) -> bool:
        """Record a press. Return whether the function is to be called."""
        if type(index) is not int:
            return True  # the function rejects it
        with self._lock:
            if self._running[index] and not self._repeat:
                return False
            self._running[index] += 1
            if self._running[index] == 1:
                self._publish()
        return True

    def __call__(self, index: object) -> object:
        try:
            result = self._function(index)
        except BaseException:
            self._done(index)
            raise
        if asyncio.iscoroutine(result):
            return self._finish(index, result)
        self._done(index)
        return result

    async def _finish(self, index: object, coroutine: Coroutine[Any, Any, object]) -> object:
        try:
            return await coroutine
        finally:
            self._done(index)

    def _done(self, index: object) -> None:
        with self._lock:
            if type(index) is not int or not self._running[index]:
                return
            self._running[index] -= 1
            if not self._running[index]:
                self._publish()

    def _publish(self) -> None:
        """Show which buttons are busy, on all pages."""
        if self._key is not None:
            self._session.outputs.update(self._key, busy=sorted(+self._running))

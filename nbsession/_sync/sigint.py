"""SIGINT: Ctrl-C and Stop strike at once, but never in a critical section (`interrupt_safe_lock`)."""

from __future__ import annotations

import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from .interrupt_safe_lock import MAIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

# A second one after so many seconds strikes whatever the main thread is doing: no section lasts so long.
_PATIENCE = 1.0


class Handler:
    """A SIGINT handler around another one.

    Parameters
    ----------
    wrapped : callable
        The handler that was there.
    """

    def __init__(self, wrapped: Callable[[int, FrameType | None], Any]) -> None:
        self._wrapped = wrapped
        self._noted = 0.0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Strike, or note the signal while the main thread must not be struck."""
        if MAIN.depth:
            now = time.monotonic()
            if MAIN.pending is None:
                self._noted = now
                MAIN.put_off(lambda: self.strikes()(number, sys._getframe()))
                return
            if now - self._noted < _PATIENCE:
                return
            MAIN.reset()
        self.strikes()(number, frame)

    def strikes(self) -> Callable[[int, FrameType | None], Any]:
        """Return what strikes. Not called by a method of ours: that would be one more line in each traceback."""
        return self._wrapped


def install() -> bool:
    """Wrap Python's own SIGINT handler. Outside of all sections; cheap, to be called as often as one likes.

    A handler that somebody else put there, such as `asyncio.run`, is theirs.

    Returns
    -------
    bool
        Whether it is wrapped now; False in a thread other than the main one.
    """
    if threading.current_thread() is not threading.main_thread():
        return False
    current = signal.getsignal(signal.SIGINT)
    if current is signal.default_int_handler:
        MAIN.reset()
        signal.signal(signal.SIGINT, Handler(signal.default_int_handler))
        return True
    return isinstance(current, Handler)

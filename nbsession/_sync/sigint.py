"""SIGINT: Ctrl-C and Stop take effect at once, but never in a critical section (`interrupt_safe_lock`)."""

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

# A second signal after this many seconds takes effect in any case: no section lasts that long.
_PATIENCE = 1.0


class Handler:
    """A SIGINT handler around another one.

    Parameters
    ----------
    wrapped : callable
        The previous handler.
    """

    def __init__(self, wrapped: Callable[[int, FrameType | None], Any]) -> None:
        self._wrapped = wrapped
        self._noted = 0.0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Call the wrapped handler, or record the signal while the main thread must not be interrupted."""
        if MAIN.depth:
            now = time.monotonic()
            if MAIN.pending is None:
                self._noted = now
                MAIN.put_off(lambda: self.target()(number, sys._getframe()))
                return
            if now - self._noted < _PATIENCE:
                return
            MAIN.reset()
        self.target()(number, frame)

    def target(self) -> Callable[[int, FrameType | None], Any]:
        """Return the handler to call. It is not called by a method: that would add a line to each traceback."""
        return self._wrapped


def install() -> bool:
    """Wrap Python's own SIGINT handler. Call it outside of all sections. It is cheap and may be called repeatedly.

    A handler that other code has set, such as `asyncio.run`, stays in place.

    Returns
    -------
    bool
        Whether the handler is wrapped now; False in threads other than the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        return False
    current = signal.getsignal(signal.SIGINT)
    if current is signal.default_int_handler:
        MAIN.reset()
        signal.signal(signal.SIGINT, Handler(signal.default_int_handler))
        return True
    return isinstance(current, Handler)

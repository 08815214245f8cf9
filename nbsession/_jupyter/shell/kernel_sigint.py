"""SIGINT in a kernel: Stop ends this package's waits at once.

The kernel installs a handler for each cell and removes it afterwards: one that raises KeyboardInterrupt in a plain
cell, one that cancels the cell's coroutine in an async one. This module wraps the installed handler for the rest of the
cell.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

from nbsession._sync.interrupt_safe_lock import MAIN
from nbsession._sync.sigint import Handler

from . import _private
from .wakeup_socket import STRETCH

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


def install(kernel: Any) -> None:
    """Wrap the current SIGINT handler. Cheap; can be called repeatedly, outside of all critical sections.

    It has no effect in threads other than the main thread, or while signals are ignored (as the kernel does between
    cells).

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The kernel that runs the cell.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    current = signal.getsignal(signal.SIGINT)
    if not callable(current) or isinstance(current, CellHandler):
        return
    MAIN.reset()
    handler = CellHandler(current, kernel)
    signal.signal(signal.SIGINT, handler)
    handler.listen()


class CellHandler(Handler):
    """A SIGINT handler around that of a cell.

    Parameters
    ----------
    wrapped : callable
        The previous handler.
    kernel : ipykernel.kernelbase.Kernel
        The kernel whose loop is woken.
    """

    def __init__(self, wrapped: Callable[[int, FrameType | None], Any], kernel: Any) -> None:
        super().__init__(wrapped)
        self._kernel = kernel
        self._cancels = _private.cancels_cell(wrapped)
        self._task = _current_task()

    def listen(self) -> None:
        """Keep the loop of an async cell from sleeping long: see `STRETCH`. Ends with the cell."""
        loop = _private.main_loop(self._kernel) if self._cancels else None
        in_place = signal.getsignal(signal.SIGINT) is self
        if loop is not None and in_place:
            loop.call_later(STRETCH, self.listen)

    def target(self) -> Callable[[int, FrameType | None], Any]:
        """Return the handler to call in a cell."""
        return self._interrupt

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._cancels and MAIN.blocked:
            # An async cell that blocks: a cancellation would take effect only after the wait.
            if _private.inside_cell(frame):
                raise KeyboardInterrupt
            self._wrapped(number, frame)
            raise asyncio.CancelledError  # KeyboardInterrupt in another task would end the kernel
        if self._cancels:
            MAIN.cancelled(self._task)
        self._wrapped(number, frame)
        # The wrapped handler may have added a callback to the loop, which is sleeping: Python's signals do not wake it.
        loop = _private.main_loop(self._kernel)
        if loop is not None:
            if self._cancels:
                MAIN.put_on_loop(lambda: self._interrupt(number, sys._getframe()))
            loop.call_soon_threadsafe(MAIN.heard_on_loop)  # after the wrapped handler's callback


def _current_task() -> asyncio.Task[object] | None:
    """Return the task that runs an async cell. Must be called at the cell's start or from its code."""
    try:
        return asyncio.current_task()
    except RuntimeError:  # no loop is running
        return None

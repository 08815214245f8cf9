"""A lock whose critical section `KeyboardInterrupt` cannot interrupt.

Python runs signal handlers in the main thread, between any two bytecodes. A KeyboardInterrupt in the middle of a state
change (a message is received and not yet passed on, a number is assigned and the frame not yet queued) would lose data.
The main thread therefore counts the depth of nested sections. A SIGINT handler (``sigint.py``) checks the count and,
inside a section, only records the interrupt, which is delivered when the outermost section is left.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from . import forked

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import TracebackType

_get_ident = threading.get_ident


class CriticalSection:
    """Marks code in which the main thread must not be interrupted, and waits in which it must be.

    A process has one main thread and one SIGINT, so there is one section: ``MAIN``. As a context manager, it protects
    the main thread and has no effect in others.

    Attributes
    ----------
    depth : int
        The number of sections that the main thread is in. Only the main thread sets it.
    blocked : bool
        Whether the main thread is in a blocking wait of this package.
    pending : callable or None
        The deferred interrupt, to call when the last section is left.
    overdue : callable or None
        The interrupt to call before the main thread blocks. The event loop has been notified of it but handles it only
        when it runs again, which a blocking wait would delay.
    cancels : asyncio.Task or None
        The cell's task, once an interrupt has cancelled it: a wait that is cancelled in it raises KeyboardInterrupt.
    """

    __slots__ = ("__weakref__", "_main", "blocked", "cancels", "depth", "overdue", "pending")

    def __init__(self) -> None:
        self._main = threading.main_thread().ident
        self.depth: int = 0
        self.blocked: bool = False
        self.pending: Callable[[], None] | None = None
        self.overdue: Callable[[], None] | None = None
        self.cancels: asyncio.Task[object] | None = None
        forked.in_child(self._begin_anew)

    def __enter__(self) -> None:
        if _get_ident() == self._main:
            self.depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if _get_ident() == self._main:
            self.depth -= 1
            if self.pending is not None and self.depth == 0:
                self.deliver()

    def deliver(self) -> None:
        """Call the deferred interrupt, which usually raises KeyboardInterrupt.

        Must be called on the main thread, outside of all sections.
        """
        pending, self.pending = self.pending, None
        if pending is not None:
            pending()

    def put_off(self, interrupt: Callable[[], None]) -> None:
        """Call ``interrupt`` when the last section is left. Must be called on the main thread, in a section."""
        self.pending = interrupt

    def cancelled(self, task: asyncio.Task[object] | None) -> None:
        """Record that an interrupt has cancelled the cell's task."""
        self.cancels = task

    def put_on_loop(self, interrupt: Callable[[], None]) -> None:
        """Call ``interrupt`` if the main thread blocks before its loop runs again; see `heard_on_loop`."""
        self.overdue = interrupt

    def heard_on_loop(self) -> None:
        """Record that the loop has run since."""
        self.overdue = None

    def reset(self) -> None:
        """Reset the state. Must be called on the main thread, outside of all sections.

        Without this package's handler, an interrupt may have occurred while a section was entered or left, so that the
        count is wrong.
        """
        self.depth = 0
        self.blocked = False
        self.pending = None
        self.overdue = None
        self.cancels = None

    def _begin_anew(self) -> None:
        """Reset the state in a forked child, whose main thread is the forking one, outside of all sections."""
        self._main = threading.main_thread().ident
        self.reset()


MAIN = CriticalSection()


class InterruptSafeLock:
    """A reentrant lock for short state changes on any thread, which SIGINT cannot interrupt.

    It is reentrant because a finalizer may run anywhere, also while the lock is held, and call code that takes the
    lock: a plain lock would then block the kernel forever. Hold it briefly, and never while waiting or calling foreign
    code: the main thread cannot be interrupted in the meantime.
    """

    __slots__ = ("_lock", "_main", "_section")

    def __init__(self, section: CriticalSection = MAIN) -> None:
        self._lock = threading.RLock()
        self._section = section
        self._main = threading.main_thread().ident

    # The order matters: increment the count, then lock; unlock, then decrement the count. Between the two, a signal is
    # only recorded. The section's code is repeated here because a call costs as much as all the rest.

    def __enter__(self) -> None:
        if _get_ident() == self._main:
            self._section.depth += 1
        self._lock.acquire()

    def enter_if_free(self) -> bool:
        """Enter the section and return True, unless another thread is inside. Does not block."""
        if _get_ident() == self._main:
            self._section.depth += 1
        entered = self._lock.acquire(blocking=False)
        if not entered and _get_ident() == self._main:
            self._section.depth -= 1
        return entered

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()
        if _get_ident() == self._main:
            section = self._section
            section.depth -= 1
            if section.pending is not None and section.depth == 0:
                section.deliver()

"""A lock whose critical section `KeyboardInterrupt` cannot interrupt.

Python runs signal handlers in the main thread, between any two bytecodes. A KeyboardInterrupt in the middle of a state
change (a message received and not yet handed on, a number given and the frame not yet queued) would lose it. So the
main thread counts how deep it is in such sections, a SIGINT handler (``sigint.py``) looks at the
count, and what it only notes is delivered when the outermost section is left.
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
    """Where the main thread may not be interrupted, and where it waits and must be.

    A process has one main thread and one SIGINT, so there is one section: ``MAIN``. As a context manager it protects
    the main thread and does nothing in others.

    Attributes
    ----------
    depth : int
        How many sections the main thread is in. Written by the main thread only.
    blocked : bool
        The main thread is in a blocking wait of ours.
    pending : callable or None
        What to call when the last section is left: the interrupt that was put off.
    overdue : callable or None
        What to call before the main thread blocks: an interrupt that the event loop has been told of and will hear
        when it runs again, which a blocking wait would put off.
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
        """Call what was put off. Main thread, outside of all sections; usually raises KeyboardInterrupt."""
        pending, self.pending = self.pending, None
        if pending is not None:
            pending()

    def put_off(self, interrupt: Callable[[], None]) -> None:
        """Call ``interrupt`` when the last section is left. Main thread, in a section."""
        self.pending = interrupt

    def cancelled(self, task: asyncio.Task[object] | None) -> None:
        """Know that an interrupt has cancelled the cell's task."""
        self.cancels = task

    def put_on_loop(self, interrupt: Callable[[], None]) -> None:
        """Call ``interrupt`` if the main thread blocks before its loop runs again; see `heard_on_loop`."""
        self.overdue = interrupt

    def heard_on_loop(self) -> None:
        """Know that the loop has run since."""
        self.overdue = None

    def reset(self) -> None:
        """Forget everything. Main thread, outside of all sections.

        Where no handler of ours was in place an interrupt may have struck while a section was being entered or
        left, and the count be wrong.
        """
        self.depth = 0
        self.blocked = False
        self.pending = None
        self.overdue = None
        self.cancels = None

    def _begin_anew(self) -> None:
        """Be a forked child's: the thread that forked is its main one, and in no section."""
        self._main = threading.main_thread().ident
        self.reset()


MAIN = CriticalSection()


class InterruptSafeLock:
    """A reentrant lock for short changes of state, from any thread, which SIGINT cannot cut in two.

    Reentrant because a finalizer may run anywhere, also inside of the guard, and call what takes the guard: a plain
    lock would then hang the kernel. Hold it briefly, never while waiting or calling foreign code: meanwhile the main
    thread cannot be interrupted.
    """

    __slots__ = ("_lock", "_main", "_section")

    def __init__(self, section: CriticalSection = MAIN) -> None:
        self._lock = threading.RLock()
        self._section = section
        self._main = threading.main_thread().ident

    # The order matters: count first, then lock; unlock first, then count. Between the two a signal is only noted.
    # The section's lines are repeated here because a call costs as much as all the rest.

    def __enter__(self) -> None:
        if _get_ident() == self._main:
            self._section.depth += 1
        self._lock.acquire()

    def enter_if_free(self) -> bool:
        """Enter, unless another thread is inside: then return False at once."""
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

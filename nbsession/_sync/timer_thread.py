"""Deadlines that are met even if the main thread is busy: one daemon thread for all links.

A link's deadline changes with every frame, almost always to a later time. A handle therefore keeps the earliest time
that it was set to and ignores later ones. If its callback is called too early, it returns the actual deadline. Setting
a deadline thus costs one comparison, and the thread wakes at most a few times a second for each link.

A server has thousands of handles, so a heap determines the next one. Entries of handles that were closed or set to an
earlier time remain in the heap until their time comes or there are too many of them.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from math import inf
from typing import TYPE_CHECKING

from . import forked

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger("nbsession.timer_thread")

# Maximum number of stale deadlines, in addition to the number of handles.
_STALE = 64


class Handle:
    """One caller's deadline. Created by `TimerThread.handle`."""

    __slots__ = ("_alarm", "callback", "when")

    def __init__(self, alarm: TimerThread, callback: Callable[[float], float | None]) -> None:
        self._alarm = alarm
        self.callback: Callable[[float], float | None] = callback
        self.when: float = inf

    def at(self, when: float) -> None:
        """Call the callback at `when` at the latest. Can be called on any thread.

        The state that the callback checks must be changed before: the callback may be running at this moment.

        Parameters
        ----------
        when : float
            A time of ``time.monotonic()``, in seconds.
        """
        if when < self.when:
            self._alarm._arm(self, when)

    def arm(self, when: float) -> None:
        """Set the deadline. The caller holds the timer thread's lock."""
        self.when = when

    def disarm(self) -> None:
        """Remove the deadline. The caller holds the timer thread's lock."""
        self.when = inf

    def retire(self) -> None:
        """Remove the deadline and the callback, because the heap may keep the handle.

        The caller holds the thread's lock.
        """
        self.when = inf
        self.callback = _nothing

    def close(self) -> None:
        """Stop calling the callback; a running call completes. Can be called on any thread, and repeatedly."""
        self._alarm._remove(self)


class TimerThread:
    """Calls callbacks at their deadlines, on a thread named ``nbsession-alarm``.

    The thread starts with the first deadline and ends when the last handle is closed. A forked child starts without
    deadlines, because they are the parent's.
    """

    def __init__(self) -> None:
        self._handles: set[Handle] = set()
        self._after_fork()
        forked.in_child(self._after_fork)

    def _after_fork(self) -> None:
        self._lock = threading.Lock()
        self._bell = threading.Lock()
        self._bell.acquire()
        self._thread: threading.Thread | None = None
        self._wakes = inf
        self._order = itertools.count().__next__  # for equal deadlines, because handles cannot be compared
        self._queue: list[tuple[float, int, Handle]] = []
        for handle in self._handles:
            handle.disarm()

    def handle(self, callback: Callable[[float], float | None]) -> Handle:
        """Return a handle without a deadline.

        Parameters
        ----------
        callback : callable
            Called with the current time on the timer thread; returns the next deadline or None. Its exceptions are
            logged.
        """
        handle = Handle(self, callback)
        with self._lock:
            self._handles.add(handle)
        return handle

    @property
    def thread(self) -> threading.Thread | None:
        """The thread; None if none is needed now."""
        return self._thread

    @property
    def handles(self) -> list[Handle]:
        """The handles that have not been closed."""
        with self._lock:
            return list(self._handles)

    def _arm(self, handle: Handle, when: float) -> None:
        with self._lock:
            if handle not in self._handles or when >= handle.when:
                return
            handle.arm(when)
            heapq.heappush(self._queue, (when, self._order(), handle))
            if len(self._queue) > 2 * len(self._handles) + _STALE:
                self._queue = [entry for entry in self._queue if self._awaited(entry)]
                heapq.heapify(self._queue)
            if self._thread is None:
                self._wakes = when
                self._start(handle)
            elif when < self._wakes:
                self._wakes = when
                self.ring()

    def _start(self, handle: Handle) -> None:
        thread = threading.Thread(target=self._run, name="nbsession-alarm", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system starts no more threads: the next deadline tries again
            handle.disarm()
            raise
        self._thread = thread

    def _remove(self, handle: Handle) -> None:
        with self._lock:
            self._handles.discard(handle)
            handle.retire()
            if not self._handles:
                self.ring()

    def _awaited(self, entry: tuple[float, int, Handle]) -> bool:
        when, _, handle = entry
        return handle.when == when

    def ring(self) -> None:
        """Wake the thread, which then looks for the next deadline."""
        if self._bell.locked():
            self._bell.release()

    def _run(self) -> None:
        bell = self._bell
        while True:
            now = time.monotonic()
            with self._lock:
                if not self._handles:
                    self._thread = None
                    self._queue.clear()
                    return
                due = self._take_due(now)
                if not due:
                    self._wakes = self._queue[0][0] if self._queue else inf
                    pause = self._wakes - now
            if due:
                for handle in due:
                    self._call(handle, now)
            else:
                bell.acquire(timeout=min(pause, 3600.0))

    def _take_due(self, now: float) -> list[Handle]:
        """Return the handles whose time has come, in order. The heap then begins with a valid entry."""
        due: list[Handle] = []
        queue = self._queue
        while queue and (queue[0][0] <= now or not self._awaited(queue[0])):
            entry = heapq.heappop(queue)
            if self._awaited(entry):
                entry[2].disarm()
                due.append(entry[2])
        return due

    def _call(self, handle: Handle, now: float) -> None:
        try:
            following = handle.callback(now)
        except Exception:  # noqa: BLE001 -- there is no caller to raise it to
            _log.exception("a timer's callback failed")
            return
        if following is not None:
            handle.at(following)


def _nothing(now: float) -> float | None:  # noqa: ARG001
    """Do nothing: the callback of a closed handle."""
    return None

"""Deadlines that are met although the main thread is busy: one daemon thread for all links.

A link's deadline moves with every frame, and almost always to a later time. So a handle remembers the earliest time it
was set to and ignores later ones; called early, its callback answers when it really wants to be called. Setting a
deadline therefore costs one comparison, and the thread wakes a few times a second for each link at most.

A server has thousands of handles: which is due next is known by a heap. What was set to an earlier time or closed stays
in it, stale, until its time comes or there is too much of it.
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

# So many stale deadlines may be kept, beside as many as there are handles.
_STALE = 64


class Handle:
    """One caller's deadline. Made by `TimerThread.handle`."""

    __slots__ = ("_alarm", "callback", "when")

    def __init__(self, alarm: TimerThread, callback: Callable[[float], float | None]) -> None:
        self._alarm = alarm
        self.callback: Callable[[float], float | None] = callback
        self.when: float = inf

    def at(self, when: float) -> None:
        """Have the callback called at `when` at the latest. Any thread.

        The state that the callback looks at must be changed before: it may be running at this moment.

        Parameters
        ----------
        when : float
            A time of ``time.monotonic()``, in seconds.
        """
        if when < self.when:
            self._alarm._arm(self, when)

    def arm(self, when: float) -> None:
        """Note the deadline. The timer thread's lock is held."""
        self.when = when

    def disarm(self) -> None:
        """Have no deadline. The timer thread's lock is held."""
        self.when = inf

    def retire(self) -> None:
        """Have no deadline, and forget whom it called: the heap may keep it. The timer thread's lock is held."""
        self.when = inf
        self.callback = _nothing

    def close(self) -> None:
        """Never call the callback again (a call under way ends by itself). Any thread, any number of times."""
        self._alarm._remove(self)


class TimerThread:
    """Calls callbacks at their deadlines, in a thread named ``nbsession-alarm``.

    The thread starts with the first deadline and ends when the last handle is closed. In a forked child nothing is
    armed any more: the deadlines are the parent's.
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
        self._order = itertools.count().__next__  # of equal deadlines: handles are not compared
        self._queue: list[tuple[float, int, Handle]] = []
        for handle in self._handles:
            handle.disarm()

    def handle(self, callback: Callable[[float], float | None]) -> Handle:
        """Return a handle, not armed yet.

        Parameters
        ----------
        callback : callable
            Called with the current time on the timer thread; returns the next deadline or None. What it raises is
            logged.
        """
        handle = Handle(self, callback)
        with self._lock:
            self._handles.add(handle)
        return handle

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
                self._ring()

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
                self._ring()

    def _awaited(self, entry: tuple[float, int, Handle]) -> bool:
        when, _, handle = entry
        return handle.when == when

    def _ring(self) -> None:
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
        """Return the handles whose time has come, in that order; the heap then begins with one that is awaited."""
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
        except Exception:  # noqa: BLE001 -- nobody else could take it
            _log.exception("a timer's callback failed")
            return
        if following is not None:
            handle.at(following)


def _nothing(now: float) -> float | None:  # noqa: ARG001
    """Be what a closed handle calls."""
    return None

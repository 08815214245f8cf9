"""Callbacks: functions that the page calls, on a thread or a loop of their session, in order."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from nbsession._sync.forked import EndsChildren
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
from nbsession._sync.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from contextlib import AbstractContextManager

    from .tasks import Tasks


# Maximum number of calls that wait or run: readers cause fewer, a malicious script any number.
_MOST_CALLS = 1000
# Maximum number of concurrent callbacks, each of which runs in its own thread, and of functions that wait for the page.
_MOST_THREADS = 32
# The same number of functions, if the page belongs to the author of the code.
_MOST_THREADS_AT_HOME = 512


class _Page(Protocol):
    """The part of a page that is used here."""

    def violate(self, what: str) -> None:
        """Handle a violation of the budget."""
        ...


class _Session(Protocol):
    """The parts of a session that its callbacks use."""

    number: int
    loop: asyncio.AbstractEventLoop | None
    tasks: Tasks
    tells_failures: bool

    @property
    def page(self) -> _Page | None:
        """Its page."""
        ...

    def inside(self) -> AbstractContextManager[None]:
        """Run the body on behalf of the session."""
        ...

    def failed(self, error: BaseException) -> None:
        """Show the reader an exception."""
        ...

    def finish_if_idle(self) -> None:
        """Close the session if its app has returned and nothing of it remains."""
        ...


@dataclass(frozen=True)
class Callback:
    """A function that the page can call; see `Callbacks.add`."""

    function: Callable[[Any], object]
    serial: bool
    admit: Callable[[Any], bool] | None = None


class _Call(NamedTuple):
    """How a function of a command is called; see `Callbacks.call_function`."""

    apart: bool
    refused: Callable[[], object]


class Callbacks:
    """The callbacks of one session.

    The session of a cell or a function app runs callbacks one after the other, on its own thread. The thread starts
    with the first callback and ends with the session. The session of a coroutine app runs them one after the other on
    its loop.
    """

    def __init__(self, session: _Session) -> None:
        self._session = session
        self._lock = InterruptSafeLock()
        self._callbacks: dict[int, Callback] = {}
        self._next_number = itertools.count(1).__next__
        # The session's own thread. While it waits for the page, functions run on the next one, and so on.
        self._workers: list[Worker] = []
        self._turns: asyncio.Lock | None = None  # orders callbacks on a coroutine app's loop
        self._running = 0
        self._threads = 0  # threads that run concurrent callbacks
        self._beside: deque[tuple[Callable[[Any], object], object]] = deque()  # calls that wait for one
        self._stopped = False

    def __len__(self) -> int:
        return len(self._callbacks)

    @property
    def busy(self) -> bool:
        """Whether a callback is running or waiting to run."""
        return self._running > 0

    @property
    def own_loop(self) -> asyncio.AbstractEventLoop | None:
        """The loop of the thread that runs the callbacks, if that is the calling thread."""
        worker = self._own_worker()
        return None if worker is None else worker.loop

    @property
    def on_own_thread(self) -> bool:
        """Whether the calling thread runs callbacks or functions of the session."""
        return bool(self._workers) and self._own_worker() is not None

    def _own_worker(self) -> Worker | None:
        thread = threading.get_ident()
        return next((worker for worker in self._workers if worker.thread == thread), None)

    def add(
        self,
        function: Callable[[Any], object],
        *,
        serial: bool = True,
        admit: Callable[[Any], bool] | None = None,
    ) -> int:
        """Register a function and return its number.

        Parameters
        ----------
        function : callable
            Called with the page's argument, for example the value of a button. A coroutine function is awaited.
        serial : bool
            Whether to run it after earlier callbacks. Otherwise it runs concurrently, in its own thread; a session has
            at most 32 such threads.
        admit : callable, optional
            Called at once with the argument of each call, on the receiving thread. If it returns False, the function
            is not called.
        """
        number = self._next_number()
        with self._lock:
            self._callbacks[number] = Callback(function, serial, admit)
        return number

    def find(self, number: int) -> Callback | None:
        """Return the callback with a number; None if it has been removed."""
        with self._lock:
            return self._callbacks.get(number)

    def remove(self, number: int) -> None:
        """Remove a callback. Calls that have been made still run."""
        with self._lock:
            removed = self._callbacks.pop(number, None)
        if removed is not None:
            self._session.finish_if_idle()

    def call(self, number: object, value: object) -> None:
        """Schedule callback ``number``. Unknown numbers (removed or invented ones) are ignored. Returns at once."""
        with self._lock:
            callback = self._callbacks.get(number) if type(number) is int else None
            if callback is None or self._stopped:
                return
            full = self._running >= _MOST_CALLS
        if full:
            page = self._session.page
            if page is not None:
                page.violate(f"more than {_MOST_CALLS} calls of callbacks wait")
            return
        if callback.admit is not None and not callback.admit(value):
            return
        with self._lock:
            self._running += 1
        if self._session.loop is not None:
            self._session.loop.call_soon_threadsafe(self._start_on_loop, callback, value)
        elif callback.serial:
            self._queue(callback.function, value)
        else:
            self._start_beside(callback.function, value)

    def call_function(
        self, function: Callable[[Any], object], *, apart: bool, refused: Callable[[], object]
    ) -> None:
        """Schedule a call of a function that was an argument of a command.

        While the session's own thread waits for the page, the call runs in another thread, because the page may wait
        for the call.

        Parameters
        ----------
        function : callable
            Called with any value. A coroutine that it returns is awaited.
        apart : bool
            Whether to run it as a task beside other calls, because it is a coroutine function.
        refused : callable
            Called instead if too many calls wait.
        """
        with self._lock:
            full = self._stopped or self._running >= _MOST_CALLS
            self._running += not full
        if full:
            refused()
            return
        if self._session.loop is not None:
            self._session.loop.call_soon_threadsafe(
                self._start_on_loop, Callback(function, serial=False), None
            )
        elif not self._queue(function, _Call(apart, refused), movable=True):
            self._done()
            refused()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Run the body, in which the calling thread waits for the page. If it runs callbacks, others run functions."""
        worker = self._own_worker()
        if worker is None:
            yield
            return
        with self._lock:  # until all have moved: they stay in order
            worker.waits += 1
            moved = worker.take_movable()
            refused = [call for function, call in moved if not self._queue(function, call, movable=True)]
        for call in refused:
            self._done()
            call.refused()
        try:
            yield
        finally:
            with self._lock:
                worker.waits -= 1

    def start_beside(self, function: Callable[[], object]) -> None:
        """Run a function in its own thread.

        A session has at most 32 such threads; further calls wait for one of them.
        """
        with self._lock:
            if self._stopped:
                return
            self._running += 1
        self._start_beside(lambda _: function(), None)

    def stop(self) -> None:
        """Run no more callbacks, and drop the waiting calls."""
        with self._lock:
            self._stopped = True
            self._callbacks.clear()
            self._beside.clear()
            workers = self._workers.copy()
        for worker in workers:
            worker.stop()

    # -- the session's own thread --------------------------------------------------------------

    def _queue(self, function: Callable[[Any], object], value: object, *, movable: bool = False) -> bool:
        """Queue a call on the session's own thread; a movable one on the first thread that does not wait.

        Returns False if all threads wait, and there are as many as may be, or if the session has ended.
        """
        most = _MOST_THREADS_AT_HOME if self._session.tells_failures else _MOST_THREADS
        with self._lock:
            if self._stopped:
                return False
            worker = next((each for each in self._workers if not (movable and each.waits)), None)
            first = worker is None
            if worker is None:
                if len(self._workers) >= most:
                    return False
                worker = Worker(self._run_own)
                self._workers.append(worker)
            worker.put(function, value, movable=movable)
        if first:
            self._thread(worker.work)
        return True

    def _run_own(
        self,
        function: Callable[[Any], object],
        value: object,
        finish: Callable[[Coroutine[Any, Any, object]], object],
    ) -> None:
        if isinstance(value, _Call) and value.apart:
            self._session.tasks.start(self._await(function, None, None), self.own_loop)
            return

        def finish_waiting(coroutine: Coroutine[Any, Any, object]) -> object:
            with self.waiting():  # the coroutine may await something that needs a function
                return finish(coroutine)

        self._run(function, value, finish_waiting)

    def _start_beside(self, function: Callable[[Any], object], value: object) -> None:
        with self._lock:
            if self._threads >= _MOST_THREADS:
                self._beside.append((function, value))
                return
            self._threads += 1
        self._thread(self._run_beside, function, value)

    def _run_beside(self, function: Callable[[Any], object], value: object) -> None:
        while True:
            self._run(function, value)
            with self._lock:
                if not self._beside:
                    self._threads -= 1
                    return
                function, value = self._beside.popleft()

    def _thread(self, target: Callable[..., None], *args: object) -> None:
        name = f"nbsession callbacks {self._session.number}"
        threading.Thread(target=target, args=args, name=name, daemon=True).start()

    def _run(
        self,
        function: Callable[[Any], object],
        value: object,
        finish: Callable[[Coroutine[Any, Any, object]], object] = asyncio.run,
    ) -> None:
        with self._session.inside():
            try:
                with EndsChildren():
                    result = function(value)
                    if asyncio.iscoroutine(result):
                        finish(result)
            except BaseException as error:  # noqa: BLE001 -- shown; later callbacks still run
                self._session.failed(error)
        self._done()

    # -- a coroutine app's loop ---------------------------------------------------------------

    def _start_on_loop(self, callback: Callback, value: object) -> None:
        if self._turns is None:
            self._turns = asyncio.Lock()  # fair: in the order of arrival
        turns = self._turns if callback.serial else None
        self._session.tasks.start(self._await(callback.function, value, turns))

    async def _await(
        self, function: Callable[[Any], object], value: object, turns: asyncio.Lock | None
    ) -> None:
        try:
            if turns is not None:
                await turns.acquire()
            try:
                with EndsChildren():
                    result = function(value)
                    if asyncio.iscoroutine(result):
                        await result
            except Exception as error:  # noqa: BLE001 -- shown; later callbacks still run
                self._session.failed(error)
            finally:
                if turns is not None:
                    turns.release()
        finally:
            self._done()

    def _done(self) -> None:
        with self._lock:
            self._running -= 1
        self._session.finish_if_idle()

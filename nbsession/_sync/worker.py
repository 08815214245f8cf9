"""A thread that makes calls one after the other, and runs the tasks that they start between the calls."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = tuple[Callable[[Any], object], Any]


class Worker:
    """Calls functions on the thread that runs ``work``.

    The loop does not run during a call, so a plain function may call ``asyncio.run`` as in any thread.

    Parameters
    ----------
    run : callable
        ``run(function, value, finish)`` makes a call; ``finish(coroutine)`` runs a coroutine to its end.

    Attributes
    ----------
    waits : int
        Whether the present call waits for something to which movable calls may be necessary; counted.
    """

    def __init__(self, run: Callable[..., None]) -> None:
        self._run = run
        self._calls: deque[tuple[Call, bool]] = deque()
        self.waits: int = 0
        self._stopped = False
        self._woken = asyncio.Event()
        self.loop = asyncio.new_event_loop()
        self.thread: int | None = None

    def put(self, function: Callable[[Any], object], value: object, *, movable: bool = False) -> None:
        """Queue a call of ``function(value)``. Can be called on any thread.

        ``movable``: whether another thread may make the call.
        """
        self._calls.append(((function, value), movable))
        self._wake()

    def take_movable(self) -> list[Call]:
        """Remove and return the movable calls.

        Must be called on the thread that runs ``work``, during a call. No other thread may queue a call meanwhile.
        """
        taken = [call for call, movable in self._calls if movable]
        self._calls = deque(entry for entry in self._calls if not entry[1])
        return taken

    def stop(self) -> None:
        """Stop after the current call. Can be called on any thread."""
        self._stopped = True
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: it has stopped
            self.loop.call_soon_threadsafe(self._woken.set)

    def work(self) -> None:
        """Make the calls until stopped; then cancel the remaining tasks."""
        self.thread = threading.get_ident()
        asyncio.set_event_loop(self.loop)
        try:
            while (call := self.loop.run_until_complete(self._next())) is not None:
                self._run(*call, self.loop.run_until_complete)
        finally:
            self.loop.run_until_complete(_cancel_all())
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()

    async def _next(self) -> Call | None:
        while not self._calls and not self._stopped:
            self._woken.clear()
            await self._woken.wait()
        return None if self._stopped else self._calls.popleft()[0]


async def _cancel_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

"""The asyncio tasks of a session, which end with the session at the latest."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Protocol

from nbsession._sync.forked import EndsChildren
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
from nbsession.exceptions import SessionClosedException

from .calling_code import beside_var

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from contextvars import Context


class _Scope(Protocol):
    """The part of a scope that is used here."""

    def run_by(self, task: asyncio.Task[Any]) -> None:
        """Record the task that runs the code."""
        ...


class _Session(Protocol):
    """The parts of a session that its tasks use."""

    def enter(self, context: Context) -> _Scope:
        """Let code that runs in ``context`` belong to the session. Return its scope."""
        ...

    def failed(self, error: BaseException) -> None:
        """Show the reader an exception."""
        ...

    def finish_if_idle(self) -> None:
        """Close the session if its app has returned and nothing of it remains."""
        ...


class Tasks:
    """The running tasks of one session."""

    def __init__(self, session: _Session) -> None:
        self._session = session
        self._lock = InterruptSafeLock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._cancelled = False

    def __len__(self) -> int:
        return len(self._tasks)

    def start(
        self, coroutine: Coroutine[Any, Any, Any], loop: asyncio.AbstractEventLoop | None = None
    ) -> asyncio.Task[Any]:
        """Run a coroutine on behalf of the session, on the running loop or on the calling thread's loop."""
        context = copy_context()
        scope = self._session.enter(context)
        context.run(beside_var.set, True)  # noqa: FBT003 -- a value
        task: asyncio.Task[Any] = context.run(
            (loop or asyncio.get_running_loop()).create_task, self._run(coroutine)
        )
        scope.run_by(task)
        with self._lock:
            self._tasks.add(task)
            late = self._cancelled
        task.add_done_callback(self._done)
        task.add_done_callback(lambda _: coroutine.close())  # it was cancelled before it started
        if late:
            task.cancel()
        return task

    def cancel(self) -> None:
        """Cancel all tasks. Can be called on any thread."""
        with self._lock:
            self._cancelled = True
            tasks = list(self._tasks)
        for task in tasks:
            loop = task.get_loop()
            try:
                loop.call_soon_threadsafe(task.cancel)
            except RuntimeError:  # the loop is closed, and so is the task
                self._discard(task)

    async def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        try:
            with EndsChildren():
                return await coroutine
        except (SystemExit, KeyboardInterrupt) as error:
            # asyncio would pass them to the loop, a server's or the kernel's, and end it.
            self._session.failed(error)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._discard(task)
        if not task.cancelled():
            error = task.exception()
            if error is not None and not isinstance(error, SessionClosedException):
                self._session.failed(error)
        self._session.finish_if_idle()

    def _discard(self, task: asyncio.Task[Any]) -> None:
        with self._lock:
            self._tasks.discard(task)

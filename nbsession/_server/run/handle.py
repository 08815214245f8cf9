"""A server that runs in a background thread."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Protocol, TypeVar

from nbsession._sync import forked

from .executor import LoopExecutor

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from nbsession._server.endpoint import Endpoint

T = TypeVar("T")

# Seconds that deferred functions get when a server is closed.
PATIENCE = 10.0
# Seconds that tasks get to end when their loop ends.
_CANCELLED_WITHIN = 2.0


class Server(Protocol):
    """A framework's server, on the loop that runs its coroutines."""

    url: str
    port: int
    endpoint: Endpoint

    async def start(self) -> None:
        """Start listening."""
        ...

    async def stop(self, reason: str) -> None:
        """Close all sessions, wait for their deferred functions, and stop listening."""
        ...


class LoopThread:
    """An event loop in a daemon thread."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(LoopExecutor())
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
            self.loop.run_until_complete(_cancel_all())
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        finally:
            self.loop.close()

    def run(self, coroutine: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Run a coroutine on the loop and return its result. Must not be called on the loop's thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout)

    def is_current(self) -> bool:
        """Return whether the calling code runs on the loop's thread."""
        return threading.current_thread() is self._thread

    def end(self) -> None:
        """Stop the loop. It accepts no more coroutines."""
        self.loop.call_soon_threadsafe(self.loop.stop)


async def _cancel_all() -> None:
    """Cancel all other tasks of the loop and wait for them, as `asyncio.run` does, but not for ever."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_CANCELLED_WITHIN)


class ServerHandle:
    """A background server: the return value of ``start_server`` if it must not block.

    Attributes
    ----------
    url : str
        The address of its page.
    port : int
        The port it listens on.
    """

    def __init__(self, make: Callable[[asyncio.AbstractEventLoop], Server], name: str) -> None:
        self._thread = LoopThread(name)
        self._closed = False
        self._pid = forked.pid
        try:
            self._server = make(self._thread.loop)
            self._thread.run(self._server.start())
        except BaseException:
            self._thread.end()
            raise
        self.url: str = self._server.url
        self.port: int = self._server.port

    def __repr__(self) -> str:
        return f"<server at {self.url}{', closed' if self._closed else ''}>"

    def close(self, reason: str = "the server was stopped") -> None:
        """Close all sessions, wait for their deferred functions, for at most 10 s, and stop the server.

        A coroutine app that closes its own server would wait for itself: in that case, the call returns at once.
        """
        forked.check_made_here(self._pid)
        if self._closed:
            return
        self._closed = True
        if self._thread.is_current():
            threading.Thread(target=self._stop, args=(reason,), name="nbsession server's end").start()
        else:
            self._stop(reason)

    def _stop(self, reason: str) -> None:
        try:
            self._thread.run(self._server.stop(reason), PATIENCE + 5.0)
        finally:
            self._thread.end()


def in_event_loop() -> bool:
    """Return whether an event loop runs in this thread, so that code must not block it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True

"""The two ways to wait for the reader: a thread blocks, or a coroutine awaits.

Forms are written once, as coroutines. For a thread that blocks, none of them ever suspends.
"""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from nbsession._core.call import Call
from nbsession.exceptions import SessionClosedException

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable
    from contextvars import Context

    from nbsession._core.reader_events import ReaderEvents
    from nbsession._core.session import Session

T = TypeVar("T")


class Way(Protocol):
    """How code waits."""

    async def next(self, events: ReaderEvents, timeout: float | None = None) -> tuple[Any, Any]:
        """Wait for the next event of the reader, and remove it."""
        ...

    async def finish(self, coroutine: Coroutine[Any, Any, object]) -> object:
        """Run a coroutine of the program to its end and return its value."""
        ...

    async def work(self, function: Callable[[], object]) -> None:
        """Run a function that waits for the disk."""
        ...


class Awaiting:
    """A coroutine awaits, on its loop."""

    async def next(self, events: ReaderEvents, timeout: float | None = None) -> tuple[Hashable, Any]:
        return await events.taken(timeout)

    async def finish(self, coroutine: Coroutine[Any, Any, object]) -> object:
        return await coroutine

    async def work(self, function: Callable[[], object]) -> None:
        await asyncio.to_thread(function)


class Blocking:
    """A thread blocks. Coroutines run on the loop of the session's callbacks.

    Parameters
    ----------
    session : Session
        The session of the calling code.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    async def next(self, events: ReaderEvents, timeout: float | None = None) -> tuple[Hashable, Any]:
        return events.take(timeout)

    async def finish(self, coroutine: Coroutine[Any, Any, object]) -> object:
        session = self._session
        call = Call(session)
        context = copy_context()
        session.expect(call)
        try:
            session.callbacks.call_function(
                lambda _: _settle(call, coroutine, context),
                apart=True,
                refused=lambda: call.settle(error=SessionClosedException("too many callbacks wait")),
            )
            return call.result()
        finally:
            session.stop_expecting(call)

    async def work(self, function: Callable[[], object]) -> None:
        function()


def block(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends, because it waits by `Blocking`."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    coroutine.close()
    msg = "a form that blocks has awaited something"
    raise AssertionError(msg)


async def _settle(call: Call, coroutine: Coroutine[Any, Any, object], context: Context) -> None:
    task = context.run(asyncio.ensure_future, coroutine)
    try:
        value = await task
    except asyncio.CancelledError as error:
        call.settle(error=error)
        raise
    except BaseException as error:  # noqa: BLE001 -- raised by the code that waits
        call.settle(error=error)
    else:
        call.settle(value)

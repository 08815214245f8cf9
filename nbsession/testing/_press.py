"""The press of a button, whose function a test waits for."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from nbsession._core.callbacks import Callbacks

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from nbsession._core.session import Session


class Press:
    """Replaces a callback's function, calls it, and records its end.

    Parameters
    ----------
    session : Session
        The callback's session.
    function : callable
        The function.

    Attributes
    ----------
    done : threading.Event
        Set when the function has returned or raised, and the session has been notified.
    over : threading.Event
        Set when the call no longer keeps the session open.
    error : BaseException or None
        The function's exception.
    """

    def __init__(self, session: Session, function: Callable[[Any], object]) -> None:
        self._session = session
        self._function = function
        self.done = threading.Event()
        self.over = threading.Event()
        self.error: BaseException | None = None

    def __call__(self, value: object) -> object:
        try:
            result = self._function(value)
        except BaseException as error:  # noqa: BLE001 -- shown as that of any callback, and raised in the test
            self._end(error)
            return None
        if asyncio.iscoroutine(result):
            return self._awaited(result)
        self._end(None)
        return None

    async def _awaited(self, coroutine: Coroutine[Any, Any, object]) -> None:
        try:
            await coroutine
        except asyncio.CancelledError:
            self.done.set()
            raise
        except BaseException as error:  # noqa: BLE001 -- as above
            self._end(error)
        else:
            self._end(None)

    def end(self) -> None:
        """Release the waiting test: the session has closed."""
        self.done.set()
        self.over.set()

    def _end(self, error: BaseException | None) -> None:
        self.error = error
        if error is not None:
            self._session.failed(error)
        self.done.set()


class InProcessCallbacks(Callbacks):
    """Callbacks that report when a press is over."""

    def _run(
        self,
        function: Callable[[Any], object],
        value: object,
        finish: Callable[[Coroutine[Any, Any, object]], object] = asyncio.run,
    ) -> None:
        super()._run(function, value, finish)
        if isinstance(function, Press):
            function.over.set()

    async def _await(
        self, function: Callable[[Any], object], value: object, turns: asyncio.Lock | None
    ) -> None:
        task = asyncio.current_task()
        if isinstance(function, Press) and task is not None:
            over = function.over
            task.add_done_callback(lambda _: over.set())  # after the session has been notified
        await super()._await(function, value, turns)

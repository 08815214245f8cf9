"""The press of a button: a function that a test waits for."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from nbsession.session.base import Session


class Press:
    """Takes the place of a callback's function, calls it, and notes its end.

    Parameters
    ----------
    session : Session
        Whose callback it is.
    function : callable
        The function.

    Attributes
    ----------
    done : threading.Event
        Set when the function has returned or raised, and the session has been told of that.
    error : BaseException or None
        What the function raised.
    """

    def __init__(self, session: Session, function: Callable[[Any], object]) -> None:
        self._session = session
        self._function = function
        self.done = threading.Event()
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

    def _end(self, error: BaseException | None) -> None:
        self.error = error
        if error is not None:
            self._session.failed(error)
        self.done.set()

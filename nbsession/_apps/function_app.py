"""Apps that are functions: each run has a thread."""

from __future__ import annotations

import asyncio
import inspect
import threading
from typing import TYPE_CHECKING, Any

from nbsession._core.scope import inside
from nbsession._sync.forked import EndsChildren

from .coroutine_app import CoroutineApp

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from nbsession._core.app import Host
    from nbsession._core.session import Session


class FunctionApp(CoroutineApp):
    """One run of a function app.

    The function may return a coroutine: a decorated ``async def``, ``lambda: main()``, or an object whose ``__call__``
    is a coroutine function. Only the call shows this. The app then continues as a coroutine app.

    Parameters
    ----------
    session, name, host
        See `App`.
    function : callable
        The app; called without arguments.
    """

    def __init__(self, session: Session, name: str, host: Host, function: Callable[[], object]) -> None:
        super().__init__(session, name, host, self._returned_coroutine)
        self._plain_function = function
        self._coroutine: Coroutine[Any, Any, object] | None = None
        self._runs = False

    @property
    def computes(self) -> bool:
        return self._runs and not self.session.delivery.awaits_page

    def start(self) -> None:
        self._runs = True
        name = f"nbsession app {self.name} {self.session.number}"
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def _run(self) -> None:
        result: object = None
        with inside(self.session):
            try:
                with EndsChildren():
                    result = self._plain_function()
                self._refuse_generator(result)
            except SystemExit:
                pass
            except BaseException as error:  # noqa: BLE001 -- whatever the app raises is shown to the reader
                self._runs = False
                self.fail(error)
                return
        self._runs = False
        if asyncio.iscoroutine(result):
            self._go_on(result)
        else:
            self.returned()

    def _refuse_generator(self, result: object) -> None:
        if inspect.isgenerator(result) or inspect.isasyncgen(result):
            msg = f"app {self.name!r} returned a generator, whose code has not run: an app must not use yield"
            raise TypeError(msg)

    def _go_on(self, coroutine: Coroutine[Any, Any, object]) -> None:
        """Run the coroutine that the function has returned, on the host's loop, or on a loop in this thread."""
        self._coroutine = coroutine
        loop = self.host.loop
        if loop is None:
            asyncio.run(self._serve())
            return
        try:
            loop.call_soon_threadsafe(self._begin)
        except RuntimeError:  # the loop has been closed: the server has ended
            coroutine.close()

    def _begin(self) -> asyncio.Task[Any]:
        task = super()._begin()
        task.add_done_callback(
            lambda _: self._returned_coroutine().close()
        )  # it was cancelled before it started
        return task

    def _returned_coroutine(self) -> Coroutine[Any, Any, object]:
        assert self._coroutine is not None
        return self._coroutine

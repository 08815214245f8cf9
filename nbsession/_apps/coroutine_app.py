"""Coroutine apps. Each run is a task; so is each coroutine that it starts."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbsession._core.app import App
from nbsession._core.scope import inside
from nbsession._sync.forked import EndsChildren

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from nbsession._core.app import Host
    from nbsession._core.session import Session


class CoroutineApp(App):
    """One run of a coroutine app, on its host's loop, or on a loop in a separate thread that no cell interrupts.

    Parameters
    ----------
    session, name, host
        See `App`.
    function : callable
        The app: a coroutine function without arguments.
    """

    def __init__(
        self, session: Session, name: str, host: Host, function: Callable[[], Coroutine[Any, Any, object]]
    ) -> None:
        super().__init__(session, name, host)
        self._function = function

    def start(self) -> None:
        loop = self.host.loop
        if loop is not None:
            loop.call_soon_threadsafe(self._begin)
            return
        name = f"nbsession app {self.name} {self.session.number}"
        threading.Thread(target=lambda: asyncio.run(self._serve()), name=name, daemon=True).start()

    async def _serve(self) -> None:
        """Run the app, its tasks and callbacks, until the session has closed."""
        loop, session = asyncio.get_running_loop(), self.session
        closed = asyncio.Event()

        def wake(_reason: str) -> None:
            with suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(closed.set)

        session.on_close(wake)
        with inside(session):
            self._begin()
            await closed.wait()

    def _begin(self) -> asyncio.Task[Any]:
        """Start the app's own task. On the loop's thread."""
        session = self.session
        session.use_running_loop()
        return session.tasks.start(self._call())

    async def _call(self) -> None:
        try:
            with EndsChildren():
                await self._function()
        except SystemExit:
            pass
        except GeneratorExit:  # its loop has ended
            raise
        except BaseException as error:  # any exception of the app is shown to the reader
            if self.session.closed is not None:
                raise  # it was cancelled with its session
            self.fail(error)
            return
        # When this task is done: until then, it counts as a remaining task of the app.
        asyncio.get_running_loop().call_soon(self.returned)

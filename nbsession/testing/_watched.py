"""Apps whose end a test waits for."""

from __future__ import annotations

import asyncio
import inspect
import threading
from time import monotonic
from typing import TYPE_CHECKING

from nbsession._apps.coroutine_app import CoroutineApp
from nbsession._apps.function_app import FunctionApp
from nbsession._core.app import App
from nbsession.exceptions import SessionClosedException

if TYPE_CHECKING:
    from nbsession._core.app import AppFunction, Host
    from nbsession._core.session import Session

    from ._in_process_platform import InProcessSession

# Seconds between two looks at whether a session may close; what closes it wakes the look before.
_LOOK_EVERY = 0.1


class Watched(App):
    """An app that tells its session when it is at rest, and what it raised."""

    session: InProcessSession
    _ending: str | None = None

    def fail(self, error: BaseException) -> None:
        self.note(error)
        super().fail(error)
        self.session.at_rest.set()

    def _close_when_sent(self, reason: str) -> None:
        self._ending = reason
        super()._close_when_sent(reason)

    def note(self, error: BaseException) -> None:
        """Keep what the app raised by itself, so that the test is told."""
        if not isinstance(error, (SessionClosedException, asyncio.CancelledError)):
            self.session.note_raised(error)

    @property
    def left(self) -> bool:
        """Whether something of it is left, so that its session stays open."""
        if self._ending is not None:
            return False
        session = self.session
        used = self.held or len(session.callbacks) or session.callbacks.busy or len(session.tasks)
        return bool(used) or not self._returned or self._running_thread() is not None

    def look(self) -> None:
        """Close the session if nothing is left and all has arrived: no one need have been told of that."""
        if self._ending is not None:
            self._close_when_sent(self._ending)
        else:
            self.finish_if_idle()


class WatchedCoroutine(Watched, CoroutineApp):
    """A coroutine app."""

    def returned(self) -> None:
        super().returned()
        # After the app's own task is done, which counts as something that is left.
        asyncio.get_running_loop().call_soon(self.session.at_rest.set)

    async def _call(self) -> None:
        try:
            await super()._call()
        except BaseException as error:
            self.note(error)
            if self.session.closed is None:  # pytest.fail() and the like
                self.fail(error)
                return
            self.session.at_rest.set()
            raise


class WatchedFunction(WatchedCoroutine, FunctionApp):
    """A function app; what it returns may be a coroutine."""

    def returned(self) -> None:
        if self._coroutine is not None:
            super().returned()
            return
        FunctionApp.returned(self)
        self.session.at_rest.set()


def watched(session: InProcessSession, name: str, host: Host, function: AppFunction) -> Watched:
    """Return the app ``function`` for ``session``, ready to start."""
    kind = WatchedCoroutine if inspect.iscoroutinefunction(function) else WatchedFunction
    return kind(session, name, host, function)


def wait_until_over(session: Session, timeout: float) -> bool:
    """Wait until a session that ends has closed and its deferred functions have run; say whether they have.

    One of which something is left is not waited for.
    """
    deadline = monotonic() + timeout
    closed = threading.Event()
    told = False
    while session.closed is None:
        app = session.app
        if not isinstance(app, Watched) or app.left:
            return True
        if monotonic() >= deadline:
            return False
        if not told:
            told = True
            session.on_close(lambda _: closed.set())
        app.look()
        closed.wait(min(_LOOK_EVERY, max(0.0, deadline - monotonic())))
    return session.wait_closed(max(0.0, deadline - monotonic()))

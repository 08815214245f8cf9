"""Apps whose end a test can wait for."""

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

# Seconds between two checks whether a session may close. Events that close it wake the check earlier.
_LOOK_EVERY = 0.1


class Watched(App):
    """An app that notifies its session when it is at rest, and passes on its exception."""

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
        """Store the app's exception, so that the test gets it."""
        if not isinstance(error, (SessionClosedException, asyncio.CancelledError)):
            self.session.note_raised(error)

    @property
    def left(self) -> bool:
        """Whether parts of the app remain that keep its session open."""
        if self._ending is not None:
            return False
        session = self.session
        used = self.held or len(session.callbacks) or session.callbacks.busy or len(session.tasks)
        return bool(used) or not self._returned or self._running_thread() is not None

    def look(self) -> None:
        """Close the session if no part of the app remains and all messages have arrived, which may cause no event."""
        if self._ending is not None:
            self._close_when_sent(self._ending)
        else:
            self.finish_if_idle()


class WatchedCoroutine(Watched, CoroutineApp):
    """A coroutine app."""

    def returned(self) -> None:
        super().returned()
        # After the end of the app's own task, which keeps the session open.
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
    """A function app; it may return a coroutine."""

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
    """Wait until an ending session has closed and its deferred functions have run; return whether they have.

    Does not wait for a session that something keeps open.
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

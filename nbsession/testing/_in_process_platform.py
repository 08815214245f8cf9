"""The platform of code under test: a session for plain functions, one for each app, all on one page."""

from __future__ import annotations

import itertools
import threading
from math import inf
from typing import TYPE_CHECKING

from nbsession._core.session import Session
from nbsession._server.pages.server_place import ServerPlace
from nbsession._sync.timer_thread import TimerThread
from nbsession.exceptions import SessionException

from ._press import InProcessCallbacks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbsession._core.app import AppFunction
    from nbsession._core.download_channel import Download
    from nbsession._core.page import Page
    from nbsession._sync.waiter import Waiter


class InProcessSession(Session):
    """A session that stores exceptions of code without a caller, and knows whether it holds.

    Attributes
    ----------
    failures : list of BaseException
        Exceptions of its tasks and callbacks.
    raised : BaseException or None
        The exception of its app.
    at_rest : threading.Event
        Set by `hold`, and by the app when it has returned or failed.
    """

    def __init__(self, platform: InProcessPlatform, *, ends_with_code: bool = False) -> None:
        super().__init__(platform, platform.next_channel(), ends_with_code=ends_with_code)
        self.failures: list[BaseException] = []
        self.raised: BaseException | None = None
        self.at_rest = threading.Event()
        self.callbacks = InProcessCallbacks(self)

    def note_raised(self, error: BaseException) -> None:
        """Keep what its app raised."""
        self.raised = error

    def failed(self, error: BaseException) -> None:
        self.failures.append(error)
        super().failed(error)

    def on_close(self, hook: Callable[[str], object]) -> None:
        super().on_close(hook)
        if self.app is not None and self.app.held:
            self.at_rest.set()


class InProcessPlatform:
    """The platform that a `FakeBrowser` or a `NoBrowser` sets in place of the process's own.

    Parameters
    ----------
    page : callable, optional
        Returns the fake browser's page. None: there is no page, and there will be none.
    """

    def __init__(self, page: Callable[[], Page] | None) -> None:
        self.alarm = TimerThread()
        self.next_channel = itertools.count(1).__next__
        self.sessions: list[Session] = []
        self._page = page
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._local: dict[object, object] = {}

    @property
    def session(self) -> Session:
        """The session of plain functions, in any thread."""
        with self._lock:
            if self._session is None:
                self._session = self.open(ends_with_code=True)
            return self._session

    def open(self, *, ends_with_code: bool = False) -> InProcessSession:
        """Open a session."""
        session = InProcessSession(self, ends_with_code=ends_with_code)
        self.sessions.append(session)
        self.attach(session)
        return session

    def close(self, reason: str) -> None:
        """Close all sessions and wait for their deferred functions."""
        for session in self.sessions:
            session.close(reason)
        for session in self.sessions:
            session.wait_closed(5.0)

    # -- Platform -----------------------------------------------------------------------------

    def scope(self) -> InProcessPlatform:
        return self

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        return waiter.wait(timeout)

    def attach(self, session: Session) -> None:
        if self._page is not None:
            session.delivery.attach(self._page())

    def attach_timeout(self, session: Session, *, awaited: bool = False) -> float:  # noqa: ARG002
        return inf

    def alone(self, session: Session) -> bool:  # noqa: ARG002
        return False

    @property
    def largest_upload(self) -> int:
        return 0

    def unattended(self, session: Session) -> bool:  # noqa: ARG002
        return False

    def no_frontend(self, session: Session, *, awaited: bool = False) -> str:  # noqa: ARG002
        return "the fake browser was closed"

    def show(self, session: Session) -> None:
        """Do nothing: the page shows all sessions."""

    def keep_outputs(self, session: Session) -> bool:  # noqa: ARG002
        return False

    def closed(self, session: Session) -> None:
        """Do nothing: the test inspects the outputs."""

    def describe(self, session: Session) -> ServerPlace:  # noqa: ARG002
        return ServerPlace("fake", "fake")

    def offer(self, download: Download) -> None:  # noqa: ARG002
        return None  # files are sent over the link

    def serve(self, apps: Mapping[str, AppFunction]) -> object:  # noqa: ARG002
        msg = "start_server() does not work in a test with a FakeBrowser; run the app with fake_browser.run(app)"
        raise SessionException(msg)

    def give_way(self) -> None:
        """Do nothing: no server runs here."""

    def local(self, session: Session) -> dict[object, object]:
        return self._local if session.app is None else session.app.local

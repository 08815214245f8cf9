"""A page of the kernel's own, for all sessions of the notebook: in a headless browser, or in a window of the reader's.

``NBSESSION_BROWSER`` selects it, for notebooks that are not open in a browser, or whose front end shows no widgets. The
page uses a WebSocket to a separate thread, and none of the kernel's channels.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._core.session import sessions_of
from nbsession._link import LinkSettings
from nbsession._server.endpoint import Endpoint
from nbsession._server.files.document import Head
from nbsession._server.http.host_policy import HostPolicy
from nbsession._server.http.page_key import Key
from nbsession._server.options import ServerOptions
from nbsession._server.pages.clients import Clients
from nbsession._server.pages.http_connections import HttpConnections
from nbsession._server.run.address import Address
from nbsession._server.run.handle import ServerHandle
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
from nbsession._sync.waiter import Waiter

from .browser import make_browser

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._core.download_channel import Download
    from nbsession._core.page import Page
    from nbsession._core.session import Session
    from nbsession._server.files.transfers import FileTransfer
    from nbsession._server.pages.clients import Client
    from nbsession._sync.timer_thread import TimerThread

    from .browser import Browser

# Seconds for the page to send its hello.
ATTACH_WITHIN = 30.0
ELSEWHERE = "the kernel's page is open in another window"
FAILED = "the kernel's page could not be opened"
# Seconds: a reloaded page has returned by then, a closed one has not.
_RETURN_WITHIN = 2.0
# On one machine, the network between page and server does not fail: the browser has crashed.
_RECONNECT_WITHIN = 5.0
# Seconds of silence after which a page over HTTP counts as gone.
_SILENT = 60.0
# Seconds that the kernel's end waits for the delivery of the last messages. Jupyter kills a kernel that has not ended
# after 2.5 s.
_PARTING = 1.5
# Seconds between two checks whether all messages have arrived. Arrivals wake the check earlier.
_LOOK_EVERY = 0.05


class OwnPage:
    """The kernel's own page, opened at first use, and again after it has ended. Can be used on any thread.

    Parameters
    ----------
    alarm : TimerThread
        The timer for waits.
    control : callable
        Handles the page's messages on channel 0; see `Page.on_control`.
    ended : callable
        Called with the reason when the page, or its browser, has ended by itself.
    make_opening : callable
        Makes the `Opening` of one life of the page.

    Attributes
    ----------
    headless : bool
        Whether the current or last page is in this process's own, invisible browser.
    """

    def __init__(
        self,
        alarm: TimerThread,
        control: Callable[[Page, list[Any]], None],
        ended: Callable[[str], object] = lambda _: None,
        make_opening: Callable[[OwnPage], Opening] | None = None,
    ) -> None:
        self._make_opening = make_opening or Opening
        self.headless = False
        self._ended = ended
        self._alarm = alarm
        self._control = control
        self._lock = InterruptSafeLock()
        self._waiting: list[Session] = []
        self._opening: Opening | None = None

    def attach(self, session: Session) -> None:
        """Attach the session to the page, or keep it until the page exists.

        Raises
        ------
        FrontendNotFoundException
            If there is no browser, or it does not start.
        """
        first = None
        with self._lock:
            opening = self._opening
            page = None if opening is None else opening.page
            if page is None and session not in self._waiting:
                self._waiting.append(session)
            if opening is None:
                first = self._opening = self._make_opening(self)
        if opening is not None and page is not None:
            opening.take(session, page)
        elif first is not None:
            try:
                first.begin(self._alarm)
            except BaseException:
                self._over(first, FAILED, close=False)
                raise
            with self._lock:
                first.begun = True
                over = first.over
            if over is not None:
                self._over(first, over, close=True)

    def forget(self, session: Session) -> None:
        with self._lock:
            if session in self._waiting:
                self._waiting.remove(session)

    def offer(self, download: Download) -> FileTransfer | None:
        """Let the page fetch a file over HTTP."""
        opening, page = self._opening, download.session.page
        if opening is None or (page is not None and page is not opening.page):  # a page in a fake browser
            return None
        return opening.clients.transfers.offer(download)

    def shows(self, session: Session) -> bool:
        """Return whether the session is, or will be, on the page."""
        opening = self._opening
        return opening is not None and (session.delivery.unattached or session.page is opening.page)

    def reason(self) -> str:
        """Return the error message for a call that has waited for the page in vain."""
        return (
            f"the kernel's own page (NBSESSION_BROWSER={os.environ.get('NBSESSION_BROWSER', '')}) did not answer "
            f"within {ATTACH_WITHIN:g} s"
        )

    def deliver(self, sessions: Sequence[Session]) -> None:
        """Wait until the page has received all messages, for at most 1.5 s."""
        deadline = monotonic() + _PARTING
        while (left := deadline - monotonic()) > 0:
            opening = self._opening
            page = None if opening is None else opening.page
            busy = any(
                session.delivery.anything_unsent or session.delivery.downloading for session in sessions
            )
            if opening is None or not (busy or (page is not None and not page.settled)):
                return
            waiter = Waiter()
            if page is not None:
                page.flush()
                page.on_drained(waiter.release)
            waiter.wait(min(_LOOK_EVERY, left))

    def close(self, reason: str) -> None:
        """Notify the page that there will be no more sessions."""
        opening = self._opening
        if opening is not None:
            opening.clients.close(reason)

    # -- the life of the page -----------------------------------------------------------------

    def welcome(self, opening: Opening, client: Client) -> str | None:
        """Attach all waiting sessions to a page that has sent its hello; see `Clients`."""
        page = client.page
        with self._lock:
            if opening is not self._opening or opening.page is not None:
                return ELSEWHERE
            page.on_control(self._control)
            opening.page = page
            waiting, self._waiting = self._waiting, []
        for session in waiting:
            opening.take(session, page)
        return None

    def over(self, opening: Opening, reason: str) -> None:
        """Handle the end of the page, or its browser: close its sessions. The next session opens it again."""
        with self._lock:
            if not opening.begun:  # the starting thread raises, or ends it then
                opening.over = reason
                return
        self._over(opening, reason, close=True)
        self._ended(reason)

    def _over(self, opening: Opening, reason: str, *, close: bool) -> None:
        with self._lock:
            if self._opening is not opening:
                return
            self._opening = None
            opening.over = reason
            page, opening.page = opening.page, None
            waiting, self._waiting = self._waiting, []
        sessions = set() if page is None else set(sessions_of(page))
        if close:
            sessions.update(waiting)
        for session in sessions:
            session.close(reason, keep_outputs=False)
        # Not on the server's own thread, which must end.
        threading.Thread(target=opening.end, args=(reason,), name="nbsession page ends", daemon=True).start()


class Opening:
    """One life of the page: its server, its browser, and the page itself after its hello."""

    def __init__(self, owner: OwnPage) -> None:
        self._owner = owner
        self._handle: ServerHandle | None = None
        self._browser: Browser | None = None
        self.page: Page | None = None
        self.clients: Clients
        self.begun = False
        self.over: str | None = None  # the reason of its end, perhaps before it has started

    def begin(self, alarm: TimerThread) -> None:
        browser = self._browser = make_browser()
        self._owner.headless = browser.ours
        self.clients = Clients(
            alarm,
            ServerOptions(
                reconnect_timeout=_RECONNECT_WITHIN, max_payload_size=LinkSettings().largest_message
            ),
            lambda client: self._owner.welcome(self, client),
            return_within=_RETURN_WITHIN,
            frontend=browser.frontend,
            left=self._left,
        )
        self.clients.transfers.landing = browser.ours
        browser.start(lambda reason: self._owner.over(self, reason), self.clients.transfers)
        from nbsession._server.adapters.tornado_server import TornadoServer  # noqa: PLC0415 -- while the browser starts

        address = Address("127.0.0.1", 0)
        key = Key(address.port, browser.opened)
        http_connections = HttpConnections(self.clients, alarm, _SILENT)
        endpoint = Endpoint(
            self.clients,
            lambda _: Head(_title()),
            HostPolicy(loopback_only=True),
            http_connections,
            key,
            notes="at-leave" if browser.ours else "each-frame",
        )
        self._handle = ServerHandle(lambda _: TornadoServer(endpoint, address), "nbsession page")
        browser.open(key.address(self._handle.url))

    def take(self, session: Session, page: Page) -> None:
        """Attach a session to the page. If the page ends at this moment, the session is closed."""
        session.delivery.attach(page)
        if self.over is not None and session in page.channels:
            session.close(self.over, keep_outputs=False)

    def _left(self, client: Client, reason: str) -> None:
        if client.page is self.page:  # not a page that was turned away
            self._owner.over(self, reason)

    def end(self, reason: str) -> None:
        """Stop the server and the browser. Must not be called on the server's thread."""
        try:
            if self._handle is not None:
                self._handle.close(reason)
        finally:
            if self._browser is not None:
                self._browser.close()


def _title() -> str:
    return Path(os.environ.get("JPY_SESSION_NAME") or "Notebook").name

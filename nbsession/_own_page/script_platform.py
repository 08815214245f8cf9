"""Scripts, the REPL, terminal IPython: one session, on a page that this process opens at first use."""

from __future__ import annotations

import atexit
import sys
import threading
from contextlib import suppress
from math import inf
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._core.barrier import wait_until_run
from nbsession._core.session import Session
from nbsession._link import LinkSettings
from nbsession._server.endpoint import Endpoint
from nbsession._server.files.document import Head
from nbsession._server.http.host_policy import HostPolicy
from nbsession._server.http.page_key import Key
from nbsession._server.options import ServerOptions
from nbsession._server.pages.clients import Clients
from nbsession._server.pages.http_connections import HttpConnections
from nbsession._server.pages.server_platform import ServerPlatform
from nbsession._server.run.address import Address
from nbsession._server.run.handle import PATIENCE, ServerHandle, in_event_loop
from nbsession._sync import forked, sigint
from nbsession._sync.waiter import Waiter
from nbsession.exceptions import FrontendNotFoundException, SessionException

from .browser import in_own_browser, make_browser
from .unseen import OnStderr

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from nbsession._core.scope import Scope
    from nbsession._server.pages.clients import Client

    from .browser import Browser

    ExceptHook = Callable[[type[BaseException], BaseException, TracebackType | None], object]

ENDED = "the script has ended"
ELSEWHERE = "the script's page is open in another window"
# Seconds: a reloaded page has returned by then, a closed one has not.
_RETURN_WITHIN = 2.0
# On one machine, the network between page and server does not fail: the browser has crashed.
_RECONNECT_WITHIN = 5.0
# Seconds of silence after which a page over HTTP counts as gone.
_SILENT = 60.0
# Seconds for the page in an own browser to send its hello.
_ATTACH_WITHIN = 30.0
# Seconds after which a reader who has not opened the page gets advice.
_REMIND_AFTER = 15.0
# Seconds between two checks whether all messages have arrived. Arrivals wake the check earlier.
_LOOK_EVERY = 0.5
# Seconds to wait for errors of the last commands, and for their counts, which pages report every 0.25 s.
_ERRORS_WITHIN = 5.0
_COUNTS_AFTER = 0.3


class ScriptPlatform(ServerPlatform):
    """The one session of this process, for all its threads.

    Attributes
    ----------
    serving : bool
        Whether a server for apps runs in this process: threads outside of apps then belong to no session.
    gives_way : bool
        Whether ``start_server`` starts a server; otherwise it calls `serve`.
    """

    gives_way = True

    def __init__(self) -> None:
        super().__init__("tornado")
        self.serving = False
        self._pid = forked.pid
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._local: dict[object, object] = {}
        self._handle: ServerHandle | None = None
        self._key: Key | None = None
        self._invited: Session | None = None  # a page has been opened for it
        self._interruptible = False  # Ctrl-C waits for the end of critical sections
        self._browser: Browser | None = None
        self._unseen = OnStderr()
        # The page is the reader's own, so it has the limits of a notebook's page.
        options = ServerOptions(
            reconnect_timeout=_RECONNECT_WITHIN, max_payload_size=LinkSettings().largest_message
        )
        self.clients = Clients(self.alarm, options, self._welcome, return_within=_RETURN_WITHIN)

    def scope(self) -> Scope | None:
        if self.serving:
            return None
        if forked.parent is not None:  # pages for the workers of a pool would be of no use
            forked.refuse()
        return self

    def give_way(self) -> None:
        self.serving = True

    @property
    def session(self) -> Session:
        """The script's session. At a prompt, a new session follows a closed one, so that the user can continue."""
        if not self._interruptible:
            self._interruptible = sigint.install()
        with self._lock:
            session = self._session
            if session is None or (session.closed is not None and _at_prompt()):
                session = self._session = Session(self, self.next_channel(), ends_with_code=True)
            return session

    @property
    def largest_upload(self) -> int:
        return 0  # the reader's own page

    def unattended(self, session: Session) -> bool:  # noqa: ARG002
        return in_own_browser()

    def local(self, session: Session) -> dict[object, object]:  # noqa: ARG002
        return self._local

    # -- the page -----------------------------------------------------------------------------

    def attach(self, session: Session) -> None:
        """Open the page and wait for it; return at once on an event loop."""
        with self._lock:
            url = self._start(session) if self._handle is None else self._again(session)
            self._invited = session
        if url is not None:
            self._open(url, session)
        if in_event_loop():
            return
        assert self._browser is not None
        waiter = Waiter()
        session.delivery.on_attach(waiter.release)
        # A reader may open it later; an own browser opens it now, or never.
        if not self._browser.ours:
            if not waiter.wait(_REMIND_AFTER):
                self._browser.remind()
                waiter.wait(None)
        elif not waiter.wait(_ATTACH_WITHIN):
            msg = f"the script's page did not answer within {_ATTACH_WITHIN:g} s"
            raise FrontendNotFoundException(msg)

    def _start(self, session: Session) -> str:
        """Start the server and return the address of the page."""
        browser = self._launch(session)
        from nbsession._server.adapters.tornado_server import TornadoServer  # noqa: PLC0415 -- while the browser starts; most scripts need none

        address = Address("127.0.0.1", 0)
        key = self._key = Key(address.port, browser.opened)
        http_connections = HttpConnections(self.clients, self.alarm, _SILENT)
        endpoint = Endpoint(
            self.clients,
            lambda _: Head(_title()),
            HostPolicy(loopback_only=True),
            http_connections,
            key,
            notes="at-leave" if browser.ours else "each-frame",
        )
        self._handle = ServerHandle(lambda _: TornadoServer(endpoint, address), "nbsession page")
        atexit.register(self.end)
        # atexit is too late for Ctrl-C if other threads wait for the page: Python joins them first.
        sys.excepthook = _stopping_at_ctrl_c(self.stop, sys.excepthook)
        return key.address(self._handle.url)

    def _launch(self, session: Session) -> Browser:
        browser = self._browser = make_browser()
        self.clients.frontend = browser.frontend
        self.clients.transfers.landing = browser.ours
        if browser.ours:
            self._unseen.watch(session)
        browser.start(lambda reason: self._lost(session, reason), self.clients.transfers)
        return browser

    def _lost(self, session: Session, reason: str) -> None:
        """Handle the end of the browser. The next call raises, but there may be no next call."""
        self._unseen.say(reason)
        session.close(reason)

    def _again(self, session: Session) -> str | None:
        """Return the address of a page for another session; None if its page is already opening."""
        if self._invited is session:
            return None
        assert self._browser is not None
        assert self._key is not None
        assert self._handle is not None
        if self._browser.ours:
            self._browser.close()
            self._launch(session)
        self._key.renew()
        return self._key.address(self._handle.url)

    def _open(self, url: str, session: Session) -> None:
        assert self._browser is not None
        try:
            self._browser.open(url)
        except BaseException as error:
            session.close(f"its page could not be opened: {error}")
            raise

    def _welcome(self, client: Client) -> str | None:
        session = self._session
        assert session is not None
        if session.closed is not None:
            return session.closed
        if session.page is not None:
            return ELSEWHERE
        client.session = session
        session.delivery.attach(client.page)
        return None

    # -- the end ------------------------------------------------------------------------------

    def end(self, within: float = inf) -> None:
        """Close the page when all messages have arrived. Called at Python's exit, on the main thread.

        Parameters
        ----------
        within : float
            The most seconds to wait.
        """
        if self._pid != forked.pid:  # at the end of a child, which has neither session nor page
            return
        session = self._session
        assert session is not None
        try:
            if not _interrupted():
                self._deliver(session, monotonic() + within)
                self._hear_errors(session)
        except KeyboardInterrupt:
            pass
        self.stop()
        self._unseen.end()

    def stop(self) -> None:
        """Close the page now."""
        if self._pid != forked.pid:
            return
        try:
            if self._session is not None:
                self._session.close(ENDED)
                self._session.wait_closed(PATIENCE)
            if self._handle is not None:
                self._handle.close(ENDED)
        finally:
            if self._browser is not None:
                self._browser.close()

    def _deliver(self, session: Session, deadline: float) -> None:
        """Wait until the page has received all messages of the script."""
        while session.closed is None and (left := deadline - monotonic()) > 0:
            page = session.page
            if page is None:
                if not session.delivery.anything_unsent:
                    return
                waiter = Waiter()
                session.delivery.on_attach(waiter.release)
            elif page.settled and not session.delivery.downloading:
                return
            else:
                waiter = Waiter()
                page.on_drained(waiter.release)
            waiter.wait(min(_LOOK_EVERY, left))

    def _hear_errors(self, session: Session) -> None:
        """Wait for errors of the last commands, which are written to stderr if the page is invisible."""
        if self._browser is not None and self._browser.ours and session.page is not None:
            pause = _COUNTS_AFTER if session.run_errors else 0.0
            with suppress(SessionException):
                wait_until_run(session, _ERRORS_WITHIN, pause=pause)


def _at_prompt() -> bool:
    """Return whether the calling code was typed at a prompt: Python's, terminal IPython's, or that of ``python -i``."""
    return hasattr(sys, "ps1") and threading.current_thread() is threading.main_thread()


def _stopping_at_ctrl_c(stop: Callable[[], None], former: ExceptHook) -> ExceptHook:
    """Return a ``sys.excepthook`` for the case that Ctrl-C ends the script, and not one line at a prompt."""

    def excepthook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        former(kind, error, traceback)
        if issubclass(kind, KeyboardInterrupt) and not hasattr(sys, "ps1") and not sys.flags.inspect:
            stop()

    return excepthook


def _interrupted() -> bool:
    """Return whether Ctrl-C ended the script. At a prompt, it ends one line only."""
    if _threads_were_left():
        return True
    if hasattr(sys, "ps1"):
        return False
    error: Any = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    return isinstance(error, KeyboardInterrupt)


def _threads_were_left() -> bool:
    """Return whether Python exits although non-daemon threads still run: Ctrl-C has interrupted its wait for them."""
    main = threading.main_thread()
    return not main.is_alive() and any(
        not thread.daemon for thread in threading.enumerate() if thread is not main
    )


def _title() -> str:
    name = Path(sys.argv[0]).name if sys.argv else ""
    return name if name not in {"", "-c"} else "Python"

"""The pages of a server: who said hello, whose connection was lost, and whose session has ended."""

from __future__ import annotations

import logging
import re
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from nbsession._core.complaints import complain
from nbsession._core.interfaces.transport import Transport
from nbsession._core.page import Page
from nbsession._link import VERSION, shown
from nbsession._server.files.transfers import Transfers
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

from .time_budget import TimeBudget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbsession._core.session import Session
    from nbsession._link import Parts
    from nbsession._server.http.page_key import Key
    from nbsession._server.http.request import Request
    from nbsession._server.options import ServerOptions
    from nbsession._sync.timer_thread import TimerThread

    from .time_budget import Allowance

log = logging.getLogger("nbsession")

LEFT = "the page was closed"
LOST = "the connection to the page was lost"
EXPIRED = "the session has expired; reload the page to begin a new one"
FAILED = "the server could not start a session; try again later"
STRANGER = (
    "this window is not the one that the program opened last; use that one, or run the program again and open "
    "the whole address that it prints"
)
FULL = "the server has no room for another session; try again later"
# The page names its context, and whoever knows the name may speak for it: 128 random bits, at least.
_CONTEXT = re.compile(r"[0-9A-Za-z_-]{32,128}")
# Seconds within which a page must take what a session that has ended sent it last.
_PATIENCE = 30.0
# How many pages that have ended are told why, should they ask again.
_REMEMBERED = 1000
# Bytes of a hello: what a page tells of itself is kept for as long as it lives.
_LONGEST_HELLO = 64 * 1024
# Hellos by one connection: a page says another one when it comes back to life.
_MOST_HELLOS = 100
# Seconds within which a page that said hello by a request must send another one.
_CONFIRM_WITHIN = 20.0


class Connection(Transport, Protocol):
    """What carries the envelopes of a page: a socket, or requests one after the other.

    Attributes
    ----------
    request : Request
        The request that opened it.
    protocol : {'websocket', 'http'}
        What it speaks.
    confirmed : bool
        Somebody is there who takes what is sent. A socket says so by being open, a request does not: an app that is
        started for it would wait for nobody.
    hellos : int
        How many were said by it.
    allowance : Allowance
        The processing time that its page may cause.
    """

    request: Request
    protocol: str
    confirmed: bool
    hellos: int
    allowance: Allowance

    def close(self) -> None:
        """Close it when all that was sent is out. Any thread; twice is harmless."""
        ...


class Client:
    """One page, as long as its JavaScript context lives."""

    def __init__(
        self, page: Page, connection: Connection, alarm: TimerThread, end: Callable[[Client, str], None]
    ) -> None:
        self.page = page
        self.connection = connection
        self.session: Session | None = None
        self.ending: str | None = None
        self.over = False  # it is among the pages no more
        self.welcomed = False  # its session has been asked for
        self.away = False  # it said goodbye, and may come back
        self._end = end
        self._limit = alarm.handle(self._lapsed)
        self._until: float | None = None
        self._reason = ""

    def end_at(self, when: float | None, reason: str = "") -> None:
        """End the client at a time unless told otherwise until then; None: do not."""
        self._until, self._reason = when, reason
        if when is not None:
            self._limit.at(when)

    def _lapsed(self, now: float) -> float | None:
        until = self._until
        if until is not None and now >= until:
            self._end(self, self._reason)
            return None
        return until

    def forget(self) -> None:
        self._limit.close()


class Clients:
    """All pages of one server.

    `receive` and `lost` are called by one thread at a time for each connection; the rest by any.

    Parameters
    ----------
    alarm : TimerThread
        Calls back when a wait is over.
    options : ServerOptions
        How long pages are waited for, and how many there may be.
    welcome : callable
        ``welcome(client)`` gives a new page its session, or says why there is none.
    return_within : float
        Seconds for which a page that said goodbye may come back (a reload).
    frontend : str
        What ``info.frontend`` calls the pages.
    left : callable, optional
        ``left(client, reason)`` is told of a page that is no more and was given no session as its own.

    Attributes
    ----------
    transfers : Transfers
        The files that the pages may fetch.
    key : Key or None
        Opens the server to one browser window only.
    time_budget : TimeBudget
        The processing time that the pages may cause.
    """

    def __init__(
        self,
        alarm: TimerThread,
        options: ServerOptions,
        welcome: Callable[[Client], str | None],
        *,
        return_within: float = 0.0,
        frontend: str = "page",
        left: Callable[[Client, str], object] = lambda _visit, _reason: None,
    ) -> None:
        self.frontend = frontend
        self._left = left
        self.transfers: Transfers = Transfers(alarm)
        self.time_budget: TimeBudget = TimeBudget(self.__len__)
        self.key: Key | None = None
        self._alarm = alarm
        self._options = options
        self._welcome = welcome
        self._return_within = return_within
        self._lock = InterruptSafeLock()
        self._clients: dict[str, Client] = {}  # by context
        self._pages: dict[str, Client] = {}  # those that may come back as another context, by page
        self._closed: str | None = None
        self._ended: dict[str, str] = {}  # why, by context; the latest

    def __len__(self) -> int:
        return len(self._clients)

    # -- what pages say -----------------------------------------------------------------------

    def receive(
        self, connection: Connection, envelope: Mapping[str, Any], buffers: Parts, size: int = 0
    ) -> bool:
        """Take one envelope (docs/protocol.md) of ``size`` bytes; say whether the connection is a page's."""
        context = envelope.get("context")
        client = self._clients.get(context) if isinstance(context, str) else None
        if client is None:
            if "hello" in envelope:
                return self._hello(connection, envelope["hello"], size)
            if isinstance(context, str) and "goodbye" not in envelope:
                connection.send({"context": context[:128], "ended": self.why_ended(context) or EXPIRED}, ())
            return False
        if client.connection is not connection:
            self._move(client, connection)
        if "frame" in envelope:
            client.page.receive(envelope["frame"], buffers, size)
        elif "goodbye" in envelope:
            self._goodbye(client)
        return True

    def _move(self, client: Client, connection: Connection) -> None:
        former, client.connection = client.connection, connection
        connection.allowance.follow(client.page.acknowledged)
        if client.ending is None:
            client.end_at(None)
        client.page.move(connection)
        if former is not connection:  # a hello may come twice
            former.close()
        if connection.confirmed:
            self.confirm(client.page.context)

    def _hello(self, connection: Connection, hello: object, size: int) -> bool:
        connection.hellos += 1
        if size > _LONGEST_HELLO or connection.hellos > _MOST_HELLOS:
            complain("a page said hello %d times, in %d bytes at last", connection.hellos, size)
            connection.close()
            return False
        fields = hello if isinstance(hello, dict) else {}
        page_id, context, version = fields.get("page"), fields.get("context"), fields.get("version")
        if not (isinstance(page_id, str) and isinstance(context, str) and _CONTEXT.fullmatch(context)):
            complain("a page said hello without naming itself: %s", shown(hello))
            connection.close()
            return False
        if str(version).partition(".")[0] != VERSION.partition(".")[0]:
            reason = f"the page speaks version {version!s:.20} of nbsession's protocol, the server {VERSION}"
            connection.send({"context": context, "refused": {"version": VERSION, "reason": reason}}, ())
            return False
        if self.key is not None and not self.key.admits(connection.request, fields.get("secret")):
            connection.send({"context": context, "ended": STRANGER}, ())
            connection.close()
            return False
        with self._lock:
            known = self._clients.get(context)
            back = self._pages.get(page_id) if known is None else None
        if known is not None:  # its first answer was lost
            connection.send(self._greeting(context), ())
            self._move(known, connection)
        elif back is not None:
            self._return(back, context, connection, fields)
        else:
            self._leave(connection)
            self._begin(page_id, context, connection, fields)
        return True

    def _greeting(self, context: str) -> dict[str, object]:
        # No heartbeat: sockets have pings of their own, and over HTTP the page asks for news anyway.
        said = {"version": VERSION, "heartbeat": None, "largest": self._options.max_payload_size}
        return {"context": context, "welcome": said}

    def _leave(self, connection: Connection) -> None:
        """End the page that a connection has carried so far: it carries one at a time."""
        for client in list(self._clients.values()):
            if client.connection is connection:
                self._end(client, LEFT, keep=True)

    def _begin(self, page_id: str, context: str, connection: Connection, fields: Mapping[str, Any]) -> None:
        info = _info(fields, connection.request, self.frontend)
        options = self._options
        page = Page(
            page_id,
            context,
            info,
            connection,
            self._alarm,
            largest_message=options.max_payload_size,
            caused=lambda seconds: self.time_budget.charge(client.connection.allowance, seconds),
        )
        connection.allowance.follow(page.acknowledged)
        client = Client(page, connection, self._alarm, self._end)
        page.on_violation(lambda reason: self._end(client, reason))
        with self._lock:
            refused, displaced = self._closed, None
            if refused is None and len(self._clients) >= options.max_sessions:
                displaced = next((each for each in self._clients.values() if not each.welcomed), None)
                refused = FULL if displaced is None else None
            if refused is None:
                self._clients[context] = client
                if self._return_within:
                    self._pages[page_id] = client
        if displaced is not None:
            self._end(displaced, FULL)
        if refused is not None:
            self._end(client, refused)
            return
        connection.send(self._greeting(context), ())
        if connection.confirmed:
            self.confirm(context)
        else:
            client.end_at(monotonic() + _CONFIRM_WITHIN, LOST)

    def confirm(self, context: str) -> None:
        """Give a page its session, now that it is known to be there; nothing if it has one. One thread a page."""
        client = self._clients.get(context)
        if client is None or client.welcomed:
            return
        client.welcomed = True
        client.end_at(None)
        refused = self._give_session(client)
        if refused is not None:
            self._end(client, refused)

    def _give_session(self, client: Client) -> str | None:
        try:
            refused = self._welcome(client)
        except Exception:  # such as that the system starts no more threads
            log.exception("a session could not be started")
            return FAILED
        # The server may have been closed meanwhile, and not have seen the session.
        return refused or (client.ending if client.over else None)

    def _return(
        self, client: Client, context: str, connection: Connection, fields: Mapping[str, Any]
    ) -> None:
        page = client.page
        with self._lock:
            self._clients.pop(page.context, None)
            self._clients[context] = client
            former, client.connection = client.connection, connection
        connection.allowance.follow(page.acknowledged)
        if former is not connection:
            former.close()  # by HTTP it may have a poll held
        client.away = False
        client.end_at(None)
        connection.send(self._greeting(context), ())
        page.renew(
            context, _info(fields, connection.request, self.frontend), connection, fields.get("previous")
        )

    def _goodbye(self, client: Client) -> None:
        if not self._return_within or client.ending is not None:
            self._end(client, LEFT)
            return
        client.away = True
        client.end_at(monotonic() + self._return_within, LEFT)

    def knows(self, context: str, connection: Connection) -> bool:
        """Say whether there is a page of that context, and it comes by this connection."""
        client = self._clients.get(context)
        return client is not None and client.connection is connection

    def why_ended(self, context: str) -> str | None:
        """Return why a page was told that it has ended; None if it was not told, or long ago.

        It may ask again: its last request was under way when the answer to another told it, or that was lost.
        """
        return self._closed or self._ended.get(context)

    def lost(self, connection: Connection, for_good: str | None = None) -> None:
        """Learn that a connection was closed, by whomever; ``for_good``: it will not come back, and why."""
        for client in list(self._clients.values()):
            if client.connection is connection and not client.away:
                if for_good is None and self._options.reconnect_timeout and client.ending is None:
                    client.end_at(monotonic() + self._options.reconnect_timeout, LOST)
                else:
                    self._end(client, LOST)

    # -- endings ------------------------------------------------------------------------------

    def session_closed(self, session: Session) -> None:
        """End the client of a session that was closed, when its page has been told all."""
        client = next((each for each in list(self._clients.values()) if each.session is session), None)
        if client is None or client.ending is not None:
            return
        client.ending = session.closed or "closed"
        client.end_at(monotonic() + _PATIENCE, client.ending)

        def look() -> None:
            if client.page.ended:
                return
            if client.page.settled:
                self._end(client, client.ending or "")
            else:
                client.page.on_drained(look)

        client.page.flush()
        look()

    def close(self, reason: str) -> list[Session]:
        """End all clients, admit no more, and return the sessions whose deferred functions may still run."""
        with self._lock:
            self._closed = reason
            clients = list(self._clients.values())
        for client in clients:
            self._end(client, reason)
        return [client.session for client in clients if client.session is not None]

    def _end(self, client: Client, reason: str, *, keep: bool = False) -> None:
        """End a client; ``keep`` its connection, which goes on with another one."""
        page = client.page
        with self._lock:
            if client.ending is None:
                client.ending = reason
            client.over = True
            self._clients.pop(page.context, None)
            if self._pages.get(page.page_id) is client:
                del self._pages[page.page_id]
            if reason not in {LEFT, LOST}:  # a page that comes back too late is told what to do
                self._ended[page.context] = reason
                if len(self._ended) > _REMEMBERED:
                    del self._ended[next(iter(self._ended))]
        client.forget()
        if client.session is not None:
            client.session.close(reason)
        elif client.welcomed:
            self._left(client, reason)
        page.flush()
        page.detach()
        client.connection.send({"context": page.context, "ended": reason}, ())
        if not keep:
            client.connection.close()


def _info(fields: Mapping[str, Any], request: Request, frontend: str) -> dict[str, Any]:
    """Return what the page says of itself, and what the server knows better."""
    said = fields["info"] if isinstance(fields.get("info"), dict) else {}
    scheme = "https" if request.secure else "http"
    origin = request.headers.get("Origin") or f"{scheme}://{request.host}"
    user_agent = request.headers.get("User-Agent") or said.get("user_agent", "")
    known = {"host": request.host, "origin": origin, "user_ip": request.user_ip, "user_agent": user_agent}
    # No Jupyter server: nobody else is asked who the visitor is.
    return {**said, **known, "frontend": frontend, "pending": [], "whoami": None}

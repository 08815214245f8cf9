"""The pages of a server, from their hello to the end of their session."""

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
# A page chooses its context's name, and anyone who knows the name can send messages for it. So it must have at least
# 128 random bits.
_CONTEXT = re.compile(r"[0-9A-Za-z_-]{32,128}")
# Seconds that a page has to receive the last messages of an ended session.
_PATIENCE = 30.0
# Number of ended pages whose reason is remembered, in case they ask again.
_REMEMBERED = 1000
# Largest hello in bytes: the page's data is kept as long as the page lives.
_LONGEST_HELLO = 64 * 1024
# Maximum number of hellos over one connection: a page sends another one when it wakes up.
_MOST_HELLOS = 100
# Seconds in which a page that sent its hello over HTTP must send another request.
_CONFIRM_WITHIN = 20.0


class Connection(Transport, Protocol):
    """Carries the envelopes of a page: a socket, or successive requests.

    Attributes
    ----------
    request : Request
        The request that opened the connection.
    protocol : {'websocket', 'http'}
        The protocol of the connection.
    confirmed : bool
        Whether the page is known to receive messages. An open socket proves this, a single request does not: an app
        that is started for it might wait in vain.
    hellos : int
        The number of hellos received.
    allowance : Allowance
        The processing time that the page may use.
    """

    request: Request
    protocol: str
    confirmed: bool
    hellos: int
    allowance: Allowance

    def close(self) -> None:
        """Close the connection after everything has been sent. Can be called on any thread, and repeatedly."""
        ...


class Client:
    """One page, for the lifetime of its JavaScript context."""

    def __init__(
        self, page: Page, connection: Connection, alarm: TimerThread, end: Callable[[Client, str], None]
    ) -> None:
        self.page = page
        self.connection = connection
        self.session: Session | None = None
        self.ending: str | None = None
        self.over = False  # removed from the pages
        self.welcomed = False  # `welcome` has been called
        self.away = False  # it has sent goodbye and may return
        self._end = end
        self._limit = alarm.handle(self._lapsed)
        self._until: float | None = None
        self._reason = ""

    def end_at(self, when: float | None, reason: str = "") -> None:
        """End the client at that time. A later call replaces the time; None cancels it."""
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

    For each connection, `receive` and `lost` must not be called concurrently. The other methods can be called on any
    thread.

    Parameters
    ----------
    alarm : TimerThread
        The timer for waits.
    options : ServerOptions
        The server's options, among them timeouts and the maximum number of pages.
    welcome : callable
        ``welcome(client)`` gives a new page its session, or returns why there is none.
    return_within : float
        Seconds in which a page that has sent goodbye may return (a reload).
    frontend : str
        The value of ``info.frontend``.
    left : callable, optional
        ``left(client, reason)`` is called when a page has gone that did not get a session of its own.

    Attributes
    ----------
    transfers : Transfers
        The files that the pages may fetch.
    key : Key or None
        Restricts the server to one browser window.
    time_budget : TimeBudget
        The processing time that the pages may use.
    parting : set of Client
        The clients that are being ended, whose last messages may not be sent yet.
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
        self.parting: set[Client] = set()
        self._alarm = alarm
        self._options = options
        self.largest_upload: int = options.max_payload_size
        self._welcome = welcome
        self._return_within = return_within
        self._lock = InterruptSafeLock()
        self._clients: dict[str, Client] = {}  # by context
        self._pages: dict[str, Client] = {}  # those that may return with another context, by page
        self._closed: str | None = None
        self._ended: dict[str, str] = {}  # the most recent reasons, by context

    def __len__(self) -> int:
        return len(self._clients)

    # -- messages of pages --------------------------------------------------------------------

    def receive(
        self, connection: Connection, envelope: Mapping[str, Any], buffers: Parts, size: int = 0
    ) -> bool:
        """Process one envelope (docs/protocol.md) of ``size`` bytes; return whether the connection is a page's."""
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
        if former is not connection:  # a page may send its hello twice
            former.close()
        if connection.confirmed:
            self.confirm(client.page.context)

    def _hello(self, connection: Connection, hello: object, size: int) -> bool:
        connection.hellos += 1
        if size > _LONGEST_HELLO or connection.hellos > _MOST_HELLOS:
            complain("a page sent %d hellos, the last one of %d bytes", connection.hellos, size)
            connection.close()
            return False
        fields = hello if isinstance(hello, dict) else {}
        page_id, context, version = fields.get("page"), fields.get("context"), fields.get("version")
        if not (isinstance(page_id, str) and isinstance(context, str) and _CONTEXT.fullmatch(context)):
            complain("a page sent an invalid hello: %s", shown(hello))
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
        if known is not None:  # the first answer was lost
            connection.send(self._greeting(context), ())
            self._move(known, connection)
        elif back is not None:
            self._return(back, context, connection, fields)
        else:
            self._leave(connection)
            self._begin(page_id, context, connection, fields)
        return True

    def _greeting(self, context: str) -> dict[str, object]:
        # No heartbeat: WebSockets have their own pings, and over HTTP the page polls anyway.
        said = {"version": VERSION, "heartbeat": None, "largest": self._options.max_payload_size}
        return {"context": context, "welcome": said}

    def _leave(self, connection: Connection) -> None:
        """End the page that a connection has carried so far: a connection carries one page at a time."""
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
        """Give a page its session after its connection is confirmed, unless it has one.

        Must not run concurrently for a page.
        """
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
        except Exception:  # for example, if the system cannot start more threads
            log.exception("a session could not be started")
            return FAILED
        # The server may have been closed in the meantime, before it could see the session.
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
            former.close()  # over HTTP, it may hold a poll
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
        """Return whether a page with that context uses this connection."""
        client = self._clients.get(context)
        return client is not None and client.connection is connection

    def why_ended(self, context: str) -> str | None:
        """Return why a page has ended; None if it has not ended, or ended long ago.

        A page may ask after it was notified: its last request may have been in flight, or the notification was lost.
        """
        return self._closed or self._ended.get(context)

    def lost(self, connection: Connection, for_good: str | None = None) -> None:
        """Handle a closed connection. ``for_good`` is the reason if it cannot be restored."""
        for client in list(self._clients.values()):
            if client.connection is connection and not client.away:
                if for_good is None and self._options.reconnect_timeout and client.ending is None:
                    client.end_at(monotonic() + self._options.reconnect_timeout, LOST)
                else:
                    self._end(client, LOST)

    # -- ends ---------------------------------------------------------------------------------

    def session_closed(self, session: Session) -> None:
        """End the client of a closed session after its page has received everything."""
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
        """End all clients and reject new ones. Return the sessions whose deferred functions may still run."""
        with self._lock:
            self._closed = reason
            clients = list(self._clients.values())
        for client in clients:
            self._end(client, reason)
        return [client.session for client in clients if client.session is not None]

    def _end(self, client: Client, reason: str, *, keep: bool = False) -> None:
        """End a client. ``keep`` leaves its connection open for another client."""
        page = client.page
        with self._lock:
            if client.ending is None:
                client.ending = reason
            client.over = True
            self.parting.add(client)
            self._clients.pop(page.context, None)
            if self._pages.get(page.page_id) is client:
                del self._pages[page.page_id]
            if reason not in {LEFT, LOST}:  # a page that returns too late is sent EXPIRED
                self._ended[page.context] = reason
                if len(self._ended) > _REMEMBERED:
                    del self._ended[next(iter(self._ended))]
        client.forget()
        try:
            if client.session is not None:
                client.session.close(reason)
            elif client.welcomed:
                self._left(client, reason)
            page.flush()
            page.detach()
            client.connection.send({"context": page.context, "ended": reason}, ())
            if not keep:
                client.connection.close()
        finally:
            self.parting.discard(client)


def _info(fields: Mapping[str, Any], request: Request, frontend: str) -> dict[str, Any]:
    """Return the page's own data, overridden by data that the server knows better."""
    said = fields["info"] if isinstance(fields.get("info"), dict) else {}
    scheme = "https" if request.secure else "http"
    origin = request.headers.get("Origin") or f"{scheme}://{request.host}"
    user_agent = request.headers.get("User-Agent") or said.get("user_agent", "")
    known = {"host": request.host, "origin": origin, "user_ip": request.user_ip, "user_agent": user_agent}
    # Only a Jupyter server can be asked who the visitor is.
    return {**said, **known, "frontend": frontend, "pending": [], "whoami": None}

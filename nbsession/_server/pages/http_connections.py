"""Pages that use HTTP: a request carries the page's messages, its response the messages for the page.

The response to a request with messages is delayed for a moment, to include their results: a chain of evals then needs
one request each. The response to a request without messages, a poll, is held as long as the server allows.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._server.wire.body_parts import PART, BodyParts, is_last
from nbsession._server.wire.envelope import LARGEST, MOST_UNREAD, pack, split, unpack

from .clients import EXPIRED, LOST
from .time_budget import Allowance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nbsession._link import Buffer
    from nbsession._server.http.request import Request
    from nbsession._sync.timer_thread import TimerThread

    from .clients import Clients

log = logging.getLogger("nbsession")

CONTEXT = "Nbsession-Context"
HOLD = "Nbsession-Hold"
LAST = "Nbsession-Last"
"""The header of a page's last request when it is left, which contains its goodbye."""
# Seconds for which the response to messages waits for more messages for the page.
_A_MOMENT = 0.05
# Number of connections up to which old ones are not removed.
_FEW = 64
# Maximum bytes of a response, unless a single message is larger.
_ANSWER = 4 * 2**20


class UnknownPageError(LookupError):
    """A request of a page that has not sent a hello to this server."""


class HttpConnection:
    """The connection of a page over successive requests, of which two may overlap.

    Attributes
    ----------
    request : Request
        The page's first request.
    parts : BodyParts
        The parts of a body that the page sends in several requests.
    receiving : threading.Lock
        Held while a request's messages are processed: a page may have two requests in flight, and a server may have a
        thread for each.
    allowance : Allowance
        The processing time that the page may use.
    """

    protocol = "http"
    peer = ""
    ground = None

    def __init__(
        self, request: Request, alarm: TimerThread, expire: float, expired: Callable[[HttpConnection], object]
    ) -> None:
        self.request = request
        self.allowance: Allowance = Allowance()
        self.confirmed = False
        self.hellos = 0
        self.closed: bool = False
        self.parts: BodyParts = BodyParts()
        self.receiving: threading.Lock = threading.Lock()
        self._lock = threading.Lock()
        self._outbox: deque[bytes] = deque()
        self._unread = 0
        self._wake: Callable[[], object] | None = None
        self._expire = expire
        self._until = monotonic() + expire
        self._expired = expired
        self._limit = alarm.handle(self._look)
        self._limit.at(self._until)

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        message = pack(envelope, buffers)
        with self._lock:
            self._unread += len(message)
            if self._unread > MOST_UNREAD:  # the page has caused messages that it does not fetch
                self._outbox.clear()
                self._until = 0.0
                self._limit.at(0.0)
                return
            self._outbox.append(message)
            wake, self._wake = self._wake, None
        if wake is not None:
            wake()

    @property
    def over(self) -> bool:
        """Whether the connection is closed and has no more messages for the page."""
        return self.closed and not self._outbox

    @property
    def silent(self) -> bool:
        """Whether nothing has arrived for too long and no request waits for a response."""
        return self.overfull or (self._wake is None and monotonic() >= self._until)

    @property
    def overfull(self) -> bool:
        """Whether too many bytes wait for the page. Nothing more is sent then."""
        return self._unread > MOST_UNREAD

    def close(self) -> None:
        self.closed = True
        self._limit.close()
        with self._lock:
            wake, self._wake = self._wake, None
        if wake is not None:
            wake()

    def listen(self, wake: Callable[[], object]) -> None:
        """Call ``wake`` when there is something to send, or when another request takes over."""
        self.heard()
        with self._lock:
            former, self._wake = self._wake, wake
            if self._outbox or self.closed:
                self._wake = None
        if former is not None:
            former()
        if self._wake is None:
            wake()

    def forget(self, wake: Callable[[], object]) -> None:
        """Do not call ``wake`` any more."""
        with self._lock:
            if self._wake is wake:
                self._wake = None

    def take(self, wake: Callable[[], object] | None = None) -> list[bytes]:
        """Return the messages for the response, and do not call ``wake`` any more."""
        messages: list[bytes] = []
        size = 0
        self.heard()
        with self._lock:
            if wake is not None and self._wake is wake:
                self._wake = None
            while self._outbox and (not messages or size + len(self._outbox[0]) <= _ANSWER):
                messages.append(self._outbox.popleft())
                size += len(messages[-1])
            self._unread -= size
        return messages

    def heard(self) -> None:
        self._until = monotonic() + self._expire

    def _look(self, now: float) -> float | None:
        if now < self._until and not self.overfull:
            return self._until
        if not self.silent:
            return now + self._expire
        self._expired(self)
        return None


class HttpConnections:
    """The pages of a server that use HTTP.

    Parameters
    ----------
    clients : Clients
        Processes the pages' messages.
    alarm : TimerThread
        The timer for silent pages.
    expire : float
        Seconds of silence after which a page counts as gone.
    """

    def __init__(self, clients: Clients, alarm: TimerThread, expire: float) -> None:
        self._clients = clients
        self._alarm = alarm
        self._expire = expire
        self._connections: dict[str, HttpConnection] = {}
        self._lock = threading.Lock()  # not held while messages are processed, which may take long
        self._in_parts = False
        # The number of connections at which old ones are removed. Each connection is checked twice on average.
        self._look_at = _FEW

    def receive(self, request: Request, body: bytes, *, must_be_known: bool = False) -> HttpConnection | None:
        """Process a request's messages. Return None if it only probes the server.

        Parameters
        ----------
        request, body
            The request.
        must_be_known : bool
            Whether to raise an error for a page that has not sent a hello here, instead of reporting an expired session
            to it.

        Raises
        ------
        ValueError
            If the request is malformed.
        UnknownPageError
            If the page must be known and is not.
        """
        context = request.headers.get(CONTEXT)
        if context is None:
            return None
        part = request.headers.get(PART)
        if part is not None:
            # A part contains no messages yet, but shows which connection the page uses.
            connection = self._take(
                request, context, [({"context": context}, (), 0)], must_be_known=must_be_known
            )
            with connection.receiving:
                whole = None if connection.closed else self._collect(connection, part, body)
            if whole is None:
                return connection
            body = whole
        envelopes = list(_envelopes(body))
        if not all(_speaks_for(context, envelope) for envelope, _, _ in envelopes):
            msg = f"a request of {context[:128]!r} contains a message of another page"
            raise ValueError(msg)
        return self._take(request, context, envelopes, must_be_known=must_be_known)

    def allowance(self, request: Request) -> Allowance:
        """Return the allowance of a request's page: the processing time that it may use."""
        connection = self._connections.get(request.headers.get(CONTEXT, ""))
        return Allowance() if connection is None else connection.allowance

    def broke_off(self, request: Request) -> None:
        """Handle an incomplete request. If it was its page's last one, the page has left nevertheless."""
        context = request.headers.get(CONTEXT)
        if context in self._connections and request.headers.get(LAST):
            goodbye = {"context": context, "goodbye": True}
            self._take(request, context, [(goodbye, (), 0)], must_be_known=False)

    def _take(
        self,
        request: Request,
        context: str,
        envelopes: Sequence[tuple[Mapping[str, Any], Sequence[Buffer], int]],
        *,
        must_be_known: bool,
    ) -> HttpConnection:
        connection, is_new = self._connection(request, context, envelopes, must_be_known=must_be_known)
        if not is_new:
            connection.receiving.acquire()
        try:
            if not is_new:
                connection.confirmed = True
                self._clients.confirm(context)
            for envelope, buffers, size in envelopes:
                self._clients.receive(connection, envelope, buffers, size)
            if self._clients.knows(context, connection):
                return connection
            if connection.over or not connection.closed:
                if not envelopes:
                    ended = self._clients.why_ended(context) or EXPIRED
                    connection.send({"context": context[:128], "ended": ended}, ())
                connection.close()
        finally:
            connection.receiving.release()
        if is_new:
            with self._lock:
                if self._connections.get(context) is connection:
                    del self._connections[context]
        return connection

    def _connection(
        self,
        request: Request,
        context: str,
        envelopes: Sequence[tuple[Mapping[str, Any], Sequence[Buffer], int]],
        *,
        must_be_known: bool,
    ) -> tuple[HttpConnection, bool]:
        """Return a page's connection, and whether it is new: then ``receiving`` is held, so that the hello is first."""
        with self._lock:
            connection = self._connections.get(context)
            if connection is not None and not connection.over:
                return connection, False
            known = self._clients.why_ended(context) or any(
                "hello" in envelope for envelope, _, _ in envelopes
            )
            if must_be_known and not known:
                raise UnknownPageError(context)
            if len(self._connections) >= self._look_at:
                self._forget_old()
            connection = self._connections[context] = HttpConnection(
                request, self._alarm, self._expire, self._end
            )
            connection.receiving.acquire()
            return connection, True

    def _collect(self, connection: HttpConnection, part: str, body: bytes) -> bytes | None:
        """Store a part of a body. Return the whole body with the last part."""
        if not self._in_parts:
            self._in_parts = True
            log.warning(
                "a proxy in front refuses large requests: a page sends its messages in parts of %d bytes. "
                "Raise the proxy's limit (nginx: client_max_body_size 17m;)",
                len(body),
            )
        return connection.parts.add(part, body)

    def _end(self, connection: HttpConnection) -> None:
        self._clients.lost(connection, LOST)
        context = connection.request.headers.get(CONTEXT, "")
        with self._lock:
            if self._connections.get(context) is connection and (connection.over or connection.silent):
                del self._connections[context]

    def _forget_old(self) -> None:
        """Remove closed connections, and ended ones whose last messages have not been fetched for a long time."""
        kept = {
            name: each for name, each in list(self._connections.items()) if not (each.over or each.silent)
        }
        self._connections = kept
        self._look_at = max(_FEW, 2 * len(kept))


def _envelopes(body: bytes) -> Iterator[tuple[Mapping[str, Any], Sequence[Buffer], int]]:
    """Yield the envelopes of a body, with their buffers and sizes. A generator, since a body may contain millions."""
    for message in split(body):
        if len(message) > LARGEST:
            msg = f"a message of more than {LARGEST} bytes"
            raise ValueError(msg)
        envelope, buffers = unpack(message)
        yield envelope, buffers, len(message)


def _speaks_for(context: str, envelope: Mapping[str, Any]) -> bool:
    """Return whether a request of a context may contain the envelope, which must name this context or none."""
    hello = envelope.get("hello")
    named = [envelope.get("context"), hello.get("context") if isinstance(hello, dict) else None]
    return all(name in {None, context} for name in named if not isinstance(name, (dict, list)))


def patience(request: Request, body: bytes, poll_timeout: float) -> float:
    """Return how many seconds the response to a request may wait.

    Parameters
    ----------
    request, body
        The request.
    poll_timeout : float
        Seconds for which the server holds a poll.
    """
    part = request.headers.get(PART)
    if part is not None and not is_last(part):
        return 0.0
    if body:
        return _A_MOMENT
    try:
        wanted = float(request.headers.get(HOLD, 0.0))
    except ValueError:
        return 0.0
    return min(wanted, poll_timeout) if wanted > 0 else 0.0

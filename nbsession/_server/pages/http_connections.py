"""Pages that speak by HTTP: each request brings what a page has to say, its answer takes what the page is to hear.

The answer to a request that says something waits a moment for what comes of it, so that a chain of evals needs a
request for each and nothing more. The answer to one that says nothing, a poll, is held for as long as the server can.
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
    from contextlib import AbstractContextManager

    from nbsession._link import Buffer
    from nbsession._server.http.request import Request
    from nbsession._sync.timer_thread import TimerThread

    from .clients import Clients

log = logging.getLogger("nbsession")

CONTEXT = "Nbsession-Context"
HOLD = "Nbsession-Hold"
LAST = "Nbsession-Last"
"""The header of what a page says last, while it is left: its goodbye."""
# Seconds that the answer to what a page says waits for more to tell the page.
_A_MOMENT = 0.05
# Connections among which nobody looks for old ones.
_FEW = 64
# Bytes that an answer holds, unless a single message is larger.
_ANSWER = 4 * 2**20


class UnknownPageError(LookupError):
    """Something is said by a page that has not said hello here."""


class HttpConnection:
    """The connection of a page by requests, one after the other, sometimes two at a time.

    Attributes
    ----------
    request : Request
        The request with which the page began.
    parts : BodyParts
        Of what the page says in several requests.
    receiving : threading.RLock
        Held while what a request says is taken: a page may have two under way, and a server a thread for each.
    allowance : Allowance
        The processing time that the page may cause.
    """

    protocol = "http"
    peer = ""

    def __init__(
        self, request: Request, alarm: TimerThread, expire: float, expired: Callable[[HttpConnection], object]
    ) -> None:
        self.request = request
        self.allowance: Allowance = Allowance()
        self.confirmed = False
        self.hellos = 0
        self.closed: bool = False
        self.parts: BodyParts = BodyParts()
        self.receiving: AbstractContextManager[object] = threading.RLock()
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
            if self._unread > MOST_UNREAD:  # the page has us talk, and fetches nothing
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
        """Whether it has ended, and there are no last words."""
        return self.closed and not self._outbox

    @property
    def silent(self) -> bool:
        """Whether nothing was heard for too long, and no request waits for an answer."""
        return self.overfull or (self._wake is None and monotonic() >= self._until)

    @property
    def overfull(self) -> bool:
        """Whether more waits for the page than pages let wait; nothing is sent any more."""
        return self._unread > MOST_UNREAD

    def close(self) -> None:
        self.closed = True
        self._limit.close()
        with self._lock:
            wake, self._wake = self._wake, None
        if wake is not None:
            wake()

    def listen(self, wake: Callable[[], object]) -> None:
        """Call ``wake`` as soon as there is something to answer, or another request waits for it instead."""
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
        """Call ``wake`` no longer."""
        with self._lock:
            if self._wake is wake:
                self._wake = None

    def take(self, wake: Callable[[], object] | None = None) -> list[bytes]:
        """Return what is to be answered; ``wake`` is no longer to be called."""
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
    """The pages of a server that speak by HTTP.

    Parameters
    ----------
    clients : Clients
        Takes what they say.
    alarm : TimerThread
        Knows when they have been silent for too long.
    expire : float
        Seconds of silence after which a page has gone.
    """

    def __init__(self, clients: Clients, alarm: TimerThread, expire: float) -> None:
        self._clients = clients
        self._alarm = alarm
        self._expire = expire
        self._connections: dict[str, HttpConnection] = {}
        self._lock = threading.Lock()  # never held while what a page says is taken: that may take long
        self._in_parts = False
        self._look_at = (
            _FEW  # connections at which it is looked for old ones: each is looked at twice on average
        )

    def receive(self, request: Request, body: bytes, *, must_be_known: bool = False) -> HttpConnection | None:
        """Take what a request says; None if it only asks whether there is anybody.

        Parameters
        ----------
        request, body
            The request.
        must_be_known : bool
            A page that has not said hello here is not told that its session has expired.

        Raises
        ------
        ValueError
            If it is malformed.
        UnknownPageError
            If the page must be known and is not.
        """
        context = request.headers.get(CONTEXT)
        if context is None:
            return None
        part = request.headers.get(PART)
        if part is not None:
            # A part says nothing yet, but by which way the page comes.
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
            msg = f"a request of {context[:128]!r} speaks for another page"
            raise ValueError(msg)
        return self._take(request, context, envelopes, must_be_known=must_be_known)

    def allowance(self, request: Request) -> Allowance:
        """Return the processing time that the page of a request may cause."""
        connection = self._connections.get(request.headers.get(CONTEXT, ""))
        return Allowance() if connection is None else connection.allowance

    def broke_off(self, request: Request) -> None:
        """Learn that a request has not come whole. If its page says it last, the page has left nevertheless."""
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
        with connection.receiving:
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
        """Return the connection of a page, and whether it is new."""
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
            return connection, True

    def _collect(self, connection: HttpConnection, part: str, body: bytes) -> bytes | None:
        """Keep a part of what a page says; return all of it with the last one."""
        if not self._in_parts:
            self._in_parts = True
            log.warning(
                "a proxy in front refuses large requests: a page sends what it has to say in parts of %d bytes. "
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
        """Forget connections that have ended, and of which nobody has asked for the last words for long."""
        kept = {
            name: each for name, each in list(self._connections.items()) if not (each.over or each.silent)
        }
        self._connections = kept
        self._look_at = max(_FEW, 2 * len(kept))


def _envelopes(body: bytes) -> Iterator[tuple[Mapping[str, Any], Sequence[Buffer], int]]:
    """Yield the envelopes of a body, their buffers and their sizes. One after the other: a body may name millions."""
    for message in split(body):
        if len(message) > LARGEST:
            msg = f"a message of more than {LARGEST} bytes"
            raise ValueError(msg)
        envelope, buffers = unpack(message)
        yield envelope, buffers, len(message)


def _speaks_for(context: str, envelope: Mapping[str, Any]) -> bool:
    """Say whether an envelope may come in a request of a context: it names it, or none."""
    hello = envelope.get("hello")
    named = [envelope.get("context"), hello.get("context") if isinstance(hello, dict) else None]
    return all(name in {None, context} for name in named if not isinstance(name, (dict, list)))


def patience(request: Request, body: bytes, poll_timeout: float) -> float:
    """Return how many seconds the answer to a request may wait.

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

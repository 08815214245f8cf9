"""An endpoint: answers the requests of one mounted path, identically on every server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from .files.document import MANIFEST, document, file, manifest, policy
from .files.transfers import FILE
from .http.refusals import Refusals
from .http.request import Response, error_response
from .pages.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .files.document import Head, Notes
    from .http.host_policy import HostPolicy
    from .http.page_key import Key
    from .http.request import Request
    from .pages.clients import Clients
    from .pages.http_connections import HttpConnections

SOCKET = "socket"
EXCHANGE = "exchange"


class OpenSocket(Protocol):
    """An open WebSocket."""

    def close(self) -> None:
        """Close it after everything has been sent. Can be called on any thread, and repeatedly."""
        ...

    def abort(self) -> None:
        """Close the connection at once, without a close frame. Must be called on the loop's thread."""
        ...


class Endpoint:
    """A page's path and everything that the page requests there: its files, its socket, its messages over HTTP.

    All requests use the page's own path and are distinguished by ``?nbsession=``. The endpoint therefore works behind
    any prefix, and as a single handler of a larger application.

    Parameters
    ----------
    clients : Clients
        The pages.
    head : callable
        ``head(request)`` returns the head of the requested page; None if there is no such app.
    host_policy : HostPolicy
        The check of host names and origins.
    http_connections : HttpConnections
        The pages that use HTTP.
    key : Key, optional
        Restricts the endpoint to one browser window.
    protocol : {'websocket', 'http'}
        The protocol that pages try first.
    poll_timeout : float
        Seconds for which a poll is held.
    sources : sequence of str
        Hosts, other than its own, from which pages may load content and to which they may send requests.
    notes : {'each-frame', 'at-leave', 'none'}
        See `document`.

    Attributes
    ----------
    sockets : set of OpenSocket
        The open WebSockets.
    throttle : Throttle
        Schedules the messages of pages that have caused much processing time.
    """

    def __init__(
        self,
        clients: Clients,
        head: Callable[[Request], Head | None],
        host_policy: HostPolicy,
        http_connections: HttpConnections,
        key: Key | None = None,
        *,
        protocol: str = "websocket",
        poll_timeout: float = 20.0,
        sources: Sequence[str] = (),
        notes: Notes = "each-frame",
    ) -> None:
        self.clients = clients
        clients.key = key
        self.host_policy = host_policy
        self.http_connections = http_connections
        self._head = head
        self._key = key
        self._protocol = protocol
        self.poll_timeout = poll_timeout
        self._sources = sources
        self._notes = notes
        self.sockets: set[OpenSocket] = set()
        self.throttle: Throttle = Throttle(clients.time_budget)
        self._refusals = Refusals()

    def respond(self, request: Request) -> Response | None:
        """Return the response; None for an admitted request for a socket, messages over HTTP, or a download."""
        return self.check_host(request) or file(request) or self._check_key(request) or self._respond(request)

    def check_host(self, request: Request) -> Response | None:
        """Return a refusal if the request's host name is not the server's; otherwise None.

        Behind a proxy, both the name in ``Host`` and the name from the proxy are checked: a page of another site can
        set any header except ``Host``.
        """
        named = request.headers.get("Host", "")
        peer = request.peer if named else ""  # browsers always name a host
        for host in (request.host, named):
            if not self.host_policy.knows(host, peer):
                return self._refusals.host(request, host, local=self.host_policy.local_peers_only)
        return None

    def _respond(self, request: Request) -> Response | None:
        if request.purpose in {SOCKET, EXCHANGE}:
            if self.host_policy.admits(request):
                return (
                    None
                    if (request.method == "POST") == (request.purpose == EXCHANGE)
                    else error_response(405, "Use POST to send messages.")
                )
            return self._refusals.origin(request)
        if request.purpose == FILE:
            # Other methods do not use up the address, which works for one request.
            return None if request.method == "GET" else error_response(405, "Use GET to download files.")
        if request.purpose not in {None, MANIFEST} or request.method not in {"GET", "HEAD"}:
            return error_response(404, "This page does not exist.")
        return self._document(request)

    def _check_key(self, request: Request) -> Response | None:
        key = self._key
        if key is None:
            return None
        token = request.query.get("token")
        if token is not None and request.purpose is None and request.method == "GET":
            cookie = key.exchange(token)
            if cookie is not None:
                return _redirect(request, {"Set-Cookie": cookie})
        if not key.opens(request):
            return self._refusals(
                403,
                "This page belongs to the script that opened it. Its link works once, in one browser.",
                "key",
            )
        return None if token is None else _redirect(request, {})

    def _document(self, request: Request) -> Response:
        head = self._head(request)
        if head is None:
            return error_response(404, f"There is no app {request.app!r:.200}.")
        if request.purpose == MANIFEST:
            return (
                error_response(404, "There is no manifest.")
                if head.manifest is None
                else manifest(head, request.app)
            )
        return document(
            head,
            app=request.app,
            protocol=self._protocol,
            poll_timeout=self.poll_timeout,
            notes=self._notes,
            policy=policy(request.host, self.host_policy.origins, self._sources),
        )


def _redirect(request: Request, headers: dict[str, str]) -> Response:
    """Return a redirect to the same page without the token."""
    rest = urlencode({name: value for name, value in request.query.items() if name != "token"})
    # One slash only: with two, the address would begin with another host.
    location = "/" + request.path.lstrip("/\\") + (f"?{rest}" if rest else "")
    lasting = {"Location": location, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return Response(302, b"", {**lasting, **headers})

"""Endpoints on WSGI servers, which have a thread for each request and no sockets."""

from __future__ import annotations

import threading
from time import thread_time
from typing import TYPE_CHECKING, Protocol

from nbsession._core.complaints import complain
from nbsession._server.endpoint import EXCHANGE
from nbsession._server.event_loop.polling import LARGEST_BODY
from nbsession._server.files.transfers import FILE, TOKEN
from nbsession._server.http.refusals import Refusals
from nbsession._server.http.request import Response, error_response
from nbsession._server.pages.http_connections import HOLD, UnknownPageError, patience
from nbsession._server.pages.throttle import Turns
from nbsession._server.wire.envelope import join

from .wsgi_file import FileBody
from .wsgi_threads import Threads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from nbsession._server.endpoint import Endpoint
    from nbsession._server.http.request import Request

_ALONE = (
    "This server answers one request at a time, so it cannot keep sessions. Serve the application with one process and "
    "several threads, for example: gunicorn --worker-class gthread --workers 1 --threads 16. (Several processes need "
    "stickiness: a proxy that sends each visitor to the same process. With ASGI, use nbsession.platform.starlette.)"
)
_ELSEWHERE = (
    "This session has expired, or belongs to another process of the server: reload the page to start a new one. (For "
    "the administrator: a server with several processes cannot keep sessions without stickiness. Run one process with "
    "several threads, for example gunicorn --worker-class gthread --workers 1 --threads 16; or several of these, each "
    "on its own port, behind a proxy that sends each visitor to the same one.)"
)

# Seconds that a thread waits for a page's turn.
_LATE = 5.0


class Body(Protocol):
    """A source of a request's body."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes; an empty result is the end."""
        ...


class WsgiEndpoint:
    """An endpoint on a WSGI server.

    Parameters
    ----------
    endpoint : callable
        Returns the endpoint. It is called at the first request, because servers fork before that.
    threads : int, optional
        The server's number of threads.
    """

    def __init__(self, endpoint: Callable[[], Endpoint], threads: int | None = None) -> None:
        self._make_endpoint = endpoint
        self._endpoint: Endpoint | None = None
        self._lock = threading.Lock()
        self._threads = Threads(threads)
        self._refusals = Refusals()

    @property
    def endpoint(self) -> Endpoint:
        with self._lock:
            if self._endpoint is None:
                self._endpoint = self._make_endpoint()
            return self._endpoint

    def respond(self, request: Request, environ: Mapping[str, Any], body: Body) -> Response | FileBody:
        """Return the response to a request.

        Parameters
        ----------
        request : Request
            The request.
        environ : mapping
            The WSGI environment, whose entries about threads and processes are checked.
        body
            The source of the request's body.
        """
        if not environ.get("wsgi.multithread"):
            return self._refusals(409, _ALONE, "alone")
        with self._threads.at_work():
            endpoint = self.endpoint
            response = endpoint.respond(request)
            if response is not None:
                return response
            if request.purpose == FILE:
                return _file(endpoint, request)
            if request.purpose == EXCHANGE:
                return self._exchange(endpoint, request, body, several=bool(environ.get("wsgi.multiprocess")))
            return error_response(404, "This server does not support WebSockets; pages use HTTP.")

    def _exchange(self, endpoint: Endpoint, request: Request, body: Body, *, several: bool) -> Response:
        said = _read(body)
        if said is None:
            return error_response(413, "The request is too large.")
        turns = Turns(endpoint.throttle, endpoint.http_connections.allowance(request))
        if said and not self._may(turns, len(said)):
            return error_response(429, "The server is busy with other pages.")
        began = thread_time()
        try:
            connection = endpoint.http_connections.receive(request, said, must_be_known=several)
        except UnknownPageError:
            return self._refusals(409, _ELSEWHERE, "elsewhere")
        except ValueError as error:
            complain("a page sent a message that violates the protocol: %s", error)
            return error_response(400, "The message violates the protocol.")
        finally:
            if said:  # a poll does not count as activity
                turns.charge(began)
        if connection is None:
            return Response(204)
        headers = {"Content-Type": "application/octet-stream", "Cache-Control": "no-store"}
        news = threading.Event()
        wake = news.set
        connection.listen(wake)
        seconds = patience(request, said, endpoint.poll_timeout)
        if said:
            news.wait(seconds)
        elif seconds:
            with self._threads.hold() as held:
                if held:
                    news.wait(seconds)
                else:
                    headers[HOLD] = "0"
        return Response(200, join(connection.take(wake)), headers)

    def _may(self, turns: Turns, size: int) -> bool:
        if turns.admits(size):
            return True
        with self._threads.be_late() as may:
            return may and turns.wait(_LATE)


def _file(endpoint: Endpoint, request: Request) -> Response | FileBody:
    transfer = endpoint.clients.transfers.take(request.query.get(TOKEN, ""))
    if transfer is None:
        return error_response(404, "There is no such file, or it has been fetched already.")
    return FileBody(transfer)


def _read(body: Body) -> bytes | None:
    """Return the request's body; None if it is too large."""
    parts: list[bytes] = []
    left = LARGEST_BODY + 1
    while left and (part := body.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts) if left else None

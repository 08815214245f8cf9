"""A page's request with messages, on an event loop."""

from __future__ import annotations

import asyncio
from time import thread_time
from typing import TYPE_CHECKING

from nbsession._core.complaints import complain
from nbsession._server.http.request import Response, error_response
from nbsession._server.pages.http_connections import patience
from nbsession._server.pages.throttle import Turns
from nbsession._server.wire.envelope import LARGEST, join

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable

    from nbsession._server.endpoint import Endpoint
    from nbsession._server.http.request import Request
    from nbsession._server.pages.http_connections import HttpConnection
    from nbsession._sync.waiter import FutureWake

# Limits of a request's body: size in bytes, and seconds until it must be complete.
LARGEST_BODY = 8 * LARGEST
BODY_WITHIN = 60.0


async def read_body(endpoint: Endpoint, request: Request, pieces: AsyncIterable[bytes]) -> bytes | Response:
    """Return a request's body, or a response if the body is too large, too slow, or incomplete.

    A page's last message is often incomplete: the browser closes its connections, and servers then drop what has
    arrived.
    """
    try:
        return await asyncio.wait_for(_read(pieces), BODY_WITHIN)
    except ValueError:
        return error_response(413, "The request is too large.")
    except asyncio.TimeoutError:
        return error_response(408, "The request did not arrive in time.")
    except OSError:
        endpoint.http_connections.broke_off(request)
        return error_response(400, "The request is incomplete.")
    except asyncio.CancelledError:  # how aiohttp reports it
        endpoint.http_connections.broke_off(request)
        raise


async def _read(pieces: AsyncIterable[bytes]) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > LARGEST_BODY:
            msg = "a body that is too large"
            raise ValueError(msg)
    return bytes(body)


async def exchange(
    endpoint: Endpoint, request: Request, body: bytes, wake: FutureWake, gone: Callable[[], bool]
) -> Response | None:
    """Process a page's messages, and return the response with messages for the page.

    Parameters
    ----------
    endpoint : Endpoint
        The endpoint that has admitted the request.
    request, body
        The request.
    wake : FutureWake
        Ends the wait when it is called.
    gone : callable
        Returns whether the client has disconnected.

    Returns
    -------
    Response or None
        None if the client has disconnected: its messages are kept for the next request.
    """
    turns = Turns(endpoint.throttle, endpoint.http_connections.allowance(request))
    if body and not turns.admits(len(body)) and not await turns.turn():
        return error_response(429, "The server is busy with other pages.")

    def receive() -> HttpConnection | None:
        began = thread_time()
        try:
            return endpoint.http_connections.receive(request, body)
        finally:
            if body:  # a poll does not count as activity
                turns.charge(began)

    try:
        # Each of several messages may take long to parse.
        connection = await asyncio.to_thread(receive) if len(body) > LARGEST else receive()
    except ValueError as error:
        complain("a page sent a message that violates the protocol: %s", error)
        return error_response(400, "The message violates the protocol.")
    if connection is None:
        return Response(204)
    connection.listen(wake)
    # Not asyncio.wait(): it needs two more turns of the loop for each response.
    late = asyncio.get_running_loop().call_later(patience(request, body, endpoint.poll_timeout), wake)
    try:
        await wake.future
        if gone():
            return None
        headers = {"Content-Type": "application/octet-stream", "Cache-Control": "no-store"}
        return Response(200, join(connection.take(wake)), headers)
    finally:
        late.cancel()
        connection.forget(wake)  # the client has disconnected

"""A page's request that carries messages, on an event loop."""

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

# Bytes that a request may hold, and seconds that it may take to come.
LARGEST_BODY = 8 * LARGEST
BODY_WITHIN = 60.0


async def read_body(endpoint: Endpoint, request: Request, pieces: AsyncIterable[bytes]) -> bytes | Response:
    """Return a request's body, or the answer to one that is too large, too slow, or broke off.

    What a page says last often breaks off: the browser closes its connections, and servers then drop what has come.
    """
    try:
        return await asyncio.wait_for(_read(pieces), BODY_WITHIN)
    except ValueError:
        return error_response(413, "This is too much for one request.")
    except asyncio.TimeoutError:
        return error_response(408, "The request did not come in time.")
    except OSError:
        endpoint.http_connections.broke_off(request)
        return error_response(400, "The request broke off.")
    except asyncio.CancelledError:  # so aiohttp says it
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
    """Take what a page says, and return what it is to hear.

    Parameters
    ----------
    endpoint : Endpoint
        Has admitted it.
    request, body
        The request.
    wake : FutureWake
        Ends the waiting when it is called.
    gone : callable
        Says whether nobody waits for the answer any more.

    Returns
    -------
    Response or None
        None if nobody waits for it: what it would have held is kept for the next request.
    """
    turns = Turns(endpoint.throttle, endpoint.http_connections.allowance(request))
    if body and not turns.admits(len(body)) and not await turns.turn():
        return error_response(429, "The server is busy with other pages.")

    def receive() -> HttpConnection | None:
        began = thread_time()
        try:
            return endpoint.http_connections.receive(request, body)
        finally:
            if body:  # a page that only asks for news is not active
                turns.charge(began)

    try:
        # Several messages may each take long to parse.
        connection = await asyncio.to_thread(receive) if len(body) > LARGEST else receive()
    except ValueError as error:
        complain("a page sent a message that breaks the protocol: %s", error)
        return error_response(400, "This breaks the protocol.")
    if connection is None:
        return Response(204)
    connection.listen(wake)
    # Not asyncio.wait(): it takes the loop two more turns for each answer.
    late = asyncio.get_running_loop().call_later(patience(request, body, endpoint.poll_timeout), wake)
    try:
        await wake.future
        if gone():
            return None
        headers = {"Content-Type": "application/octet-stream", "Cache-Control": "no-store"}
        return Response(200, join(connection.take(wake)), headers)
    finally:
        late.cancel()
        connection.forget(wake)  # nobody waits any more

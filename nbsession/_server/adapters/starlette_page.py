"""The page's path as an ASGI application, based on Starlette."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette import requests, responses
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.websockets import WebSocket, WebSocketDisconnect

from nbsession._server.endpoint import EXCHANGE, SOCKET
from nbsession._server.event_loop.conversation import converse
from nbsession._server.event_loop.polling import exchange, read_body
from nbsession._server.event_loop.sending import send_file
from nbsession._server.files.transfers import TOKEN
from nbsession._server.http.forwarded import as_forwarded
from nbsession._server.http.host_policy import is_address, is_loopback_address
from nbsession._server.http.request import Request, Response, error_response
from nbsession._sync.waiter import FutureWake

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from nbsession._server.endpoint import Endpoint


class PageApp:
    """Responds to requests for the page's path (`Endpoint`).

    Parameters
    ----------
    endpoint : callable
        Returns the endpoint; called on the loop that runs the application.
    xheaders : bool
        Whether to trust a proxy's headers about the visitor.
    """

    def __init__(self, endpoint: Callable[[], Endpoint], *, xheaders: bool) -> None:
        self._endpoint = endpoint
        self._xheaders = xheaders

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._endpoint()
        if scope["type"] == "websocket":
            await self._talk(endpoint, WebSocket(scope, receive, send))
            return
        original = requests.Request(scope, receive, send)
        request = self._request_of(original, original.method)
        response = endpoint.respond(request)
        if response is None and request.purpose == EXCHANGE:
            response = await _exchange(endpoint, request, original)
        elif response is None and request.purpose == SOCKET:
            response = error_response(426, "This address only accepts WebSocket connections.")
        elif response is None:
            response = await _send_file(endpoint, request, original, send)
        if response is not None:
            await _response(response)(scope, receive, send)

    def guard(self, application: ASGIApp) -> ASGIApp:
        """Return an application that rejects requests with a host name that is not the endpoint's."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            request = self._request_of(HTTPConnection(scope), scope.get("method", "GET"))
            response = self._endpoint().check_host(request)
            await (application if response is None else _response(response))(scope, receive, send)

        return guarded

    async def _talk(self, endpoint: Endpoint, socket: WebSocket) -> None:
        request = self._request_of(socket, "GET")
        response = endpoint.respond(request)
        if response is None and request.purpose != SOCKET:
            response = error_response(404, "This address does not accept WebSocket connections.")
        await socket.receive()  # the request to open it
        if response is None:
            await socket.accept()
            await converse(endpoint, request, _Wire(socket))
        else:
            # Responds with 403. Browsers do not show more to a page, and uvicorn logs each denial response as an error.
            await socket.close()

    def _request_of(self, original: HTTPConnection, method: str) -> Request:
        """Convert a Starlette request."""
        client = original.client
        request = Request(
            method=method,
            path=original.url.path,
            query=dict(reversed(original.query_params.multi_items())),
            headers=original.headers,
            cookies=original.cookies,
            host=original.headers.get("Host", ""),
            secure=original.url.scheme in {"https", "wss"},
            user_ip="" if client is None else client.host,
            original=original,
            peer=_peer(original),
        )
        return as_forwarded(request) if self._xheaders else request


def _peer(original: HTTPConnection) -> str:
    """Return the address of the socket's other end.

    By default, uvicorn takes the address from a proxy's headers, which a browser on this machine can also send. In that
    case, the socket's local address shows that both ends are on this machine.
    """
    server, client = original.scope.get("server"), original.client
    own = "" if server is None else str(server[0])
    if is_loopback_address(own):
        return own
    # Real sockets have an address. Only tests use a name here.
    return client.host if client is not None and is_address(own) else ""


class _Wire:
    """A page's WebSocket (`Wire`)."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def receive(self) -> bytes | str | None:
        message = await self._socket.receive()
        if message["type"] != "websocket.receive":
            return None
        content: bytes | None = message.get("bytes")
        text: str | None = message.get("text")
        return text if content is None else content

    async def send(self, message: bytes | str) -> None:
        try:
            if isinstance(message, str):
                await self._socket.send_text(message)
            else:
                await self._socket.send_bytes(message)
        except (RuntimeError, WebSocketDisconnect) as error:
            raise ConnectionResetError from error

    async def close(self, code: int) -> None:
        try:
            await self._socket.close(code)
        except (RuntimeError, OSError, WebSocketDisconnect):
            return  # already closed

    def abort(self) -> None:
        """Do nothing: the server closes the socket when the application returns."""


class _File:
    """The response with a file (`FileResponse`)."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def begin(self, headers: Mapping[str, str]) -> None:
        head = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": 200, "headers": head})

    async def write(self, piece: bytes) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})

    async def finish(self) -> None:
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def cut(self) -> None:
        """Do nothing: the server closes the connection of an incomplete response."""


async def _send_file(
    endpoint: Endpoint, request: Request, original: requests.Request, send: Send
) -> Response | None:
    transfer = endpoint.clients.transfers.take(request.query.get(TOKEN, ""))
    if transfer is None:
        return error_response(404, "There is no such file, or it has been fetched already.")
    watcher = asyncio.create_task(_disconnected(original))
    watcher.add_done_callback(lambda _: transfer.cut())
    try:
        await send_file(transfer, _File(send))
    finally:
        watcher.cancel()
    return None


async def _exchange(endpoint: Endpoint, request: Request, original: requests.Request) -> Response | None:
    try:
        body = await read_body(endpoint, request, original.stream())
    except ClientDisconnect:
        endpoint.http_connections.broke_off(request)
        return None
    if isinstance(body, Response):
        return body
    watcher = asyncio.create_task(_disconnected(original))
    try:
        return await exchange(endpoint, request, body, FutureWake(), watcher.done)
    finally:
        watcher.cancel()


async def _disconnected(original: requests.Request) -> None:
    """Wait until the client has disconnected."""
    while (await original.receive())["type"] != "http.disconnect":
        pass


def _response(response: Response) -> responses.Response:
    return responses.Response(response.body, response.status, dict(response.headers))

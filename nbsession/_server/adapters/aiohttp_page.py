"""The page's handler for aiohttp."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web
from aiohttp.http_exceptions import HttpProcessingError

from nbsession._server.endpoint import EXCHANGE, SOCKET
from nbsession._server.event_loop.conversation import converse
from nbsession._server.event_loop.polling import exchange, read_body
from nbsession._server.event_loop.sending import send_file
from nbsession._server.files.static_files import HEADERS, check_file
from nbsession._server.files.transfers import TOKEN
from nbsession._server.http.forwarded import as_forwarded
from nbsession._server.http.request import Request, Response, error_response
from nbsession._server.wire.envelope import LARGEST
from nbsession._sync.waiter import FutureWake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler, Middleware

    from nbsession._server.endpoint import Endpoint

_SETTINGS: dict[str, Any] = {"heartbeat": 30.0, "compress": False}


class _Wire:
    """A page's WebSocket (`Wire`)."""

    def __init__(self, socket: web.WebSocketResponse, original: web.Request) -> None:
        self._socket = socket
        self._request = original

    async def receive(self) -> bytes | str | None:
        message = await self._socket.receive()
        return message.data if message.type in (WSMsgType.TEXT, WSMsgType.BINARY) else None

    async def send(self, message: bytes | str) -> None:
        if isinstance(message, str):
            await self._socket.send_str(message)
        else:
            await self._socket.send_bytes(message)

    async def close(self, code: int) -> None:
        await self._socket.close(code=code)

    def abort(self) -> None:
        _abort(self._request)


class _File:
    """The response with a file (`FileResponse`)."""

    def __init__(self, original: web.Request) -> None:
        self._request = original
        self.response = web.StreamResponse()
        self.write = self.response.write

    async def begin(self, headers: Mapping[str, str]) -> None:
        self.response.headers.update(headers)
        await self.response.prepare(self._request)

    async def finish(self) -> None:
        await self.response.write_eof()

    def cut(self) -> None:
        _abort(self._request)


def quiet_logger() -> logging.Logger:
    """Return the logger of this package's own servers: aiohttp's, without the errors that visitors can provoke."""
    logger = logging.getLogger("aiohttp.server.nbsession")
    logger.addFilter(_worth_telling)
    return logger


def _worth_telling(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, (HttpProcessingError, web.RequestPayloadError, ConnectionError))


async def respond(
    endpoint: Endpoint, original: web.Request, *, xheaders: bool, websocket_settings: Mapping[str, Any]
) -> web.StreamResponse:
    """Respond to a request for the page's path (`Endpoint`)."""
    request = _request_of(original, xheaders=xheaders)
    response = endpoint.respond(request)
    if response is not None:
        return _response(response)
    if request.purpose == EXCHANGE:
        return await _exchange(endpoint, request, original)
    if request.purpose == SOCKET:
        return await _talk(endpoint, request, original, websocket_settings)
    transfer = endpoint.clients.transfers.take(request.query.get(TOKEN, ""))
    if transfer is None:
        return _response(error_response(404, "There is no such file, or it has been fetched already."))
    file = _File(original)
    await send_file(transfer, file)
    return file.response


def guard(endpoint: Endpoint, *, xheaders: bool) -> Middleware:
    """Return a middleware that rejects requests with a host name that is not the endpoint's."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        refused = endpoint.check_host(_request_of(request, xheaders=xheaders))
        return await handler(request) if refused is None else _response(refused)

    return guard


def files_of(directory: str) -> Middleware:
    """Return a middleware that passes only requests for existing files to the handler of ``/static/``."""

    @web.middleware
    async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = request.match_info.get("filename")
        if name is None:
            return await handler(request)
        refused = check_file(directory, name)
        response = await handler(request) if refused is None else _response(refused)
        response.headers.update(HEADERS)
        return response

    return checked


async def _talk(
    endpoint: Endpoint, request: Request, original: web.Request, settings: Mapping[str, Any]
) -> web.StreamResponse:
    socket = web.WebSocketResponse(**{**_SETTINGS, **settings, "max_msg_size": LARGEST})
    if not socket.can_prepare(original):
        return _response(error_response(426, "This address only accepts WebSocket connections."))
    try:
        await socket.prepare(original)
    except ConnectionError:  # aiohttp would log it as an error
        return web.Response()
    await converse(endpoint, request, _Wire(socket, original))
    return socket


async def _exchange(endpoint: Endpoint, request: Request, original: web.Request) -> web.StreamResponse:
    try:
        body = await read_body(endpoint, request, original.content.iter_any())
    except (HttpProcessingError, web.RequestPayloadError):  # a body that contradicts its headers
        _abort(original)
        return web.Response()
    response = (
        body
        if isinstance(body, Response)
        else await exchange(endpoint, request, body, FutureWake(), lambda: _is_gone(original))
    )
    return web.Response() if response is None else _response(response)


def _abort(original: web.Request) -> None:
    if original.transport is not None:
        original.transport.abort()


def _is_gone(original: web.Request) -> bool:
    return original.transport is None or original.transport.is_closing()


def _response(response: Response) -> web.Response:
    return web.Response(status=response.status, body=response.body, headers=response.headers)


def _request_of(original: web.Request, *, xheaders: bool) -> Request:
    """Convert an aiohttp request."""
    request = Request(
        method=original.method,
        path=original.path,
        query={name: original.query[name] for name in original.query},
        headers=original.headers,
        cookies=original.cookies,
        host=original.host,
        secure=original.secure,
        user_ip=original.remote or "",
        original=original,
        peer=original.remote or "",
    )
    return as_forwarded(request) if xheaders else request

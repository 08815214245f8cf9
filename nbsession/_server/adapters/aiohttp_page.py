"""A page's path on aiohttp."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web
from aiohttp.http_exceptions import HttpProcessingError

from nbsession._server.event_loop.conversation import converse
from nbsession._server.event_loop.polling import exchange, read_body
from nbsession._server.event_loop.sending import send_file
from nbsession._server.files.static_files import HEADERS, check_file
from nbsession._server.files.transfers import TOKEN
from nbsession._server.http.asked import Answer, Asked, refusal
from nbsession._server.http.forwarded import as_forwarded
from nbsession._server.site import EXCHANGE, SOCKET
from nbsession._server.wire.envelope import LARGEST
from nbsession._sync.waiter import FutureWake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler, Middleware

    from nbsession._server.site import Site

_SETTINGS: dict[str, Any] = {"heartbeat": 30.0, "compress": False}


class _Wire:
    """The page's socket (`Wire`)."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket = socket
        self._request = request

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
    """The answer that is a file (`FileAnswer`)."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
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
    """Return a logger for a server of ours: as aiohttp's, without what visitors can have it write as an error."""
    logger = logging.getLogger("aiohttp.server.nbsession")
    logger.addFilter(_worth_telling)
    return logger


def _worth_telling(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, (HttpProcessingError, web.RequestPayloadError, ConnectionError))


async def respond(
    site: Site, request: web.Request, *, xheaders: bool, websocket_settings: Mapping[str, Any]
) -> web.StreamResponse:
    """Answer what a page's path is asked for (`Site`)."""
    asked = _asked_of(request, xheaders=xheaders)
    answer = site.answer(asked)
    if answer is not None:
        return _response(answer)
    if asked.purpose == EXCHANGE:
        return await _exchange(site, asked, request)
    if asked.purpose == SOCKET:
        return await _talk(site, asked, request, websocket_settings)
    transfer = site.visits.transfers.take(asked.query.get(TOKEN, ""))
    if transfer is None:
        return _response(refusal(404, "There is no such file, or it has been fetched already."))
    file = _File(request)
    await send_file(transfer, file)
    return file.response


def guard(site: Site, *, xheaders: bool) -> Middleware:
    """Return what lets only those through who address the site by a name of its own."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = site.check_host(_asked_of(request, xheaders=xheaders))
        return await handler(request) if answer is None else _response(answer)

    return guard


def files_of(directory: str) -> Middleware:
    """Return what lets only requests for files of a directory through to the handler of ``/static/``."""

    @web.middleware
    async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = request.match_info.get("filename")
        if name is None:
            return await handler(request)
        answer = check_file(directory, name)
        response = await handler(request) if answer is None else _response(answer)
        response.headers.update(HEADERS)
        return response

    return checked


async def _talk(
    site: Site, asked: Asked, request: web.Request, settings: Mapping[str, Any]
) -> web.StreamResponse:
    socket = web.WebSocketResponse(**{**_SETTINGS, **settings, "max_msg_size": LARGEST})
    if not socket.can_prepare(request):
        return _response(refusal(426, "A WebSocket is opened here."))
    try:
        await socket.prepare(request)
    except ConnectionError:  # aiohttp would log it as an error
        return web.Response()
    await converse(site, asked, _Wire(socket, request))
    return socket


async def _exchange(site: Site, asked: Asked, request: web.Request) -> web.StreamResponse:
    try:
        body = await read_body(site, asked, request.content.iter_any())
    except (HttpProcessingError, web.RequestPayloadError):  # a body that is not as its head says
        _abort(request)
        return web.Response()
    answer = (
        body
        if isinstance(body, Answer)
        else await exchange(site, asked, body, FutureWake(), lambda: _is_gone(request))
    )
    return web.Response() if answer is None else _response(answer)


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _response(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, body=answer.body, headers=answer.headers)


def _asked_of(request: web.Request, *, xheaders: bool) -> Asked:
    """Return a request in our words."""
    asked = Asked(
        method=request.method,
        path=request.path,
        query={name: request.query[name] for name in request.query},
        headers=request.headers,
        cookies=request.cookies,
        host=request.host,
        secure=request.secure,
        user_ip=request.remote or "",
        request=request,
        peer=request.remote or "",
    )
    return as_forwarded(asked) if xheaders else asked

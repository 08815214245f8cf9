"""Aiohttp: the server of `nbsession.platform.aiohttp`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from nbsession._server.http.prefix import PAGE
from nbsession._server.run.address import BACKLOG
from nbsession._server.run.arguments import keywords_of
from nbsession._server.run.ending import end_sessions, stop_accepting

from .aiohttp_page import files_of, guard, quiet_logger, respond

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from nbsession._server.run.serving import ServerConfig

_RUNNER: dict[str, Any] = {
    "access_log": None,
    "auto_decompress": False,  # pages do not compress requests
    "handler_cancellation": True,  # stop reading a file that the browser no longer fetches
    "logger": quiet_logger(),
    "shutdown_timeout": 2.0,  # for responses in progress at shutdown
}
# If one setting is unknown, aiohttp ignores the known ones as well, and continues.
RUNNER_SETTINGS = keywords_of(web.BaseRunner, web.AppRunner, web.Server, web.RequestHandler) - {"loop"}


class AiohttpServer:
    """A listening server.

    Parameters
    ----------
    config : ServerConfig
        The server's address and options.
    loop : asyncio.AbstractEventLoop
        The server's loop.
    websocket_settings : mapping
        Settings of ``aiohttp.web.WebSocketResponse``.
    """

    def __init__(
        self, config: ServerConfig, loop: asyncio.AbstractEventLoop, *, websocket_settings: Mapping[str, Any]
    ) -> None:
        self.endpoint = endpoint = config.endpoint(loop)
        self.url, self.port = config.address.url, config.address.port
        self._socket = config.address.socket
        xheaders = config.options.trust_xheaders

        async def page(request: web.Request) -> web.StreamResponse:
            return await respond(endpoint, request, xheaders=xheaders, websocket_settings=websocket_settings)

        application = web.Application(middlewares=[guard(endpoint, xheaders=xheaders)])
        application.on_response_prepare.append(_unnamed)
        if config.static_dir is not None:
            application.middlewares.append(files_of(config.static_dir))
            static = application.router.add_static("/static/", config.static_dir)
            application.router.add_get("/{prefix:.+?}/static/{filename:.+}", next(iter(static)).handler)
        application.router.add_route("*", f"/{{prefix:{PAGE}}}", page)
        self._runner = web.AppRunner(application, **{**_RUNNER, **config.settings})

    async def start(self) -> None:
        """Start listening, on the running loop."""
        logging.getLogger("aiohttp.server").addFilter(_worth_telling)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket, backlog=BACKLOG).start()

    async def stop(self, reason: str) -> None:
        """Close all sessions, wait for their deferred functions, and stop listening."""
        await stop_accepting(self._socket)
        await end_sessions(self.endpoint, reason)
        assert self._runner.server is not None
        connections = self._runner.server.connections
        await self._runner.cleanup()
        for connection in connections:  # those whose visitor reads nothing are still open
            if connection.transport is not None:
                connection.transport.abort()


async def _unnamed(_: web.Request, response: web.StreamResponse) -> None:
    """Remove the header that names the server and its version."""
    response.headers.pop("Server", None)


def _worth_telling(record: logging.LogRecord) -> bool:
    """Keep malformed requests and oversized headers out of the log: they are not errors of the server."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))

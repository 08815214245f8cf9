"""Tornado: the server of `nbsession.platform.tornado` and of a process's own pages."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.web import Application

from nbsession._server.http.prefix import PAGE, STATIC
from nbsession._server.run.ending import end_sessions

from .tornado_folder import FolderHandler
from .tornado_socket import PageHandler
from .tornado_static import StaticHandler

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from tornado.web import RequestHandler

    from nbsession._server.endpoint import Endpoint
    from nbsession._server.folder.folder_apps import FolderApps
    from nbsession._server.run.address import Address
    from nbsession._server.run.mounted import Mounted
    from nbsession._server.run.serving import ServerConfig

log = logging.getLogger("nbsession")

# Seconds after which a silent connection is closed.
_SILENT = 60.0
# Size limit in bytes of a body that no handler reads. Pages' messages have a separate limit.
_UNREAD = 64 * 1024
# Seconds between pings: proxies close a WebSocket that is silent for a minute.
PING_EVERY = 30.0
# Settings of tornado's own WebSocket implementation, which pages do not use.
IDLE = {
    "websocket_max_message_size": "max_payload_size is the limit",
    **dict.fromkeys(
        ("websocket_ping_interval", "websocket_ping_timeout"), f"pages are pinged every {PING_EVERY:g} s"
    ),
}


class TornadoServer:
    """A listening server.

    Parameters
    ----------
    endpoint : Endpoint
        The endpoint to serve.
    address : Address
        The address to listen on.
    static_dir : str, optional
        A directory whose files are served under ``/static/``.
    xheaders : bool
        Whether to trust a proxy's headers about the visitor.
    settings : mapping
        Settings of ``tornado.web.Application``.
    folder : FolderApps, optional
        The apps, if each has a path of its own. Otherwise, every path is that of the page, below any prefix.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        address: Address,
        *,
        static_dir: str | None = None,
        xheaders: bool = False,
        settings: Mapping[str, Any] | None = None,
        folder: FolderApps | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.url, self.port = address.url, address.port
        self._socket = address.socket
        page: dict[str, Any] = {"endpoint": endpoint, "xheaders": xheaders, "ping_every": PING_EVERY}
        handlers: list[Any] = [(f"/{PAGE}", PageHandler, page)]
        if folder is not None:
            handlers = [("/.*", FolderHandler, {**page, "folder": folder})]
        if static_dir is not None:
            files = {"path": static_dir, "endpoint": endpoint, "xheaders": xheaders}
            handlers.insert(0, (f"/{STATIC}" if folder is None else "/static/(.*)", StaticHandler, files))
        defaults = {"log_function": _log_request}
        application = Application(handlers, **{**defaults, **(settings or {})})
        self._http = HTTPServer(
            application,
            idle_connection_timeout=_SILENT,
            body_timeout=_SILENT,
            max_body_size=_UNREAD,
        )

    async def start(self) -> None:
        """Start listening, on the running loop."""
        self._http.add_socket(self._socket)

    async def stop(self, reason: str) -> None:
        """Close all sessions, wait for their deferred functions, and stop listening."""
        self._http.stop()
        await end_sessions(self.endpoint, reason)
        await self._http.close_all_connections()


def make_server(
    config: ServerConfig, loop: asyncio.AbstractEventLoop, *, folder: FolderApps | None = None
) -> TornadoServer:
    """Return a server with this configuration."""
    return TornadoServer(
        config.endpoint(loop),
        config.address,
        static_dir=config.static_dir,
        xheaders=config.options.trust_xheaders,
        settings={"serve_traceback": config.options.debug, **config.settings},
        folder=folder,
    )


def make_handler(mounted: Mounted) -> type[PageHandler]:
    """Return a handler for one path of your own application."""

    class Handler(PageHandler):
        def initialize(self) -> None:  # type: ignore[override]
            xheaders = mounted.options.trust_xheaders
            super().initialize(mounted.endpoint, xheaders=xheaders, ping_every=PING_EVERY)

    return Handler


def _log_request(handler: RequestHandler) -> None:
    """Keep requests out of tornado's own log: otherwise a notebook's cell would show every 404."""
    request = handler.request
    log.debug("%d %s %s", handler.get_status(), request.method, request.path)

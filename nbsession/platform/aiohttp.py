"""Apps on aiohttp: in your own application, or on a server. Pages use WebSocket, or HTTP."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, cast

from nbsession.session.brief import BRIEF

from .server.address import BACKLOG
from .server.arguments import MOUNT, SERVER, check_names, check_settings, keywords_of, with_options
from .server.ending import end_sessions
from .server.extra import extra
from .server.mounted import Mounted
from .server.prefix import PAGE
from .server.serving import serve

with extra("aiohttp", "aiohttp"):
    from aiohttp import web
    from aiohttp.http_exceptions import HttpProcessingError

    from .server.aiohttp_page import files_of, guard, quiet_logger, respond

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Mapping

    from typing_extensions import Unpack

    from .server.arguments import MountArguments, ServerArguments
    from .server.handle import ServerHandle
    from .server.serving import Order

_RUNNER: dict[str, Any] = {
    "access_log": None,
    "auto_decompress": False,  # pages do not compress requests
    "handler_cancellation": True,  # stop reading a file that the browser no longer fetches
    "logger": quiet_logger(),
    "shutdown_timeout": 2.0,  # for responses in progress at the end
}
# If one setting is unknown, aiohttp ignores the known ones, too, and continues.
_RUNNER_SETTINGS = keywords_of(web.BaseRunner, web.AppRunner, web.Server, web.RequestHandler) - {"loop"}
_SOCKET_SETTINGS = keywords_of(web.WebSocketResponse)


class Handler(Protocol):
    """A request handler.

    Attributes
    ----------
    close : callable
        ``await close(application)`` closes all sessions: for ``application.on_shutdown``.
    """

    close: Callable[[web.Application], Awaitable[None]]

    def __call__(self, request: web.Request) -> Awaitable[web.StreamResponse]: ...


async def _unnamed(_: web.Request, response: web.StreamResponse) -> None:
    """Remove the header that names the server and its version."""
    response.headers.pop("Server", None)


@with_options(MOUNT)
def handler(
    applications: object,
    *,
    websocket_settings: Mapping[str, Any] | None = None,
    **options: Unpack[MountArguments],
) -> Handler:
    """Return a request handler that serves apps, for your own aiohttp application.

    Parameters
    ----------
    applications
        See `nbsession.platform.tornado.start_server`.
    websocket_settings : mapping, optional
        Of ``aiohttp.web.WebSocketResponse``.
    reconnect_timeout, allowed_origins, check_origin, max_payload_size, session_expire_seconds, max_sessions
        See `nbsession.platform.tornado.start_server`.
    resume_on_reload, trust_xheaders, protocol, allowed_sources, cdn
        See `nbsession.platform.tornado.start_server`.
    debug : bool
        Show visitors the tracebacks of exceptions.
    allowed_hosts : sequence of str, optional
        As for `start_server`. Without it, requests from this machine must use a loopback name, and others may use any
        name. If a proxy runs on this machine, list the names that it passes on, or set ``trust_xheaders``.

    Returns
    -------
    callable
        A handler for one path, for GET and POST: ``add_route("*", path, handler)``. If it is added for GET only, pages
        can use WebSocket only. Coroutine apps run on the loop that is running when the first page connects.
        ``application.on_shutdown.append(handler.close)`` closes all sessions when the server stops. Without it, aiohttp
        first waits 60 s for open pages.

    Examples
    --------
    >>> from aiohttp import web
    >>> from nbsession.platform.aiohttp import handler
    >>> def tool(): ...
    >>> application, page = web.Application(), handler(tool)
    >>> route = application.router.add_route("*", "/tool", page)
    >>> application.on_shutdown.append(page.close)

    Notes
    -----
    Corresponds to ``pywebio.platform.aiohttp.webio_handler``.
    """
    __tracebackhide__ = True
    with BRIEF:
        sockets = check_settings("websocket_settings", websocket_settings, known=_SOCKET_SETTINGS)
        mounted = Mounted("handler", "aiohttp", applications, options)
        xheaders = mounted.options.trust_xheaders

    async def nbsession(request: web.Request) -> web.StreamResponse:
        return await respond(mounted.site, request, xheaders=xheaders, websocket_settings=sockets)

    async def close(_: web.Application) -> None:
        await mounted.close()

    # A function, because aiohttp does not accept callable objects.
    made = cast("Handler", nbsession)
    made.close = close
    return made


webio_handler = handler


class AiohttpServer:
    """One listening server.

    Parameters
    ----------
    order : Order
        The server's address and options.
    loop : asyncio.AbstractEventLoop
        The server's loop.
    websocket_settings : mapping
        Of ``aiohttp.web.WebSocketResponse``.
    """

    def __init__(
        self, order: Order, loop: asyncio.AbstractEventLoop, *, websocket_settings: Mapping[str, Any]
    ) -> None:
        self.site = site = order.site(loop)
        self.url, self.port = order.address.url, order.address.port
        self._socket = order.address.socket
        xheaders = order.options.trust_xheaders

        async def page(request: web.Request) -> web.StreamResponse:
            return await respond(site, request, xheaders=xheaders, websocket_settings=websocket_settings)

        application = web.Application(middlewares=[guard(site, xheaders=xheaders)])
        application.on_response_prepare.append(_unnamed)
        if order.static_dir is not None:
            application.middlewares.append(files_of(order.static_dir))
            static = application.router.add_static("/static/", order.static_dir)
            application.router.add_get("/{prefix:.+?}/static/{filename:.+}", next(iter(static)).handler)
        application.router.add_route("*", f"/{{prefix:{PAGE}}}", page)
        self._runner = web.AppRunner(application, **{**_RUNNER, **order.settings})

    async def start(self) -> None:
        """Start to listen, on the running loop."""
        logging.getLogger("aiohttp.server").addFilter(_worth_telling)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket, backlog=BACKLOG).start()

    async def stop(self, reason: str) -> None:
        """Close all sessions, wait for their deferred functions, and stop listening."""
        await end_sessions(self.site, reason)
        await self._runner.cleanup()


def _worth_telling(record: logging.LogRecord) -> bool:
    """Keep malformed requests and too large headers out of the log: they are not errors of the server."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


@with_options(SERVER)
def start_server(
    applications: object,
    port: int = 8080,
    host: str = "127.0.0.1",
    *,
    websocket_settings: Mapping[str, Any] | None = None,
    aiohttp_settings: Mapping[str, Any] | None = None,
    **options: Unpack[ServerArguments],
) -> ServerHandle | None:
    """Serve apps to many visitors, on aiohttp's server.

    Works like `nbsession.platform.tornado.start_server`, which documents the common options.

    Parameters
    ----------
    applications, port, host
        See `nbsession.platform.tornado.start_server`.
    websocket_settings : mapping, optional
        Of ``aiohttp.web.WebSocketResponse``.
    aiohttp_settings : mapping, optional
        Of ``aiohttp.web.AppRunner``.
    debug, static_dir, auto_open_webbrowser, allowed_hosts, allowed_origins, check_origin, trust_xheaders, protocol
        See `nbsession.platform.tornado.start_server`.
    allowed_sources
        See `nbsession.platform.tornado.start_server`.
    reconnect_timeout, session_expire_seconds, resume_on_reload, max_payload_size, max_sessions, cdn, remote_access
        See `nbsession.platform.tornado.start_server`.

    Returns
    -------
    ServerHandle or None
        If the call does not block: a handle with ``url``, ``port`` and ``close()``.

    Raises
    ------
    TypeError, ValueError
        If an app is not a function, there is no app, two apps have the same name, or an option or its value is not
        valid.
    OSError
        If the port is taken.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> from nbsession.platform.aiohttp import start_server
    >>> def app():
    ...     put_text("hello")
    >>> start_server(app, port=8080)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.platform.aiohttp.start_server``.
    """
    __tracebackhide__ = True
    with BRIEF:
        check_names("start_server", options, SERVER, "aiohttp_settings")
        settings = check_settings("aiohttp_settings", aiohttp_settings, known=_RUNNER_SETTINGS)
        sockets = check_settings("websocket_settings", websocket_settings, known=_SOCKET_SETTINGS)
        make = partial(AiohttpServer, websocket_settings=sockets)
        return serve(make, "aiohttp", applications, port, host, options, settings)

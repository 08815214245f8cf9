"""Apps on aiohttp: in your own application, or on a server. Pages use WebSocket, or HTTP."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, cast

from nbsession._core.brief import BRIEF
from nbsession._server.adapters.extra import extra
from nbsession._server.run.arguments import (
    MOUNT,
    SERVER,
    SERVER_ORDER,
    SOCKET_ORDER,
    check_names,
    check_settings,
    keywords_of,
    named,
    with_options,
)
from nbsession._server.run.mounted import Mounted
from nbsession._server.run.serving import serve

with extra("aiohttp", "aiohttp"):
    from aiohttp import web

    from nbsession._server.adapters.aiohttp_page import respond
    from nbsession._server.adapters.aiohttp_server import RUNNER_SETTINGS, AiohttpServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from typing_extensions import Unpack

    from nbsession._server.run.arguments import MountArguments, ServerArguments
    from nbsession._server.run.handle import ServerHandle

_HANDLER_ORDER = (*SOCKET_ORDER, "max_payload_size", "websocket_settings")
_SERVER_ORDER = (*SERVER_ORDER, "websocket_settings")
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


@with_options(MOUNT, _HANDLER_ORDER)
def handler(
    applications: object,
    *by_position: object,
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
        given = named("handler", _HANDLER_ORDER, by_position, options)
        websockets = given.pop("websocket_settings", websocket_settings)
        sockets = check_settings("websocket_settings", websockets, known=_SOCKET_SETTINGS)
        mounted = Mounted("handler", "aiohttp", applications, given)
        xheaders = mounted.options.trust_xheaders

    async def nbsession(request: web.Request) -> web.StreamResponse:
        return await respond(mounted.endpoint, request, xheaders=xheaders, websocket_settings=sockets)

    async def close(_: web.Application) -> None:
        await mounted.close()

    # A function, because aiohttp does not accept callable objects.
    made = cast("Handler", nbsession)
    made.close = close
    return made


webio_handler = handler


def static_routes(prefix: str = "/") -> list[web.AbstractRouteDef]:  # noqa: ARG001 -- the original's
    """Return no routes: a page's path also serves the files that the page needs.

    Parameters
    ----------
    prefix : str
        Has no effect.

    Returns
    -------
    list
        An empty list, for ``application.add_routes()``.

    Examples
    --------
    >>> from nbsession.platform.aiohttp import static_routes
    >>> static_routes("/static/")
    []

    Notes
    -----
    Corresponds to ``pywebio.platform.aiohttp.static_routes``.
    """
    return []


@with_options(SERVER, _SERVER_ORDER)
def start_server(
    applications: object,
    port: int = 8080,
    host: str = "127.0.0.1",
    *by_position: object,
    websocket_settings: Mapping[str, Any] | None = None,
    aiohttp_settings: Mapping[str, Any] | None = None,
    **options: Unpack[ServerArguments],
) -> ServerHandle | None:
    """Serve apps to many visitors, on aiohttp's server.

    Works like `nbsession.platform.tornado.start_server`, which documents the other parameters, the return value and the
    exceptions.

    Parameters
    ----------
    websocket_settings : mapping, optional
        Of ``aiohttp.web.WebSocketResponse``.
    aiohttp_settings : mapping, optional
        Of ``aiohttp.web.AppRunner``.

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
        given = named("start_server", _SERVER_ORDER, by_position, options)
        websockets = given.pop("websocket_settings", websocket_settings)
        check_names("start_server", given, SERVER, "aiohttp_settings")
        settings = check_settings("aiohttp_settings", aiohttp_settings, known=RUNNER_SETTINGS)
        sockets = check_settings("websocket_settings", websockets, known=_SOCKET_SETTINGS)
        make = partial(AiohttpServer, websocket_settings=sockets)
        return serve(make, "aiohttp", applications, port, host, given, settings)

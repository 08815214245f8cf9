"""Apps on Starlette: in your own Starlette or FastAPI application, or on uvicorn. Pages use WebSocket, or HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from nbsession._core.brief import BRIEF
from nbsession._server.adapters.extra import extra
from nbsession._server.files.static_files import HEADERS
from nbsession._server.http.prefix import is_page, static_name
from nbsession._server.options import existing_directory
from nbsession._server.run.arguments import (
    APPLICATION,
    LISTENS,
    MOUNT,
    RELOADS,
    SERVER,
    SOCKET_ORDER,
    check_names,
    check_settings,
    named,
    with_options,
)
from nbsession._server.run.mounted import Mounted
from nbsession._server.run.serving import serve

with extra("starlette", "starlette"):
    from starlette.applications import Starlette
    from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
    from starlette.staticfiles import StaticFiles

    from nbsession._server.adapters.starlette_page import PageApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from starlette.responses import Response
    from starlette.types import Lifespan, Receive, Scope, Send
    from typing_extensions import Unpack

    from nbsession._server.adapters.uvicorn_server import UvicornServer
    from nbsession._server.run.arguments import ApplicationArguments, MountArguments, ServerArguments
    from nbsession._server.run.handle import ServerHandle
    from nbsession._server.run.serving import ServerConfig

# PyWebIO's orders, which differ from those of the other frameworks.
_SERVER_ORDER = (
    "cdn",
    "reconnect_timeout",
    "static_dir",
    "remote_access",
    "debug",
    "allowed_origins",
    "check_origin",
    "auto_open_webbrowser",
    "max_payload_size",
)
_APPLICATION_ORDER = (
    "cdn",
    "reconnect_timeout",
    "static_dir",
    "debug",
    "allowed_origins",
    "check_origin",
)
# uvicorn applies these only if its own command line starts it.
_IDLE = {
    **dict.fromkeys(("fd", "uds"), LISTENS),
    **dict.fromkeys(("reload", "reload_delay", "reload_dirs", "reload_excludes", "reload_includes"), RELOADS),
    "workers": "sessions live in one process",
}


@with_options(MOUNT, SOCKET_ORDER)
def routes(
    applications: object, *by_position: object, path: str = "/", **options: Unpack[MountArguments]
) -> list[BaseRoute]:
    """Return the routes of a page that serves apps, for your own Starlette or FastAPI application.

    Parameters
    ----------
    applications
        See `nbsession.platform.tornado.start_server`.
    path : str
        The page's path in the application.
    reconnect_timeout, allowed_origins, check_origin, max_payload_size, session_expire_seconds, max_sessions
        See `nbsession.platform.tornado.start_server`.
    resume_on_reload, trust_xheaders, protocol, allowed_sources, cdn
        See `nbsession.platform.tornado.start_server`. Uvicorn itself trusts proxies on this machine.
    debug : bool
        Show visitors the tracebacks of exceptions.
    allowed_hosts : sequence of str, optional
        As for `start_server`. Without it, requests from this machine must use a loopback name, and others may use any
        name. If a proxy runs on this machine, list the names that it passes on, or set ``trust_xheaders``.

    Returns
    -------
    list of starlette.routing.BaseRoute
        Coroutine apps run on the loop that is running when the first page connects.

    Examples
    --------
    >>> from nbsession.platform.starlette import routes
    >>> from starlette.applications import Starlette
    >>> def tool(): ...
    >>> application = Starlette(routes=[*routes(tool, path="/tool")])

    Notes
    -----
    Corresponds to ``pywebio.platform.fastapi.webio_routes``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("routes", SOCKET_ORDER, by_position, options)
        return _page(_page_app(Mounted("routes", "starlette", applications, given)), path)


webio_routes = routes


def _page_app(mounted: Mounted) -> PageApp:
    return PageApp(lambda: mounted.endpoint, xheaders=mounted.options.trust_xheaders)


def _page(page: PageApp, path: str) -> list[BaseRoute]:
    return [
        Route(path, page, name="nbsession", include_in_schema=False),
        WebSocketRoute(path, page, name="nbsession socket"),
    ]


@with_options(APPLICATION, _APPLICATION_ORDER)
def asgi_app(
    applications: object,
    *by_position: object,
    **options: Unpack[ApplicationArguments],
) -> Starlette:
    """Return an ASGI application that serves apps at its root, to be mounted or run by an ASGI server.

    Parameters
    ----------
    applications
        See `nbsession.platform.tornado.start_server`.
    static_dir : str, optional
        A directory whose files are served under ``/static/``.
    **options
        See `routes`.

    Returns
    -------
    starlette.applications.Starlette
        The application. If a server runs it directly, it closes all sessions when the server stops. A mounted
        application does not learn of this, unless your application enters its ``router.lifespan_context``.

    Examples
    --------
    >>> from fastapi import FastAPI
    >>> from nbsession.platform.starlette import asgi_app
    >>> def tool(): ...
    >>> application = FastAPI()
    >>> application.mount("/tool", asgi_app(tool))

    Notes
    -----
    Corresponds to ``pywebio.platform.fastapi.asgi_app``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("asgi_app", _APPLICATION_ORDER, by_position, options)
        directory = existing_directory(given.pop("static_dir", None))
        mounted = Mounted("asgi_app", "starlette", applications, given)

        @contextlib.asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            yield
            await mounted.close()

        return _application(_page_app(mounted), directory, lifespan)


class _Files(StaticFiles):
    """Starlette's own, which does not leave the directory, with ``nosniff`` in its responses."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(HEADERS)
        return response


def _application(
    page: PageApp, static_dir: str | None, lifespan: Lifespan[Starlette] | None = None
) -> Starlette:
    routes = _page(page, "/")
    files = None
    if static_dir is not None:
        files = Mount("/static", page.guard(_Files(directory=static_dir)))
        routes.append(files)
    application = Starlette(routes=routes, lifespan=lifespan)
    not_found = application.router.default

    async def under_a_prefix(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        name = None if files is None else static_name(path)
        if files is not None and name is not None and scope["type"] == "http":
            root = path[: len(path) - len(name) - 1]
            await files.app({**scope, "root_path": root}, receive, send)
        elif is_page(path):
            await page(scope, receive, send)
        else:
            await not_found(scope, receive, send)

    # For paths without a route: your own routes come first.
    application.router.default = under_a_prefix
    return application


def _make(config: ServerConfig, loop: asyncio.AbstractEventLoop) -> UvicornServer:
    # Other servers run applications, too.
    from nbsession._server.adapters.uvicorn_server import UvicornServer  # noqa: PLC0415

    endpoint = config.endpoint(loop)
    page = PageApp(lambda: endpoint, xheaders=config.options.trust_xheaders)
    application = _application(page, config.static_dir)
    return UvicornServer(endpoint, config.address, application, config.settings)


@with_options(SERVER, _SERVER_ORDER)
def start_server(
    applications: object,
    port: int = 8080,
    host: str = "127.0.0.1",
    *by_position: object,
    uvicorn_settings: Mapping[str, Any] | None = None,
    **options: Unpack[ServerArguments],
) -> ServerHandle | None:
    """Serve apps to many visitors, by a Starlette application on uvicorn.

    Works like `nbsession.platform.tornado.start_server`, which documents the other parameters, the return value and the
    exceptions.

    Parameters
    ----------
    uvicorn_settings : mapping, optional
        Of ``uvicorn.Config``: ``{"ssl_certfile": ..., "log_level": ...}``.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> from nbsession.platform.starlette import start_server
    >>> def app():
    ...     put_text("hello")
    >>> start_server(app, port=8080)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.platform.fastapi.start_server``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("start_server", _SERVER_ORDER, by_position, options)
        check_names("start_server", given, SERVER, "uvicorn_settings")
        settings = check_settings("uvicorn_settings", uvicorn_settings, idle=_IDLE)
        return serve(_make, "starlette", applications, port, host, given, settings)

"""Apps on Flask: in your own application, or on a server (waitress). Pages use HTTP."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from nbsession._core.brief import BRIEF
from nbsession._server.adapters.extra import extra
from nbsession._server.adapters.wsgi import WsgiEndpoint
from nbsession._server.adapters.wsgi_file import FileBody
from nbsession._server.adapters.wsgi_mounted import (
    APPLICATION_ORDER,
    IDLE,
    SERVER_ORDER,
    THREADS,
    VIEW_ORDER,
    WSGI_MOUNT,
    WsgiMounted,
    check_protocol,
)
from nbsession._server.files.static_files import HEADERS, check_file
from nbsession._server.http.forwarded import as_forwarded
from nbsession._server.http.prefix import PAGE
from nbsession._server.http.request import Request, Response
from nbsession._server.options import existing_directory
from nbsession._server.run.arguments import SERVER, check_names, check_settings, named, with_options
from nbsession._server.run.serving import serve

from ._run_event_loop import run_event_loop as run_event_loop  # noqa: PLC0414 -- PyWebIO has it here, too

with extra("flask", "flask"):
    from flask import Flask, request, wrappers
    from werkzeug.routing import BaseConverter

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    from typing_extensions import Unpack

    from nbsession._server.adapters.waitress_server import WaitressServer
    from nbsession._server.run.arguments import ApplicationArguments, MountArguments, ServerArguments
    from nbsession._server.run.handle import ServerHandle
    from nbsession._server.run.serving import ServerConfig


_APPLICATION_ORDER = (*APPLICATION_ORDER, "max_payload_size")
# The endpoints of files, at the root and below the prefix of a proxy.
_STATIC = {"static", "nbsession-static"}


def _current_request(*, xheaders: bool) -> Request:
    """Return the current request in nbsession's terms."""
    converted = Request(
        method=request.method,
        path=request.root_path + request.path,
        query=request.args.to_dict(),
        headers=cast("Mapping[str, str]", request.headers),
        cookies=request.cookies,
        host=request.host,
        secure=request.is_secure,
        user_ip=request.remote_addr or "",
        original=request._get_current_object(),  # type: ignore[attr-defined]
        # werkzeug's ProxyFix has replaced it, so the program has declared a proxy.
        peer="" if "werkzeug.proxy_fix.orig" in request.environ else request.remote_addr or "",
    )
    return as_forwarded(converted) if xheaders else converted


def _respond(endpoint: WsgiEndpoint, *, xheaders: bool) -> wrappers.Response:
    """Answer the current request."""
    response = endpoint.respond(_current_request(xheaders=xheaders), request.environ, request.stream)
    if isinstance(response, FileBody):
        return wrappers.Response(response, headers=response.headers, direct_passthrough=True)
    return _response(response)


def _response(response: Response) -> wrappers.Response:
    return wrappers.Response(response.body, response.status, response.headers)


def _view(endpoint: WsgiEndpoint, *, xheaders: bool) -> Callable[..., wrappers.Response]:
    def nbsession(**_: object) -> wrappers.Response:
        return _respond(endpoint, xheaders=xheaders)

    # Flask's add_url_rule() uses these if its call names no methods.
    nbsession.methods = ["GET", "POST"]  # type: ignore[attr-defined]
    nbsession.provide_automatic_options = False  # type: ignore[attr-defined]
    return nbsession


@with_options(WSGI_MOUNT, VIEW_ORDER)
def view(
    applications: object,
    *by_position: object,
    threads: int | None = None,
    **options: Unpack[MountArguments],
) -> Callable[..., wrappers.Response]:
    """Return a view that serves apps, for your own Flask application.

    Parameters
    ----------
    applications
        See `start_server`.
    threads : int, optional
        The number of the server's threads. At most half of them hold polls. Without it, the highest number of threads
        that were seen at work at the same time counts.
    reconnect_timeout, allowed_origins, check_origin, max_payload_size, session_expire_seconds, max_sessions
        See `start_server`.
    resume_on_reload, trust_xheaders, cdn
        See `start_server`. With werkzeug's ``ProxyFix``, ``trust_xheaders`` is not needed.
    debug : bool
        Show visitors the tracebacks of exceptions.
    allowed_hosts : sequence of str, optional
        As for `start_server`. Without it, requests from this machine must use a loopback name, and others may use any
        name. If a proxy runs on this machine, list the names that it passes on, or set ``trust_xheaders``.

    Returns
    -------
    callable
        A view for one rule, with the methods that it needs. Coroutine apps run on a loop in a separate thread. A server
        that cannot keep sessions, with several processes or without threads, responds with 409 and advice.

    Examples
    --------
    >>> from flask import Flask
    >>> from nbsession.platform.flask import view
    >>> def tool(): ...
    >>> application = Flask(__name__)
    >>> application.add_url_rule("/tool", "tool", view(tool))

    Notes
    -----
    Corresponds to ``pywebio.platform.flask.webio_view``. With Flask-WTF's ``CSRFProtect``, exempt the view: it checks
    the ``Origin`` of requests itself.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("view", VIEW_ORDER, by_position, options)
        mounted = WsgiMounted("view", "flask", applications, threads, given)
        return _view(mounted.endpoint, xheaders=mounted.options.trust_xheaders)


webio_view = view


@with_options(WSGI_MOUNT | {"static_dir"}, _APPLICATION_ORDER)
def wsgi_app(
    applications: object,
    *by_position: object,
    threads: int | None = None,
    **options: Unpack[ApplicationArguments],
) -> Flask:
    """Return a Flask application that serves apps at its root, for a WSGI server: gunicorn, waitress, mod_wsgi.

    Parameters
    ----------
    applications
        See `start_server`.
    static_dir : str, optional
        A directory whose files are served under ``/static/``.
    threads
        See `view`.
    **options
        See `view`.

    Returns
    -------
    flask.Flask
        The application.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> from nbsession.platform.flask import wsgi_app
    >>> def app():
    ...     put_text("hello")
    >>> application = wsgi_app(
    ...     app, threads=16
    ... )  # gunicorn --worker-class gthread --threads 16 module:application

    Notes
    -----
    Corresponds to ``pywebio.platform.flask.wsgi_app``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("wsgi_app", _APPLICATION_ORDER, by_position, options)
        directory = existing_directory(given.pop("static_dir", None))
        mounted = WsgiMounted("wsgi_app", "flask", applications, threads, given)
        return _application(mounted.endpoint, directory, xheaders=mounted.options.trust_xheaders)


class _Page(BaseConverter):
    """A path of the page."""

    regex = PAGE
    part_isolating = False


def _application(endpoint: WsgiEndpoint, static_dir: str | None, *, xheaders: bool) -> Flask:
    # Flask would resolve a relative path in this package.
    folder = None if static_dir is None else str(Path(static_dir).resolve())
    application = Flask(__name__, static_folder=folder, static_url_path="/static" if folder else None)
    page = _view(endpoint, xheaders=xheaders)
    application.add_url_rule("/", "nbsession", page)
    # Under the prefix of a proxy.
    application.url_map.converters["nbsession"] = _Page
    application.add_url_rule("/<nbsession:prefix>", "nbsession", page)
    if folder is not None:

        def static(prefix: str, filename: str) -> wrappers.Response:  # noqa: ARG001 -- Flask names them
            return application.send_static_file(filename)

        application.add_url_rule("/<path:prefix>/static/<path:filename>", "nbsession-static", static)

    @application.before_request
    def check_host() -> wrappers.Response | None:
        if request.endpoint not in _STATIC:  # the page checks the rest itself
            return None
        response = endpoint.endpoint.check_host(_current_request(xheaders=xheaders))
        if response is None:
            response = check_file(
                application.static_folder or "", (request.view_args or {}).get("filename", "")
            )
        return None if response is None else _response(response)

    @application.after_request
    def mark_files(response: wrappers.Response) -> wrappers.Response:
        if request.endpoint in _STATIC:
            response.headers.update(HEADERS)
        return response

    return application


def _make(config: ServerConfig, loop: asyncio.AbstractEventLoop, *, threads: int) -> WaitressServer:
    with extra("flask", "waitress"):
        from nbsession._server.adapters.waitress_server import WaitressServer  # noqa: PLC0415 -- other servers need it not

    endpoint = config.endpoint(loop)
    application = _application(
        WsgiEndpoint(lambda: endpoint, threads), config.static_dir, xheaders=config.options.trust_xheaders
    )
    return WaitressServer(endpoint, config.address, application, {**config.settings, "threads": threads})


@with_options(SERVER - {"protocol"}, SERVER_ORDER)
def start_server(
    applications: object,
    port: int = 8080,
    host: str = "127.0.0.1",
    *by_position: object,
    threads: int = THREADS,
    waitress_settings: Mapping[str, Any] | None = None,
    **options: Unpack[ServerArguments],
) -> ServerHandle | None:
    """Serve apps to many visitors, by a Flask application on waitress.

    Works like `nbsession.platform.tornado.start_server`, which documents the other parameters, the return value and the
    exceptions. Pages use HTTP. Coroutine apps run on an event loop of the server, so plain ``await`` works in them.

    Parameters
    ----------
    threads : int
        The number of threads that answer requests. Half of them may hold polls. The pages of further visitors poll
        once every ``http_pull_interval`` (`set_env`).
    waitress_settings : mapping, optional
        Of waitress: ``{"connection_limit": ..., "channel_timeout": ...}``.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> from nbsession.platform.flask import start_server
    >>> def app():
    ...     put_text("hello")
    >>> start_server(app, port=8080)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.platform.flask.start_server``, which runs on Flask's development server.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("start_server", SERVER_ORDER, by_position, options)
        check_protocol("flask", given)
        check_names("start_server", given, SERVER, "waitress_settings")
        settings = check_settings("waitress_settings", waitress_settings, idle=IDLE)
        make = partial(_make, threads=threads)
        return serve(make, "flask", applications, port, host, given, settings, protocol="http")

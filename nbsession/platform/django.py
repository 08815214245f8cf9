"""Apps on Django: in your own project, or on a server (waitress). Pages use HTTP."""

from __future__ import annotations

import logging
import os
import secrets
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from nbsession._core.brief import BRIEF
from nbsession._server.adapters.extra import extra
from nbsession._server.adapters.wsgi import WsgiEndpoint
from nbsession._server.adapters.wsgi_file import FileBody
from nbsession._server.adapters.wsgi_mounted import (
    APPLICATION_ORDER,
    SERVER_ORDER,
    THREADS,
    VIEW_ORDER,
    WSGI_MOUNT,
    WsgiMounted,
    check_protocol,
)
from nbsession._server.files.static_files import HEADERS, check_file
from nbsession._server.http.forwarded import as_forwarded
from nbsession._server.http.prefix import PAGE, STATIC
from nbsession._server.http.request import Request, Response, error_response
from nbsession._server.options import existing_directory
from nbsession._server.run.arguments import SERVER, check_names, check_settings, named, with_options
from nbsession._server.run.serving import serve

from ._run_event_loop import run_event_loop as run_event_loop  # noqa: PLC0414 -- PyWebIO has it here, too

with extra("django", "django"):
    import django
    from django.conf import settings
    from django.core.exceptions import SuspiciousOperation
    from django.core.handlers.wsgi import WSGIHandler
    from django.db.transaction import non_atomic_requests
    from django.http import HttpResponse, StreamingHttpResponse
    from django.http.request import split_domain_port, validate_host
    from django.http.response import HttpResponseBase
    from django.urls import re_path
    from django.views.decorators.csrf import csrf_exempt
    from django.views.static import serve as serve_static

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest
    from typing_extensions import Unpack

    from nbsession._server.adapters.waitress_server import WaitressServer
    from nbsession._server.run.arguments import ApplicationArguments, MountArguments, ServerArguments
    from nbsession._server.run.handle import ServerHandle
    from nbsession._server.run.serving import ServerConfig

_APPLICATION_ORDER = (*APPLICATION_ORDER, "debug", "max_payload_size")


def _request_of(request: HttpRequest, *, xheaders: bool) -> Request:
    """Return a request in nbsession's terms."""
    converted = Request(
        method=request.method or "",
        path=request.path,
        query={name: values[0] for name, values in request.GET.lists() if values},
        headers=request.headers,
        cookies=request.COOKIES,
        host=request.get_host(),
        secure=request.is_secure(),
        user_ip=request.META.get("REMOTE_ADDR", ""),
        original=request,
        peer=_peer(request),
    )
    return as_forwarded(converted) if xheaders else converted


def _peer(request: HttpRequest) -> str:
    """Return the address of the socket's peer; none if the project itself allows the requested name.

    The address does not matter then. Nor does it if the request has no name, as with Django's test client.
    """
    listed = [name for name in settings.ALLOWED_HOSTS if name != "*"]
    if "HTTP_HOST" not in request.META or validate_host(split_domain_port(request.get_host())[0], listed):
        return ""
    address: str = request.META.get("REMOTE_ADDR", "")
    return address


def _respond(request: HttpRequest, endpoint: WsgiEndpoint, *, xheaders: bool) -> HttpResponseBase:
    """Answer a request."""
    answer = endpoint.respond(_request_of(request, xheaders=xheaders), request.META, request)
    if isinstance(answer, FileBody):
        return StreamingHttpResponse(answer, headers=answer.headers)
    return _response(answer)


def _response(answer: Response) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))
    if answer.status != HTTPStatus.NO_CONTENT:
        # Django does not send the length of a response: even an empty one would be sent in chunks.
        response["Content-Length"] = str(len(answer.body))
    return response


def _view(endpoint: WsgiEndpoint, *, xheaders: bool) -> Callable[..., HttpResponseBase]:
    def nbsession(request: HttpRequest, **_: object) -> HttpResponseBase:
        return _respond(request, endpoint, xheaders=xheaders)

    # The view checks the origin of requests itself, and holds no transaction while a page waits.
    exempt: Callable[..., HttpResponseBase] = csrf_exempt(non_atomic_requests(nbsession))
    return exempt


@with_options(WSGI_MOUNT, VIEW_ORDER)
def view(
    applications: object,
    *by_position: object,
    threads: int | None = None,
    **options: Unpack[MountArguments],
) -> Callable[..., HttpResponseBase]:
    """Return a view that serves apps, for your own Django project.

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
        See `start_server`. Django's own ``USE_X_FORWARDED_HOST`` and ``SECURE_PROXY_SSL_HEADER`` apply, too.
    debug : bool
        Show visitors the tracebacks of exceptions.
    allowed_hosts : sequence of str, optional
        As for `start_server`. Without it, the names in Django's ``ALLOWED_HOSTS`` are accepted. If that is ``"*"``,
        requests from this machine must use a loopback name. If a proxy runs on this machine, list the names that it
        passes on, here or in ``ALLOWED_HOSTS``, or set ``trust_xheaders``.

    Returns
    -------
    callable
        A view for one path. Coroutine apps run on a loop in a separate thread. A server that cannot keep sessions, with
        several processes or without threads, responds with 409 and advice.

    Examples
    --------
    >>> from django.urls import path
    >>> from nbsession.platform.django import view
    >>> def tool(): ...
    >>> urlpatterns = [path("tool", view(tool))]

    Notes
    -----
    Corresponds to ``pywebio.platform.django.webio_view``. The view is exempt from Django's CSRF check: it checks the
    ``Origin`` of requests itself. ``login_required(view(tool))`` works.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("view", VIEW_ORDER, by_position, options)
        mounted = WsgiMounted("view", "django", applications, threads, given)
        return _view(mounted.endpoint, xheaders=mounted.options.trust_xheaders)


webio_view = view


class _Urls(tuple[Any, ...]):
    """nbsession's URLs."""

    __slots__ = ()


def _worth_telling(record: logging.LogRecord) -> bool:
    """Keep refusals of nbsession's own server out of the log."""
    ours = isinstance(getattr(getattr(record, "request", None), "urlconf", None), _Urls)
    return not (ours and getattr(record, "status_code", 0) < HTTPStatus.INTERNAL_SERVER_ERROR)


class _Handler(WSGIHandler):  # type: ignore[misc]
    """Django's own handler, with URLs outside of the project."""

    def __init__(self, endpoint: WsgiEndpoint, static_dir: str | None, *, xheaders: bool) -> None:
        super().__init__()
        urls = []
        if static_dir is not None:

            def static(request: HttpRequest, path: str) -> HttpResponseBase:
                answer = endpoint.endpoint.check_host(_request_of(request, xheaders=xheaders))
                if answer is None:
                    answer = check_file(static_dir, path)
                if answer is not None:
                    return _response(answer)
                served: HttpResponseBase = serve_static(request, path, document_root=static_dir)
                for name, value in HEADERS.items():
                    served.headers[name] = value
                return served

            urls.append(re_path(f"^{STATIC}$", static))
        urls.append(re_path(f"^{PAGE}$", _view(endpoint, xheaders=xheaders)))
        self._urls = _Urls(urls)

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        request.urlconf = self._urls
        try:  # before Django does, which logs an error
            request.get_host()
            _ = request.GET
        except SuspiciousOperation:
            return _response(error_response(400, "This request is malformed."))
        response: HttpResponseBase = super().get_response(request)
        return response


def _set_up(given: Mapping[str, object]) -> None:
    """Configure Django if no project has done so."""
    if not settings.configured and not os.environ.get("DJANGO_SETTINGS_MODULE"):
        # The endpoint checks the host name of requests.
        ours = {"ALLOWED_HOSTS": ["*"], "ROOT_URLCONF": (), "SECRET_KEY": secrets.token_urlsafe()}
        settings.configure(**{**ours, **given})
    elif given:
        msg = f"Django is configured by its project: put {', '.join(given)} into the project's settings"
        raise TypeError(msg)
    django.setup(set_prefix=False)
    logging.getLogger("django.request").addFilter(_worth_telling)


@with_options(WSGI_MOUNT | {"static_dir"}, _APPLICATION_ORDER)
def wsgi_app(
    applications: object,
    *by_position: object,
    threads: int | None = None,
    django_settings: Mapping[str, Any] | None = None,
    **options: Unpack[ApplicationArguments],
) -> WSGIHandler:
    """Return a WSGI application of Django's that serves apps at its root, for gunicorn, waitress or mod_wsgi.

    Parameters
    ----------
    applications
        See `start_server`.
    static_dir : str, optional
        A directory whose files are served under ``/static/``.
    threads
        See `view`.
    django_settings
        See `start_server`.
    **options
        See `view`.

    Returns
    -------
    django.core.handlers.wsgi.WSGIHandler
        The application. If a project has configured Django, its settings and middleware apply.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> from nbsession.platform.django import wsgi_app
    >>> def app():
    ...     put_text("hello")
    >>> application = wsgi_app(
    ...     app, threads=16
    ... )  # gunicorn --worker-class gthread --threads 16 module:application

    Notes
    -----
    Corresponds to ``pywebio.platform.django.wsgi_app``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("wsgi_app", _APPLICATION_ORDER, by_position, options)
        check_names("wsgi_app", given, WSGI_MOUNT | {"static_dir"}, "django_settings")
        _set_up(check_settings("django_settings", django_settings))
        directory = existing_directory(given.pop("static_dir", None))
        mounted = WsgiMounted("wsgi_app", "django", applications, threads, given)
        return _Handler(mounted.endpoint, directory, xheaders=mounted.options.trust_xheaders)


def _make(config: ServerConfig, loop: asyncio.AbstractEventLoop, *, threads: int) -> WaitressServer:
    with extra("django", "waitress"):
        from nbsession._server.adapters.waitress_server import WaitressServer  # noqa: PLC0415 -- other servers need it not

    _set_up(config.settings)
    endpoint = config.endpoint(loop)
    application = _Handler(
        WsgiEndpoint(lambda: endpoint, threads), config.static_dir, xheaders=config.options.trust_xheaders
    )
    return WaitressServer(endpoint, config.address, application, {"threads": threads})


@with_options(SERVER - {"protocol"}, SERVER_ORDER)
def start_server(
    applications: object,
    port: int = 8080,
    host: str = "127.0.0.1",
    *by_position: object,
    threads: int = THREADS,
    django_settings: Mapping[str, Any] | None = None,
    **options: Unpack[ServerArguments],
) -> ServerHandle | None:
    """Serve apps to many visitors, by a Django application on waitress.

    Works like `nbsession.platform.tornado.start_server`, which documents the other parameters, the return value and the
    exceptions. Pages use HTTP. Coroutine apps run on an event loop of the server, so plain ``await`` works in them.
    This call configures Django unless a project has done so, or ``DJANGO_SETTINGS_MODULE`` names one.

    Parameters
    ----------
    threads : int
        The number of threads that answer requests. Half of them may hold polls. The pages of further visitors poll
        once every ``http_pull_interval`` (`set_env`).
    django_settings : mapping, optional
        Settings of Django: ``{"TIME_ZONE": ..., "INSTALLED_APPS": [...], "DATABASES": {...}}``.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> from nbsession.platform.django import start_server
    >>> def app():
    ...     put_text("hello")
    >>> start_server(app, port=8080)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.platform.django.start_server``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("start_server", SERVER_ORDER, by_position, options)
        check_protocol("django", given)
        check_names("start_server", given, SERVER, "django_settings")
        settings = check_settings("django_settings", django_settings)
        make = partial(_make, threads=threads)
        return serve(make, "django", applications, port, host, given, settings, protocol="http")

"""Apps on a tornado server whose pages use HTTP only.

Corresponds to ``pywebio.platform.tornado_http``. Rarely needed: a page that cannot open a WebSocket switches to HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._core.brief import BRIEF
from nbsession._server.adapters.tornado_server import IDLE, make_handler, make_server
from nbsession._server.run.arguments import (
    HTTP_ORDER,
    MOUNT,
    SERVER,
    check_names,
    check_settings,
    named,
    with_options,
)
from nbsession._server.run.mounted import Mounted
from nbsession._server.run.serving import serve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from nbsession._server.adapters.tornado_socket import PageHandler
    from nbsession._server.run.arguments import MountArguments, ServerArguments
    from nbsession._server.run.handle import ServerHandle

_SERVER_ORDER = (
    "debug",
    "cdn",
    "static_dir",
    "allowed_origins",
    "check_origin",
    "auto_open_webbrowser",
    "session_expire_seconds",
    "session_cleanup_interval",
    "max_payload_size",
)


@with_options(SERVER - {"protocol"}, _SERVER_ORDER)
def start_server(
    applications: object,
    port: int = 8080,
    host: str = "127.0.0.1",
    *by_position: object,
    tornado_app_settings: Mapping[str, Any] | None = None,
    **options: Unpack[ServerArguments],
) -> ServerHandle | None:
    """Serve apps to many visitors whose pages use HTTP, on a tornado server.

    Works like `nbsession.platform.tornado.start_server`, which documents the parameters, the return value and the
    exceptions.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> from nbsession.platform.tornado_http import start_server
    >>> def app():
    ...     put_text("hello")
    >>> start_server(app, port=8080)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.platform.tornado_http.start_server``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("start_server", _SERVER_ORDER, by_position, options)
        check_names("start_server", given, SERVER - {"protocol"}, "tornado_app_settings")
        settings = check_settings("tornado_app_settings", tornado_app_settings, idle=IDLE)
        return serve(make_server, "tornado", applications, port, host, given, settings, protocol="http")


@with_options(MOUNT - {"protocol"}, HTTP_ORDER)
def webio_handler(
    applications: object, *by_position: object, **options: Unpack[MountArguments]
) -> type[PageHandler]:
    """Return a request handler that serves apps whose pages use HTTP, for your own tornado application.

    Works like `nbsession.platform.tornado.webio_handler`, which documents the parameters and the return value.

    Examples
    --------
    >>> import tornado.web
    >>> from nbsession.platform.tornado_http import webio_handler
    >>> def tool(): ...
    >>> application = tornado.web.Application([(r"/tool", webio_handler(tool))])

    Notes
    -----
    Corresponds to ``pywebio.platform.tornado_http.webio_handler``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("webio_handler", HTTP_ORDER, by_position, options)
        check_names("webio_handler", given, MOUNT - {"protocol"})
        return make_handler(Mounted("webio_handler", "tornado", applications, {**given, "protocol": "http"}))

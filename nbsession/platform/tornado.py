"""Apps on a tornado server, which comes with ipykernel, and which ``nbsession.start_server`` uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._core.brief import BRIEF
from nbsession._server.adapters.tornado_server import IDLE, make_handler, make_server
from nbsession._server.run.arguments import (
    MOUNT,
    SERVER,
    SERVER_ORDER,
    SOCKET_ORDER,
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


@with_options(SERVER, SERVER_ORDER)
def start_server(
    applications: object,
    port: int = 8080,
    host: str = "127.0.0.1",
    *by_position: object,
    tornado_app_settings: Mapping[str, Any] | None = None,
    **options: Unpack[ServerArguments],
) -> ServerHandle | None:
    """Serve apps to many visitors, on a tornado server.

    Each visitor's page has its own session, in which the app runs: a function in a new thread, an ``async def`` on the
    server's event loop. ``?app=NAME`` in the page's address selects one of several apps. Without it, the app named
    ``index`` is shown, or else a list of links.

    Blocks until Ctrl-C or SIGTERM, then closes all sessions and runs their deferred functions. In a notebook, and if an
    event loop is already running, it returns at once and the server runs in a background thread.

    Parameters
    ----------
    applications : callable, sequence or mapping
        The app, a function without arguments; or several, named by their ``__name__``; or a mapping of names to apps.
    port : int
        The port to listen on; 0 for any free port.
    host : str
        The address or name to listen on; ``""`` for all interfaces. The default accepts connections from this machine
        only.
    debug : bool
        Reload when the code changes, and show visitors the tracebacks of exceptions. (A server that only this machine
        can reach always shows them.)
    cdn
        Has no effect: nothing is loaded from other hosts.
    static_dir : str, optional
        A directory whose files are served under ``/static/``.
    remote_access : bool
        Not supported.
    reconnect_timeout : float
        Seconds in which a page may reconnect to its session after its connection was lost; 0 for no reconnection.
    allowed_origins : sequence of str, optional
        Origins whose pages may connect, in addition to the server's own: ``"https://*.example.com"``.
    check_origin : callable, optional
        ``check_origin(origin)`` returns whether pages of an origin may connect. It replaces ``allowed_origins``.
    auto_open_webbrowser : bool
        Open the page in this machine's browser.
    max_payload_size : int or str
        The largest message of a page, in bytes, or as a text such as ``'200M'``; and the most bytes of all files of a
        form or pin that has no limits of its own.
    session_expire_seconds : float
        Seconds without a request after which a page over HTTP counts as gone.
    session_cleanup_interval
        Has no effect: a session ends as soon as it has expired.
    allowed_hosts : sequence of str, optional
        Accepted host names, in addition to loopback names and, if ``host`` is not a loopback address, IP addresses and
        this machine's name; ``["*"]`` for any. Other names are refused, see docs/security.md.
    allowed_sources : sequence of str, optional
        Hosts from which pages may load content and to which they may send requests, in addition to the server:
        ``["https://*.example.com"]``. All other hosts are blocked, see docs/security.md.
    max_sessions : int
        The largest number of open pages; further pages are refused.
    resume_on_reload : bool
        Whether a reloaded page continues its session instead of starting a new one.
    trust_xheaders : bool
        Whether to trust a proxy's headers about the visitor's request: ``X-Real-Ip`` or ``X-Forwarded-For``,
        ``X-Scheme`` or ``X-Forwarded-Proto``, and ``X-Forwarded-Host``.
    protocol : {'websocket', 'http'}
        The pages' protocol. If WebSockets are blocked, pages switch to HTTP.
    tornado_app_settings : mapping, optional
        Settings of ``tornado.web.Application``: ``{"cookie_secret": ...}``.

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
    >>> from nbsession.platform.tornado import start_server
    >>> def app():
    ...     put_text("hello")
    >>> start_server(app, port=8080)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.platform.tornado.start_server``. PyWebIO's function listens on all interfaces by default,
    drops a page as soon as its connection is lost, and passes unknown options to tornado as settings.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("start_server", SERVER_ORDER, by_position, options)
        check_names("start_server", given, SERVER, "tornado_app_settings")
        settings = check_settings("tornado_app_settings", tornado_app_settings, idle=IDLE)
        return serve(make_server, "tornado", applications, port, host, given, settings)


@with_options(MOUNT, SOCKET_ORDER)
def webio_handler(
    applications: object, *by_position: object, **options: Unpack[MountArguments]
) -> type[PageHandler]:
    """Return a request handler that serves apps, for your own tornado application.

    Parameters
    ----------
    applications
        See `start_server`.
    reconnect_timeout, allowed_origins, check_origin, max_payload_size, session_expire_seconds, max_sessions
        See `start_server`.
    resume_on_reload, trust_xheaders, protocol
        See `start_server`.
    debug : bool
        Show visitors the tracebacks of exceptions.
    allowed_hosts : sequence of str, optional
        As for `start_server`. Without it, requests from this machine must use a loopback name, and others may use any
        name. If a proxy runs on this machine, list the names that it passes on, or set ``trust_xheaders``.

    Returns
    -------
    type
        A handler class, for one path. Coroutine apps run on the loop that is running when the first page connects.

    Examples
    --------
    >>> import tornado.web
    >>> from nbsession.platform.tornado import webio_handler
    >>> def tool(): ...
    >>> application = tornado.web.Application([(r"/tool", webio_handler(tool))])

    Notes
    -----
    Corresponds to ``pywebio.platform.tornado.webio_handler``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("webio_handler", SOCKET_ORDER, by_position, options)
        return make_handler(Mounted("webio_handler", "tornado", applications, given))

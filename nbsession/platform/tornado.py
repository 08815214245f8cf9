"""Apps on a tornado server: the server that comes with ipykernel, and that ``nbsession.start_server`` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._core.brief import BRIEF
from nbsession._server.adapters import tornado_server
from nbsession._server.adapters.tornado_server import TornadoServer
from nbsession._server.adapters.tornado_socket import PageHandler
from nbsession._server.run.arguments import MOUNT, SERVER, check_names, check_settings, with_options
from nbsession._server.run.mounted import Mounted
from nbsession._server.run.serving import serve

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from nbsession._server.run.arguments import MountArguments, ServerArguments
    from nbsession._server.run.handle import ServerHandle
    from nbsession._server.run.serving import ServerConfig

# Settings of tornado's own WebSocket, which pages do not use.
_IDLE = {
    "websocket_max_message_size": "max_payload_size is the limit",
    **dict.fromkeys(
        ("websocket_ping_interval", "websocket_ping_timeout"),
        f"pages are pinged every {tornado_server.PING_EVERY:g} s",
    ),
}


def _make(config: ServerConfig, loop: asyncio.AbstractEventLoop) -> TornadoServer:
    return TornadoServer(
        config.endpoint(loop),
        config.address,
        static_dir=config.static_dir,
        xheaders=config.options.trust_xheaders,
        settings={"serve_traceback": config.options.debug, **config.settings},
    )


@with_options(SERVER)
def start_server(
    applications: object,
    port: int = 8080,
    host: str = "127.0.0.1",
    *,
    tornado_app_settings: Mapping[str, Any] | None = None,
    **options: Unpack[ServerArguments],
) -> ServerHandle | None:
    """Serve apps to many visitors, on a tornado server.

    Each visitor's page has a session of its own, in which the app runs: a function in a thread of its own, an
    ``async def`` on the server's event loop. ``?app=NAME`` in the page's address picks one of several apps; without
    it the one named ``index`` is shown, or a list of links.

    Blocks until Ctrl-C or SIGTERM; then all sessions are closed and their deferred functions run. In a notebook, and
    where an event loop runs already, it returns at once and the server runs in a background thread.

    Parameters
    ----------
    applications : callable, sequence or mapping
        The app, a function without arguments; several, named by their ``__name__``; or a mapping of names to apps.
    port : int
        The port to listen on; 0 for any that is free.
    host : str
        The address or name to listen on; ``""`` for all interfaces. The default is reached from this machine only.
    debug : bool
        Reload when the code has changed, and show visitors the tracebacks of exceptions (which a server that is
        reached from this machine only does anyway).
    cdn
        Has no meaning here: nothing is loaded from elsewhere.
    static_dir : str, optional
        A directory whose files are served under ``/static/``.
    remote_access : bool
        Not supported.
    reconnect_timeout : float
        Seconds for which a page whose connection was lost may come back to its session; 0 for not at all.
    allowed_origins : sequence of str, optional
        Origins besides the server's own whose pages may connect: ``"https://*.example.com"``.
    check_origin : callable, optional
        ``check_origin(origin)`` says whether one may, in place of ``allowed_origins``.
    auto_open_webbrowser : bool
        Open the page in this machine's browser.
    max_payload_size : int or str
        Largest message of a page, in bytes, or such as ``'200M'``.
    session_expire_seconds : float
        Seconds without a request after which a page over HTTP is taken to have gone.
    allowed_hosts : sequence of str, optional
        Names by which the server is addressed besides loopback names and, where ``host`` is no loopback address,
        addresses and this machine's name; ``["*"]`` for any. Others are refused, see docs/security.md.
    allowed_sources : sequence of str, optional
        Hosts from which pages may load besides the server, and which they may talk to: ``["https://*.example.com"]``.
        Nothing foreign is loaded otherwise, see docs/security.md.
    max_sessions : int
        A page that comes when so many are there is turned away.
    resume_on_reload : bool
        A reloaded page goes on with its session; otherwise it begins a new one.
    trust_xheaders : bool
        A proxy in front says in ``X-Real-Ip`` or ``X-Forwarded-For``, ``X-Scheme`` or ``X-Forwarded-Proto`` and
        ``X-Forwarded-Host`` what the visitor asked for.
    protocol : {'websocket', 'http'}
        What pages speak. Where a WebSocket does not come through they speak HTTP by themselves.
    tornado_app_settings : mapping, optional
        Settings of ``tornado.web.Application``: ``{"cookie_secret": ...}``.

    Returns
    -------
    ServerHandle or None
        Where it does not block: ``url``, ``port`` and ``close()``.

    Raises
    ------
    TypeError, ValueError
        If an app is no function, there is none, two have the same name, an option is unknown or has no such value.
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
    The original's ``pywebio.platform.tornado.start_server``. It listens on all interfaces by default, forgets a page as
    soon as its connection is lost, and takes any unknown option for a setting of tornado's.
    """
    __tracebackhide__ = True
    with BRIEF:
        check_names("start_server", options, SERVER, "tornado_app_settings")
        settings = check_settings("tornado_app_settings", tornado_app_settings, idle=_IDLE)
        return serve(_make, "tornado", applications, port, host, options, settings)


@with_options(MOUNT)
def webio_handler(applications: object, **options: Unpack[MountArguments]) -> type[PageHandler]:
    """Return a request handler that serves apps, for a tornado application of one's own.

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
        As for `start_server`. Without it requests from this machine must go by a loopback name, others by any: list the
        names that a proxy on this machine passes on, or set ``trust_xheaders``.

    Returns
    -------
    type
        A handler class, for one path. Coroutine apps run on the loop that is running when the first page comes.

    Examples
    --------
    >>> import tornado.web
    >>> from nbsession.platform.tornado import webio_handler
    >>> def tool(): ...
    >>> application = tornado.web.Application([(r"/tool", webio_handler(tool))])

    Notes
    -----
    The original's ``pywebio.platform.tornado.webio_handler``.
    """
    __tracebackhide__ = True
    with BRIEF:
        mounted = Mounted("webio_handler", "tornado", applications, options)

    class Handler(PageHandler):
        def initialize(self) -> None:  # type: ignore[override]
            xheaders = mounted.options.trust_xheaders
            super().initialize(mounted.endpoint, xheaders=xheaders, ping_every=tornado_server.PING_EVERY)

    return Handler

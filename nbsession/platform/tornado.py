"""Apps on a tornado server: the server that comes with ipykernel, and that ``nbsession.start_server`` takes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys
import threading
import webbrowser
from contextvars import ContextVar
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from tornado import autoreload
from tornado.httpserver import HTTPServer
from tornado.web import Application, StaticFileHandler

from nbsession.session.current import runtime

from .applications import with_index
from .kernel import running_kernel
from .script import ScriptPlatform
from .server.apps import ServedApps
from .server.envelope import LARGEST
from .server.exchange import Exchanges
from .server.gate import Gate
from .server.handle import PATIENCE, ServerHandle
from .server.options import ServerOptions, parse_size
from .server.platform import ServerPlatform
from .server.site import Site
from .server.tornado_socket import PageHandler
from .server.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tornado.web import RequestHandler

    from nbsession.session.apps import AppFunction
    from nbsession.session.base import Session

    from .server.handle import Server

log = logging.getLogger("nbsession")

# Whether the command line imports code to serve its apps: what that code may not do by itself then.
LOADING: ContextVar[bool] = ContextVar("nbsession_loading", default=False)

STOPPED = "the server was stopped"
CHANGED = "the code of the server has changed"
# Seconds after which a connection that says nothing is closed.
_SILENT = 60.0
# Connections that may wait to be accepted.
_BACKLOG = 128
# Sockets that a server may have open, if the system lets it.
_CONNECTIONS = 65_536
# Seconds in which open sockets may take what they were sent last.
_PARTING = 2.0


class StartedWhileLoadingError(RuntimeError):
    """Code that is imported to have its apps served starts a server by itself."""


class TornadoServer:
    """One listening server.

    Parameters
    ----------
    make_site : callable
        ``make_site(port)`` returns the site; the port is known by then.
    port : int
        0 for any that is free.
    host : str
        Address or name to listen on; empty for all.
    static_dir : str, optional
        A directory whose files are served under ``/static/``.
    xheaders : bool
        A proxy in front says in headers who the visitor is.
    settings : mapping
        Of ``tornado.web.Application``.
    """

    def __init__(
        self,
        make_site: Callable[[int], Site],
        *,
        port: int,
        host: str,
        static_dir: str | None = None,
        xheaders: bool = False,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        # Now and not in start(): that a port is taken is to be raised where the server was asked for.
        self._socket = _listen(host, port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{_name(host)}:{self.port}/"
        self.site = make_site(self.port)
        self._open: set[PageHandler] = set()
        handlers: list[Any] = [
            (r"/", PageHandler, {"site": self.site, "xheaders": xheaders, "tracked": self._open})
        ]
        if static_dir is not None:
            handlers.append((r"/static/(.*)", StaticFileHandler, {"path": static_dir}))
        self._reloads = bool((settings or {}).get("autoreload"))
        defaults = {"websocket_ping_interval": 30, "log_function": _log_request}
        application = Application(
            handlers, **{**defaults, **(settings or {}), "websocket_max_message_size": LARGEST}
        )
        self._http = HTTPServer(
            application,
            xheaders=xheaders,
            idle_connection_timeout=_SILENT,
            body_timeout=_SILENT,
            max_body_size=8 * LARGEST,
        )

    async def start(self) -> None:
        """Begin to listen, on the running loop."""
        self._http.add_socket(self._socket)
        if self._reloads:
            autoreload.add_reload_hook(self._reload)

    def _reload(self) -> None:
        """Close all sessions before the process begins anew. On the loop's thread, which does nothing else any more."""
        deadline = monotonic() + PATIENCE
        for session in self.site.visits.close(CHANGED):
            session.wait_closed(max(0.0, deadline - monotonic()))

    async def stop(self, reason: str) -> None:
        """Close all sessions, wait for what they deferred, and stop listening."""
        self._http.stop()
        sessions = self.site.visits.close(reason)
        await _deferred(sessions)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._emptied(), _PARTING)
        await self._http.close_all_connections()

    async def _emptied(self) -> None:
        while self._open:  # noqa: ASYNC110 -- at the end, for an instant
            await asyncio.sleep(0.01)


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; without a host it takes IPv4 and IPv6 of all interfaces."""
    if host:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    elif socket.has_dualstack_ipv6():
        address = ("", port)
        listening = socket.create_server(
            address, family=socket.AF_INET6, backlog=_BACKLOG, dualstack_ipv6=True
        )
    else:
        listening = socket.create_server(("", port), backlog=_BACKLOG)
    listening.settimeout(0)
    return listening


async def _deferred(sessions: Sequence[Session]) -> None:
    """Wait for the deferred functions and the tasks of closed sessions."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    for session in sessions:
        if session.wait_closed(0.0):  # at Python's end no more threads are started
            continue
        left = max(0.0, deadline - loop.time())
        await asyncio.to_thread(session.wait_closed, left)
    # They have been cancelled, and end in a turn of the loop or two.
    while any(len(session.tasks) for session in sessions) and loop.time() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


def _name(host: str) -> str:
    """Return what to call the host in a URL that this machine's browser opens."""
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104 -- compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _log_request(handler: RequestHandler) -> None:
    """Keep requests out of the log of others: without this every 404 is printed into a notebook's cell."""
    request = handler.request
    log.debug("%d %s %s", handler.get_status(), request.method, request.path)


def _site(
    apps: Mapping[str, AppFunction],
    options: ServerOptions,
    loop: asyncio.AbstractEventLoop | None,
    *,
    loopback_only: bool,
    protocol: str,
) -> Site:
    platform = ServerPlatform("tornado", protocol)
    served = ServedApps(platform, apps, loop, tells_failures=options.debug or loopback_only)
    return_within = options.reconnect_timeout if options.resume_on_reload else 0.0
    platform.visits = Visits(platform.alarm, options, served.welcome, return_within=return_within)
    gate = Gate(
        options.allowed_hosts, options.allowed_origins, options.check_origin, loopback_only=loopback_only
    )
    exchanges = Exchanges(platform.visits, platform.alarm, options.session_expire_seconds)
    return Site(platform.visits, served.name, gate, exchanges, protocol=protocol)


def _options(reconnect_timeout: float, max_payload_size: int | str, **given: Any) -> ServerOptions:
    if given["allowed_origins"] is None:
        given["allowed_origins"] = ()
    return ServerOptions(
        reconnect_timeout=reconnect_timeout, max_payload_size=parse_size(max_payload_size), **given
    )


def start_server(
    applications: object,
    port: int = 8080,
    host: str = "127.0.0.1",
    *,
    debug: bool = False,
    cdn: object = None,  # noqa: ARG001 -- the original's; nothing here is loaded from elsewhere
    static_dir: str | None = None,
    remote_access: bool = False,
    reconnect_timeout: float = 20.0,
    allowed_origins: Sequence[str] | None = None,
    check_origin: Callable[[str], bool] | None = None,
    auto_open_webbrowser: bool = False,
    max_payload_size: int | str = "200M",
    session_expire_seconds: float = 600.0,
    allowed_hosts: Sequence[str] | None = None,
    max_sessions: int = 5000,
    resume_on_reload: bool = False,
    trust_xheaders: bool = False,
    protocol: Literal["websocket", "http"] = "websocket",
    **tornado_app_settings: Any,
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
        Names by which the server is addressed besides loopback names, this machine's name and addresses; ``["*"]``
        for any. Others are refused, see docs/security.md.
    max_sessions : int
        A page that comes when so many are there is turned away.
    resume_on_reload : bool
        A reloaded page goes on with its session; otherwise it begins a new one.
    trust_xheaders : bool
        A proxy in front says in ``X-Real-Ip`` or ``X-Forwarded-For``, ``X-Scheme`` or ``X-Forwarded-Proto`` and
        ``X-Forwarded-Host`` what the visitor asked for.
    protocol : {'websocket', 'http'}
        What pages speak. Where a WebSocket does not come through they speak HTTP by themselves.
    **tornado_app_settings
        Settings of ``tornado.web.Application``.

    Returns
    -------
    ServerHandle or None
        Where it does not block: ``url``, ``port`` and ``close()``.

    Raises
    ------
    TypeError, ValueError
        If an app is no function, there is none, two have the same name, or an option has no such value.
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
    The original's ``pywebio.platform.tornado.start_server``. It listens on all interfaces by default, and forgets a
    page as soon as its connection is lost.
    """
    if LOADING.get():
        msg = "start_server() was called while the command line imported the code to serve its apps"
        raise StartedWhileLoadingError(msg)
    if remote_access:
        msg = "start_server(remote_access=True) is not supported: run a tunnel of your own, such as ssh -R"
        raise ValueError(msg)
    apps = with_index(applications)
    options = _options(
        reconnect_timeout,
        max_payload_size,
        session_expire_seconds=session_expire_seconds,
        allowed_origins=allowed_origins,
        check_origin=check_origin,
        allowed_hosts=allowed_hosts,
        max_sessions=max_sessions,
        resume_on_reload=resume_on_reload,
        trust_xheaders=trust_xheaders,
        debug=debug,
    )
    give_way()

    background = running_kernel() is not None or _in_event_loop()
    # Not in a notebook: it would start the kernel's process anew.
    debugging = {"serve_traceback": debug, "autoreload": debug and not background}

    def make(loop: asyncio.AbstractEventLoop) -> TornadoServer:
        return TornadoServer(
            lambda _: _site(apps, options, loop, loopback_only=_loopback(host), protocol=protocol),
            port=port,
            host=host,
            static_dir=static_dir,
            xheaders=trust_xheaders,
            settings={**debugging, **tornado_app_settings},
        )

    opened = _open_browser if auto_open_webbrowser else _nothing
    if background:
        handle = ServerHandle(make, "nbsession server")
        opened(handle.url)
        return handle
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(make, opened))
    return None


def webio_handler(
    applications: object,
    *,
    cdn: object = None,  # noqa: ARG001 -- the original's
    reconnect_timeout: float = 20.0,
    allowed_origins: Sequence[str] | None = None,
    check_origin: Callable[[str], bool] | None = None,
    max_payload_size: int | str = "200M",
    session_expire_seconds: float = 600.0,
    allowed_hosts: Sequence[str] | None = None,
    max_sessions: int = 5000,
    resume_on_reload: bool = False,
    trust_xheaders: bool = False,
    debug: bool = False,
    protocol: Literal["websocket", "http"] = "websocket",
) -> type[PageHandler]:
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
        As for `start_server`, but without it any: the application around it has its own rules.

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
    apps = with_index(applications)
    options = _options(
        reconnect_timeout,
        max_payload_size,
        session_expire_seconds=session_expire_seconds,
        allowed_origins=allowed_origins,
        check_origin=check_origin,
        allowed_hosts=["*"] if allowed_hosts is None else allowed_hosts,
        max_sessions=max_sessions,
        resume_on_reload=resume_on_reload,
        trust_xheaders=trust_xheaders,
        debug=debug,
    )
    give_way()
    made: list[Site] = []

    def site() -> Site:
        if not made:
            made.append(
                _site(apps, options, asyncio.get_running_loop(), loopback_only=False, protocol=protocol)
            )
        return made[0]

    class Handler(PageHandler):
        def initialize(self) -> None:  # type: ignore[override]
            super().initialize(site(), xheaders=trust_xheaders)

    return Handler


def give_way() -> None:
    """Have no script session in this process: what belongs to no app belongs to none."""
    platform = runtime.platform
    if isinstance(platform, ScriptPlatform):
        platform.serving = True


async def _serve(
    make: Callable[[asyncio.AbstractEventLoop], Server], opened: Callable[[str], object]
) -> None:
    """Run a server until a signal, or the end of the loop."""
    loop = asyncio.get_running_loop()
    _allow_many_connections()
    server = make(loop)
    await server.start()
    sys.stderr.write(f"nbsession serves at {server.url} (Ctrl-C ends it)\n")
    opened(server.url)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not in another thread, and not on Windows: there Ctrl-C cancels this coroutine.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, partial(_note, loop, number, stop))
    try:
        await stop.wait()
    finally:
        await server.stop(STOPPED)


def _allow_many_connections() -> None:
    """Let the process open as many sockets as the system allows it: many have a lower limit at first."""
    try:
        import resource  # noqa: PLC0415 -- not on Windows, which has no such limit
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, _CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _note(loop: asyncio.AbstractEventLoop, number: int, stop: asyncio.Event) -> None:
    loop.remove_signal_handler(number)  # the second one ends the process
    stop.set()


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _loopback(host: str) -> bool:
    return host == "localhost" or host.startswith("127.") or host == "::1"


def _open_browser(url: str) -> None:
    # It may block for as long as the browser runs.
    threading.Thread(
        target=webbrowser.open, args=(url,), name="nbsession opens a browser", daemon=True
    ).start()


def _nothing(url: str) -> None:
    """Open no browser."""

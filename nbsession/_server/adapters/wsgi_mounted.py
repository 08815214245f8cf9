"""Apps in your own WSGI application, and the arguments of WSGI servers."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING

from nbsession._apps.apps import with_index
from nbsession._server.pages.served_apps import making
from nbsession._server.run.arguments import HTTP_ORDER, LISTENS, MOUNT, check_names, options_of
from nbsession._server.run.assembly import make_endpoint
from nbsession._server.run.coroutine_loop import coroutine_loop
from nbsession._server.run.ending import STOPPED, end_sessions_now
from nbsession._server.run.handle import LoopThread
from nbsession._server.run.process import give_way

from .wsgi import WsgiEndpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbsession._server.endpoint import Endpoint

# The defaults of this package's own servers.
THREADS = 32
# WSGI supports only HTTP.
WSGI_MOUNT = MOUNT - {"protocol"}
# PyWebIO's order of the options that `start_server` accepts by position.
SERVER_ORDER = (
    "cdn",
    "static_dir",
    "remote_access",
    "allowed_origins",
    "check_origin",
    "session_expire_seconds",
    "session_cleanup_interval",
    "debug",
    "max_payload_size",
)
# The same of `wsgi_app`; Django's has `debug` as well.
APPLICATION_ORDER = (
    "cdn",
    "static_dir",
    "allowed_origins",
    "check_origin",
    "session_expire_seconds",
    "session_cleanup_interval",
)
VIEW_ORDER = HTTP_ORDER
# Settings of waitress.
IDLE = dict.fromkeys(("listen", "sockets", "unix_socket"), LISTENS)


class WsgiMounted:
    """Apps whose endpoint is created at the first request. Coroutine apps run on one loop: that of
    `nbsession.platform.run_event_loop` if it runs, else one in its own thread.

    Parameters
    ----------
    function : str
        The name of the called function, for error messages.
    backend : str
        The framework's name in ``info.backend``.
    applications : callable, sequence or mapping
        See `nbsession.platform.flask.start_server`.
    threads : int or None
        The server's number of threads; see `Threads`.
    given : mapping
        Other options: `MountArguments`; see `Mounted`.

    Attributes
    ----------
    endpoint : WsgiEndpoint
        The endpoint that answers requests.
    options : ServerOptions
        The options, including defaults.
    """

    def __init__(
        self,
        function: str,
        backend: str,
        applications: object,
        threads: int | None,
        given: Mapping[str, object],
    ) -> None:
        check_names(function, given, WSGI_MOUNT)
        self._make_apps = making(with_index(applications))
        self._backend = backend
        self.options = options_of(given, protocol="http")
        self.endpoint = WsgiEndpoint(self._make_endpoint, threads)
        give_way()

    def _make_endpoint(self) -> Endpoint:
        loop = coroutine_loop() or LoopThread(f"nbsession {self._backend}").loop
        endpoint = make_endpoint(self._backend, self._make_apps, self.options, loop, mounted=True)
        # The application's server sends no notification when it ends.
        atexit.register(end_sessions_now, endpoint, STOPPED)
        return endpoint


def check_protocol(backend: str, given: Mapping[str, object]) -> None:
    """Reject WebSockets.

    Raises
    ------
    ValueError
        If the options select WebSockets.
    """
    if given.get("protocol", "http") != "http":
        msg = f"protocol must be 'http' on {backend}: WSGI does not support WebSockets"
        raise ValueError(msg)

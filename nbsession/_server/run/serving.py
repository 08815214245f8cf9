"""Runs a server: in the foreground until a signal, or in the background."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import signal
import sys
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from nbsession._apps.apps import with_index
from nbsession._core.running_kernel import running_kernel
from nbsession._server.options import existing_directory
from nbsession._server.pages.served_apps import making

from .address import Address
from .arguments import options_of
from .assembly import POLL_TIMEOUT, make_endpoint
from .ending import CHANGED, STOPPED, end_sessions_now
from .executor import LoopExecutor
from .handle import ServerHandle, in_event_loop
from .open_browser import open_browser
from .process import allow_many_connections, check_not_loading, give_way

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbsession._server.endpoint import Endpoint
    from nbsession._server.options import ServerOptions
    from nbsession._server.pages.served_apps import MakePageApps

    from .handle import Server


@dataclass(frozen=True)
class ServerConfig:
    """The configuration of a server.

    Attributes
    ----------
    backend : str
        The framework's name in ``info.backend``.
    make_apps : callable
        Makes the apps.
    options : ServerOptions
        The options that all servers share.
    address : Address
        The address, which is already listening, so that ``start_server`` raises an error if the port is in use.
    static_dir : str or None
        A directory whose files are served under ``/static/``.
    settings : dict
        The framework's own settings.
    """

    backend: str
    make_apps: MakePageApps
    options: ServerOptions
    address: Address
    static_dir: str | None
    settings: dict[str, Any]

    def endpoint(self, loop: asyncio.AbstractEventLoop, *, poll_timeout: float = POLL_TIMEOUT) -> Endpoint:
        """Return the endpoint of the page's path; see `make_endpoint`."""
        return make_endpoint(
            self.backend,
            self.make_apps,
            self.options,
            loop,
            loopback_only=self.address.loopback,
            poll_timeout=poll_timeout,
        )


def serve(  # noqa: PLR0917 -- the arguments of start_server
    make: Callable[[ServerConfig, asyncio.AbstractEventLoop], Server],
    backend: str,
    applications: object,
    port: int,
    host: str,
    given: Mapping[str, Any],
    settings: dict[str, Any],
    **defaults: object,
) -> ServerHandle | None:
    """Start a server; the common part of all ``start_server`` functions.

    Parameters
    ----------
    make : callable
        ``make(config, loop)`` returns the framework's server.
    backend : str
        The framework's name in ``info.backend``.
    applications, port, host
        The arguments of ``start_server``.
    given : mapping
        Its other options: `ServerArguments`, whose names have been checked.
    settings : dict
        The framework's own settings.
    **defaults
        Defaults that differ from those of `ServerOptions`.

    Returns
    -------
    ServerHandle or None
        The background server, in a notebook and if an event loop is running. Otherwise the call blocks until Ctrl-C.
    """
    make_apps = making(with_index(applications))
    return serve_apps(make, backend, make_apps, port, host, given, settings, **defaults)


def serve_apps(  # noqa: PLR0917 -- the arguments of `serve`
    make: Callable[[ServerConfig, asyncio.AbstractEventLoop], Server],
    backend: str,
    make_apps: MakePageApps,
    port: int,
    host: str,
    given: Mapping[str, Any],
    settings: dict[str, Any],
    **defaults: object,
) -> ServerHandle | None:
    """Do the same with any kind of apps."""
    check_not_loading()
    options = options_of(given, **defaults)
    static_dir = existing_directory(given.get("static_dir"))
    give_way()
    background = running_kernel() is not None or in_event_loop()
    # Not in a notebook, where it would restart the kernel's process.
    reloads = settings.pop("autoreload", options.debug and not background)
    config = ServerConfig(backend, make_apps, options, Address(host, port), static_dir, settings)
    opened = open_browser if given.get("auto_open_webbrowser") else _nothing
    try:
        if background:
            handle = ServerHandle(partial(make, config), "nbsession server")
            opened(handle.url)
            return handle
        asyncio.run(_until_signal(partial(make, config), opened, reloads=reloads))
    except KeyboardInterrupt:
        pass
    except BaseException:
        config.address.socket.close()
        raise
    return None


async def _until_signal(
    make: Callable[[asyncio.AbstractEventLoop], Server], opened: Callable[[str], object], *, reloads: bool
) -> None:
    """Run a server until a signal, or until the loop ends."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(LoopExecutor())
    allow_many_connections()
    server = make(loop)
    if reloads:
        _reload_when_changed(server.endpoint)
    await server.start()
    sys.stderr.write(f"nbsession serves at {server.url} (press Ctrl-C to stop)\n")
    opened(server.url)
    stop = asyncio.Event()
    if threading.current_thread() is not threading.main_thread():
        # Signals reach the main thread only, and Ctrl-C there ends this thread without notice.
        atexit.register(end_sessions_now, server.endpoint, STOPPED)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not available in other threads or on Windows, where Ctrl-C cancels this coroutine.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, partial(_note, loop, number, stop))
    try:
        await stop.wait()
    finally:
        await server.stop(STOPPED)


def _reload_when_changed(endpoint: Endpoint) -> None:
    """Restart when the code has changed, with any framework. Must be called on the running loop."""
    from tornado import autoreload  # noqa: PLC0415 -- only needed during development

    autoreload.add_reload_hook(partial(end_sessions_now, endpoint, CHANGED))
    autoreload.start()


def _note(loop: asyncio.AbstractEventLoop, number: int, stop: asyncio.Event) -> None:
    loop.remove_signal_handler(number)  # a second signal ends the process
    stop.set()


def _nothing(url: str) -> None:
    """Open no browser."""

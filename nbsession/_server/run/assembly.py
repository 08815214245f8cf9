"""Assembles endpoints from apps, their pages, and access control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession._server.endpoint import Endpoint
from nbsession._server.http.forwarded import is_direct
from nbsession._server.http.host_policy import HostPolicy
from nbsession._server.pages.clients import Clients
from nbsession._server.pages.http_connections import HttpConnections
from nbsession._server.pages.server_platform import ServerPlatform

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from nbsession._server.http.request import Request
    from nbsession._server.options import ServerOptions
    from nbsession._server.pages.served_apps import MakePageApps

# Seconds for which a poll is held if only a coroutine waits for it.
POLL_TIMEOUT = 20.0


def make_endpoint(
    backend: str,
    make_apps: MakePageApps,
    options: ServerOptions,
    loop: asyncio.AbstractEventLoop | None,
    *,
    loopback_only: bool = False,
    mounted: bool = False,
    poll_timeout: float = POLL_TIMEOUT,
) -> Endpoint:
    """Return the endpoint of some apps.

    Parameters
    ----------
    backend : str
        The framework's name in ``info.backend``.
    make_apps : callable
        Makes the apps.
    options : ServerOptions
        The server's options.
    loop : asyncio.AbstractEventLoop, optional
        Runs coroutine apps. By default, each has a loop in its own thread.
    loopback_only : bool
        Whether only this machine can reach the endpoint.
    mounted : bool
        Whether the endpoint is part of your own application.
    poll_timeout : float
        Seconds for which a poll is held; 0 to not hold polls.
    """
    platform = ServerPlatform(backend, options.protocol)
    served = make_apps(platform, loop, _tells_failures(options, loopback_only=loopback_only))
    return_within = options.reconnect_timeout if options.resume_on_reload else 0.0
    platform.clients = Clients(platform.alarm, options, served.welcome, return_within=return_within)
    # A page of another site can reach an application on this machine by a name that resolves to it. A proxy on this
    # machine looks the same, unless the options announce one.
    local_peers_only = mounted and options.allowed_hosts is None and not options.trust_xheaders
    any_name = mounted and options.allowed_hosts is None and options.trust_xheaders
    host_policy = HostPolicy(
        ["*"] if any_name else options.allowed_hosts,
        options.allowed_origins,
        options.check_origin,
        loopback_only=loopback_only or local_peers_only,
        local_peers_only=local_peers_only,
    )
    http_connections = HttpConnections(platform.clients, platform.alarm, options.session_expire_seconds)
    return Endpoint(
        platform.clients,
        served.head,
        host_policy,
        http_connections,
        protocol=options.protocol,
        poll_timeout=poll_timeout,
        sources=options.allowed_sources,
        notes="each-frame" if options.resume_on_reload else "none",
    )


def _tells_failures(options: ServerOptions, *, loopback_only: bool) -> Callable[[Request], bool]:
    """Return a function that returns whether the visitor who sends a request may see tracebacks."""
    if options.debug:
        return lambda _: True
    # A loopback address alone is not enough: proxies and tunnels lead other visitors to it.
    if loopback_only and not options.for_others:
        return is_direct
    return lambda _: False

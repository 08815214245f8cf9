"""The address that a server listens on."""

from __future__ import annotations

import socket

# Maximum number of connections that wait to be accepted.
BACKLOG = 1024
_LAST_PORT = 65535


class Address:
    """A listening socket.

    Parameters
    ----------
    host : str
        The address or name to listen on; empty for all interfaces, over IPv4 and IPv6.
    port : int
        The port; 0 for any free port.

    Attributes
    ----------
    socket : socket.socket
        The socket from which the server accepts connections.
    port : int
        The actual port.
    url : str
        The address to open in a browser on this machine.
    loopback : bool
        Whether only this machine can reach it.

    Raises
    ------
    TypeError, ValueError
        If host or port is invalid.
    OSError
        If the port is in use.
    """

    def __init__(self, host: str, port: int) -> None:
        _check(host, port)
        self.socket = _listen(host, port)
        self.port: int = self.socket.getsockname()[1]
        self.url = f"http://{_name(host)}:{self.port}/"
        self.loopback = host in {"localhost", "::1"} or host.startswith("127.")


def _check(host: object, port: object) -> None:
    if not isinstance(host, str):
        msg = f"start_server() expects the host as a str, not {type(host).__name__}: {host!r:.80}"
        raise TypeError(msg)
    if isinstance(port, bool) or not isinstance(port, int):
        msg = f"start_server() expects the port as an int, not {type(port).__name__}: {port!r:.80}"
        raise TypeError(msg)
    if not 0 <= port <= _LAST_PORT:
        msg = f"start_server() expects a port from 0 to {_LAST_PORT}, not {port}"
        raise ValueError(msg)


def _listen(host: str, port: int) -> socket.socket:
    if host:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    elif socket.has_dualstack_ipv6():
        address = ("", port)
        listening = socket.create_server(
            address, family=socket.AF_INET6, backlog=BACKLOG, dualstack_ipv6=True
        )
    else:
        listening = socket.create_server(("", port), backlog=BACKLOG)
    listening.settimeout(0)
    # Connections inherit the option. Asyncio sets it as well, but not if the protocol is given as 0. Without it, a head
    # and a body that are written separately take 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _name(host: str) -> str:
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104 -- compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host

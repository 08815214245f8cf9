"""Access control: the accepted host names and origins."""

from __future__ import annotations

import ipaddress
import socket
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .request import Request


class HostPolicy:
    """Checks ``Host`` and ``Origin``.

    A page of another site can make the visitor's browser resolve that site's name to this server's address (DNS
    rebinding). The page's origin then equals the server's own. Therefore, requests must use a host name that only this
    server can have: a loopback name, an IP address, the machine's name, or a name that its owner lists.

    Parameters
    ----------
    allowed_hosts : sequence of str or None
        Additional names, with or without a port; ``"*"`` for any.
    allowed_origins : sequence of str
        Patterns of origins, in addition to the server's own.
    check_origin : callable, optional
        Returns whether another origin is allowed; replaces the patterns.
    loopback_only : bool
        Whether the server listens on a loopback address, so that other addresses are not its own.
    local_peers_only : bool
        Whether host names are checked only in requests from this machine. The surrounding application decides about
        other requests.
    """

    def __init__(
        self,
        allowed_hosts: Sequence[str] | None = None,
        allowed_origins: Sequence[str] = (),
        check_origin: Callable[[str], bool] | None = None,
        *,
        loopback_only: bool = False,
        local_peers_only: bool = False,
    ) -> None:
        self._hosts = {host.lower() for host in allowed_hosts or ()}
        self.origins: list[str] = [origin.lower() for origin in allowed_origins]
        self._check_origin = check_origin
        self._loopback_only = loopback_only
        self.local_peers_only = local_peers_only
        if not loopback_only:
            self._hosts.add(socket.gethostname().lower())

    def knows(self, host: str, peer: str = "") -> bool:
        """Return whether a peer with that address may address the server as ``host`` (with or without a port)."""
        if self.local_peers_only and not is_loopback_address(peer):
            return True
        if "*" in self._hosts or host.lower() in self._hosts:
            return True
        name = _name(host)
        if name is None:
            return False
        if name in self._hosts or is_loopback(host):
            return True
        return not self._loopback_only and _address(name) is not None

    def admits(self, request: Request) -> bool:
        """Return whether the page that sends this request may connect to the server.

        Browsers send the page's origin in every WebSocket handshake and POST. Other clients may omit it.
        """
        origin = request.headers.get("Origin")
        if origin is None:
            return True
        scheme = "https" if request.secure else "http"
        try:
            own, page = urlsplit(f"{scheme}://{request.host}"), urlsplit(origin)
        except ValueError:
            return False
        # A proxy that ends TLS may not report it. Therefore the host decides; the scheme counts only if the request is
        # known to be https.
        if page.netloc and page.netloc.lower() == own.netloc.lower():
            return page.scheme == "https" or not request.secure
        if self._check_origin is not None:
            return bool(self._check_origin(origin))
        return any(fnmatchcase(origin.lower(), pattern) for pattern in self.origins)


def is_loopback(host: str) -> bool:
    """Return whether ``host`` (with or without a port) can only be the visitor's own machine."""
    name = _name(host)
    if name is None:
        return False
    return name == "localhost" or name.endswith(".localhost") or is_loopback_address(name)


def is_loopback_address(text: str) -> bool:
    """Return whether ``text`` is an address of this machine that other machines cannot reach."""
    address = _address(text)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    address = mapped or address  # before Python 3.13, ::ffff:127.0.0.1 is not a loopback address
    return address is not None and address.is_loopback


def is_address(text: str) -> bool:
    """Return whether ``text`` is an address, not a name."""
    return _address(text) is not None


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _name(host: str) -> str | None:
    """Return the name or address in ``host``, without the port."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return None
    if name is None or any(character in host for character in "/@?#\\"):
        return None
    return name.rstrip(".")

"""Who may come in: by which names the server is addressed, from whose pages, with which key."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .request import Request

_RANDOM_BYTES = 32
_FRAGMENT = "#nbsession="


class Gate:
    """Checks ``Host`` and ``Origin``.

    A page of another site may have the visitor's browser resolve the site's name to this server's address (DNS
    rebinding); then its origin is the server's own. So a server is to be addressed by names that only it can have:
    loopback names, addresses, the machine's name, and those that its owner lists.

    Parameters
    ----------
    allowed_hosts : sequence of str or None
        Further names, with or without a port; ``"*"`` for any.
    allowed_origins : sequence of str
        Patterns of origins besides the server's own.
    check_origin : callable, optional
        Says whether another origin is allowed, in place of the patterns.
    loopback_only : bool
        The server listens on a loopback address: other addresses are not its own.
    local_peers_only : bool
        Only those that come from this machine have to address it by such a name: what others may do is for the
        application around to say.
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
        self.origins = [origin.lower() for origin in allowed_origins]
        self._check_origin = check_origin
        self._loopback_only = loopback_only
        self.local_peers_only = local_peers_only
        if not loopback_only:
            self._hosts.add(socket.gethostname().lower())

    def knows(self, host: str, peer: str = "") -> bool:
        """Say whether the server may be addressed as ``host`` (with or without a port), by a peer of that address."""
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
        """Say whether the page that sends this request may talk to the server.

        Browsers name the page's origin in every WebSocket handshake and POST. What is no browser may leave it out.
        """
        origin = request.headers.get("Origin")
        if origin is None:
            return True
        scheme = "https" if request.secure else "http"
        try:
            own, page = urlsplit(f"{scheme}://{request.host}"), urlsplit(origin)
        except ValueError:
            return False
        # A proxy that ends TLS may not say so: the host decides, the scheme only where it is known to be https.
        if page.netloc and page.netloc.lower() == own.netloc.lower():
            return page.scheme == "https" or not request.secure
        if self._check_origin is not None:
            return bool(self._check_origin(origin))
        return any(fnmatchcase(origin.lower(), pattern) for pattern in self.origins)


def is_loopback(host: str) -> bool:
    """Say whether ``host`` (with or without a port) can only be the visitor's own machine."""
    name = _name(host)
    if name is None:
        return False
    return name == "localhost" or name.endswith(".localhost") or is_loopback_address(name)


def is_loopback_address(text: str) -> bool:
    """Say whether ``text`` is an address of this machine that no other one can reach."""
    address = _address(text)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    address = mapped or address  # before Python 3.13 ::ffff:127.0.0.1 is none by itself
    return address is not None and address.is_loopback


def is_address(text: str) -> bool:
    """Say whether ``text`` is an address, and not a name."""
    return _address(text) is not None


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _name(host: str) -> str | None:
    """Return the name or address of ``host``, without its port."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return None
    if name is None or any(character in host for character in "/@?#\\"):
        return None
    return name.rstrip(".")


class Key:
    """Opens the page of one server to one browser window.

    Each page that is opened has three values of its own. The *token*, in the query of its address, is good once, and is
    exchanged for a *cookie*. Browsers send a cookie to every port of a host, and so to other servers of this machine.
    The *secret*, in the fragment of the address, they send nowhere: the page says it in its hello.

    Parameters
    ----------
    port : int
        Cookies do not know ports, and a machine may have several such servers: the cookie's name tells them apart.
    used : callable
        Called when a token has been exchanged.
    """

    def __init__(self, port: int, used: Callable[[], object] = lambda: None) -> None:
        self.cookie = f"nbsession-{port}"
        self._on_use = used
        self._current, self._former = _Values(), _Values()

    def address(self, url: str) -> str:
        """Return the address that opens the page at ``url``."""
        return f"{url}?token={self._current.token}{_FRAGMENT}{self._current.secret}"

    def renew(self) -> None:
        """Make the values of another page: the address of the former page opens nothing any more."""
        self._current, self._former = _Values(), self._current

    def exchange(self, token: str) -> str | None:
        """Return the ``Set-Cookie`` header for the token; None if it is wrong or has been used."""
        values = self._current
        if values.used or not _same(token, values.token):
            return None
        values.used = True
        self._on_use()
        return f"{self.cookie}={values.cookie}; Path=/; HttpOnly; SameSite=Lax"

    def opens(self, request: Request) -> bool:
        """Say whether the request carries this page's cookie, or the former one's, which may yet learn of its end."""
        given = request.cookies.get(self.cookie, "")
        return any(_same(given, values.cookie) for values in (self._current, self._former))

    def admits(self, request: Request, secret: object) -> bool:
        """Say whether the page that says hello is the one that was opened last.

        Parameters
        ----------
        request : Request
            The request by which it says hello.
        secret : object
            What it calls its secret.
        """
        values, given = self._current, request.cookies.get(self.cookie, "")
        return isinstance(secret, str) and _same(given, values.cookie) and _same(secret, values.secret)


class _Values:
    """What opens one page."""

    def __init__(self) -> None:
        self.token, self.cookie, self.secret = (secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(3))
        self.used = False  # the token


def _same(given: str, expected: str) -> bool:
    return secrets.compare_digest(given.encode(errors="replace"), expected.encode())

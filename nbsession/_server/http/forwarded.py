"""A proxy's headers about the visitor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .host_policy import is_address, is_loopback

if TYPE_CHECKING:
    from .request import Request

# Headers that proxies add to requests.
_TRACES = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "X-Forwarded-Proto",
    "X-Forwarded-Server",
    "X-Real-Ip",
    "X-Scheme",
)


def as_forwarded(request: Request) -> Request:
    """Return a request as the visitor sent it, according to a proxy's headers.

    Uses the last entries of ``X-Forwarded-For``, ``X-Forwarded-Proto`` and ``X-Forwarded-Host``: the proxy in front has
    written them, whereas earlier entries may come from the visitor. ``X-Real-Ip`` and ``X-Scheme`` count only if the
    proxy sends none of the former, because a proxy passes on a visitor's header that it does not set itself. Values
    that are not an address, or not a web scheme, are ignored.
    """
    address = _last(request, "X-Forwarded-For") or _last(request, "X-Real-Ip")
    scheme = _last(request, "X-Forwarded-Proto") or _last(request, "X-Scheme")
    host = _last(request, "X-Forwarded-Host")
    return replace(
        request,
        user_ip=address if is_address(address) else request.user_ip,
        secure=scheme == "https" if scheme in {"http", "https"} else request.secure,
        host=host or request.host,
    )


def is_direct(request: Request) -> bool:
    """Return whether a request comes from a browser on the server's machine, as far as the request shows."""
    return is_loopback(request.host) and not any(request.headers.get(name) for name in _TRACES)


def _last(request: Request, name: str) -> str:
    """Return the last entry of a header. The header may consist of several lines, because some proxies add one."""
    lower = name.lower()
    lines = [value for key, value in request.headers.items() if key.lower() == lower]
    return lines[-1].rpartition(",")[2].strip() if lines else ""

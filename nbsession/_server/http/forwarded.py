"""What a proxy in front says of the visitor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .host_policy import is_address, is_loopback

if TYPE_CHECKING:
    from .request import Request

# Headers that proxies add to what they pass on.
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
    """Return a request as the visitor sent it, by the headers that proxies add.

    The last entries of ``X-Forwarded-For``, ``X-Forwarded-Proto`` and ``X-Forwarded-Host``, which the proxy in front
    has written: those before them may be the visitor's. ``X-Real-Ip`` and ``X-Scheme`` count only where the proxy
    sends none of the former, since it passes on what a visitor says in a header that it does not set. What is no
    address, or no scheme of the web, changes nothing.
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
    """Say whether a request comes from a browser of the machine it is sent to, by all that it tells of its way."""
    return is_loopback(request.host) and not any(request.headers.get(name) for name in _TRACES)


def _last(request: Request, name: str) -> str:
    """Return the last entry of a header, which may have come in several lines: some proxies add one."""
    lower = name.lower()
    lines = [value for key, value in request.headers.items() if key.lower() == lower]
    return lines[-1].rpartition(",")[2].strip() if lines else ""

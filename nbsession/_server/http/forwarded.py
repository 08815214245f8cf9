"""What a proxy in front says of the visitor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .gate import is_address, is_loopback

if TYPE_CHECKING:
    from .asked import Asked

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


def as_forwarded(asked: Asked) -> Asked:
    """Return a request as the visitor sent it, by the headers that proxies add.

    The last entries of ``X-Forwarded-For``, ``X-Forwarded-Proto`` and ``X-Forwarded-Host``, which the proxy in front
    has written: those before them may be the visitor's. ``X-Real-Ip`` and ``X-Scheme`` count only where the proxy
    sends none of the former, since it passes on what a visitor says in a header that it does not set. What is no
    address, or no scheme of the web, changes nothing.
    """
    address = _last(asked, "X-Forwarded-For") or _last(asked, "X-Real-Ip")
    scheme = _last(asked, "X-Forwarded-Proto") or _last(asked, "X-Scheme")
    host = _last(asked, "X-Forwarded-Host")
    return replace(
        asked,
        user_ip=address if is_address(address) else asked.user_ip,
        secure=scheme == "https" if scheme in {"http", "https"} else asked.secure,
        host=host or asked.host,
    )


def is_direct(asked: Asked) -> bool:
    """Say whether a request comes from a browser of the machine it is sent to, by all that it tells of its way."""
    return is_loopback(asked.host) and not any(asked.headers.get(name) for name in _TRACES)


def _last(asked: Asked, name: str) -> str:
    """Return the last entry of a header, which may have come in several lines: some proxies add one."""
    lower = name.lower()
    lines = [value for key, value in asked.headers.items() if key.lower() == lower]
    return lines[-1].rpartition(",")[2].strip() if lines else ""

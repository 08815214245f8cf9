"""What a proxy in front says of the visitor."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import TYPE_CHECKING

from .gate import is_loopback

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
    """Return a request as the visitor sent it, by the headers that tornado's ``xheaders`` believes.

    ``X-Real-Ip`` or the last of ``X-Forwarded-For``, ``X-Scheme`` or the last of ``X-Forwarded-Proto``, and
    ``X-Forwarded-Host``. What is no address, or no scheme of the web, changes nothing.
    """
    headers = asked.headers
    address = headers.get("X-Real-Ip") or _last(headers.get("X-Forwarded-For", ""))
    scheme = headers.get("X-Scheme") or _last(headers.get("X-Forwarded-Proto", ""))
    host = headers.get("X-Forwarded-Host", "").split(",")[0].strip()
    return replace(
        asked,
        user_ip=address if _is_address(address) else asked.user_ip,
        secure=scheme == "https" if scheme in {"http", "https"} else asked.secure,
        host=host or asked.host,
    )


def is_direct(asked: Asked) -> bool:
    """Say whether a request comes from a browser of the machine it is sent to, by all that it tells of its way."""
    return is_loopback(asked.host) and not any(asked.headers.get(name) for name in _TRACES)


def _last(listed: str) -> str:
    return listed.rpartition(",")[2].strip()


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True

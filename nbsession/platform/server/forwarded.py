"""What a proxy in front says of the visitor."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .asked import Asked


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


def _last(listed: str) -> str:
    return listed.rpartition(",")[2].strip()


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True

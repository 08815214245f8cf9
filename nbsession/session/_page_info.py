"""What a page says of its reader's screen, clock and address, in Python's words."""

from __future__ import annotations

import ipaddress
from datetime import timedelta, timezone, tzinfo
from math import isfinite
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

_MINUTES_A_DAY = 24 * 60
_MOST_PARAMETERS = 1000


class Screen(NamedTuple):
    """The reader's screen.

    Attributes
    ----------
    width, height : int
        CSS pixels.
    pixel_ratio : float
        Physical pixels for each of them.
    """

    width: int
    height: int
    pixel_ratio: float


def screen(info: dict[str, Any]) -> Screen:
    """Return the screen; one of no size where the page does not tell."""
    said = info.get("screen")
    fields: dict[str, Any] = said if isinstance(said, dict) else {}
    width, height, ratio = (_number(fields.get(name)) for name in ("width", "height", "pixel_ratio"))
    return Screen(int(width), int(height), float(ratio or 1))


def time_zone(info: dict[str, Any]) -> tzinfo:
    """Return the zone by its name, else by its present offset: browsers may hide it, systems have no list of zones."""
    name = info.get("timezone")
    if isinstance(name, str) and name:
        try:
            return ZoneInfo(name)
        except (LookupError, ValueError, OSError):  # unknown; no name of a zone; a folder of zones
            pass
    minutes = _number(info.get("utc_offset"))
    return timezone(timedelta(minutes=minutes if abs(minutes) < _MINUTES_A_DAY else 0))


def query(url: str) -> dict[str, str]:
    """Return the parameters of an address, the first value of each."""
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return {}
    parameters: dict[str, str] = {}
    for name, value in pairs:
        parameters.setdefault(name, value)
    return parameters


def loopback_address(info: dict[str, Any]) -> str:
    """Return the address of a reader whose page comes from this very machine; ``''`` of any other."""
    try:
        host = urlsplit(str(info.get("origin", ""))).hostname or ""
        if host == "localhost" or host.endswith(".localhost"):
            return "127.0.0.1"
        return host if ipaddress.ip_address(host).is_loopback else ""
    except ValueError:  # a name, or no address at all
        return ""


def _number(value: object) -> float:
    if not isinstance(value, (int, float)) or type(value) is bool:
        return 0
    try:
        return value if isfinite(value) else 0
    except OverflowError:  # an integer beyond any float
        return 0

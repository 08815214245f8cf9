"""What a text has to look like for each type of ``input``, as HTML defines it, and what it compares as."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
# Whose addresses have a host.
_HOSTED = frozenset({"http", "https", "ftp", "ws", "wss"})
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,3})?)?")
# Exponents have three digits at most, so that no text makes a number of a million digits.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LONGEST_NUMBER = 400

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 -- the reader's local time


def number(text: str) -> Fraction | None:
    """Return the exact number that a text is, or None. A float can hold it."""
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    exact = Fraction(text)
    try:
        float(exact)
    except OverflowError:
        return None
    return exact


def date(text: str) -> Fraction | None:
    """Return the days since 1970 of ``YYYY-MM-DD``, or None."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return Fraction(dt.date.fromisoformat(text).toordinal() - _EPOCH.toordinal())
    except ValueError:
        return None


def time(text: str) -> Fraction | None:
    """Return the seconds since midnight of ``HH:MM``, ``HH:MM:SS`` or ``HH:MM:SS.mmm``, or None."""
    if not _TIME.fullmatch(text):
        return None
    hours, minutes, *seconds = text.split(":")
    second = Fraction(seconds[0]) if seconds else Fraction(0)
    if int(hours) > 23 or int(minutes) > 59 or second >= 60:  # noqa: PLR2004 -- a day's
        return None
    return int(hours) * 3600 + int(minutes) * 60 + second


def datetime_local(text: str) -> Fraction | None:
    """Return the seconds since 1970 of a date, ``T``, and a time, or None."""
    day, _, clock = text.partition("T")
    days, seconds = date(day), time(clock)
    return None if days is None or seconds is None else days * 86400 + seconds


def is_color(text: str) -> bool:
    return _COLOR.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """Return whether a text is an absolute address. A browser's own parser may know more about it."""
    match = _URL.fullmatch(text)
    if match is None or not match[2]:
        return False
    return match[1].lower() not in _HOSTED or match[2].strip("/\\")[:1] not in {"", "?", "#"}


def is_email(text: str) -> bool:
    local, at, host = text.rpartition("@")
    return bool(at and _LOCAL.fullmatch(local)) and all(_LABEL.fullmatch(label) for label in host.split("."))


def written(value: object) -> str | None:
    """Return the text of a program's value: a text, a number, a date, a time. None if it has none."""
    if isinstance(value, str):
        return value
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).isoformat(timespec=_precision(value))
    if isinstance(value, dt.time):
        return value.replace(tzinfo=None).isoformat(timespec=_precision(value))
    if isinstance(value, dt.date):
        return value.isoformat()
    return None


def _precision(value: dt.datetime | dt.time) -> str:
    if value.microsecond:
        return "milliseconds"
    return "seconds" if value.second else "minutes"

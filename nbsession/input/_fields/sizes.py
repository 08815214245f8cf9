"""Sizes of files as users write them: ``500``, ``"40K"``, ``"3M"``."""

from __future__ import annotations

import re

_SIZE = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*([kmgtp]?)b?\s*", re.IGNORECASE | re.ASCII)
_UNITS = ("", "k", "m", "g", "t", "p")


def parse_size(function: str, name: str, size: object) -> int:
    """Return a size in bytes; 0 is no limit."""
    if isinstance(size, (int, float)) and not isinstance(size, bool) and 0 <= size < float("inf"):
        return int(size)
    match = _SIZE.fullmatch(size) if isinstance(size, str) else None
    if match is None:
        msg = f"{function}() expects {name} to be a number of bytes, or a str like '40K' or '3M', not {size!r:.80}"
        raise ValueError(msg) if isinstance(size, (str, int, float)) else TypeError(msg)
    number, unit = match.groups()
    bytes_ = 1024 ** _UNITS.index(unit.lower())
    return int(number) * bytes_ if number.isdigit() else int(float(number) * bytes_)

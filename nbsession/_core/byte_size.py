"""Numbers of bytes as users write them: ``500``, ``"40K"``, ``"3M"``."""

from __future__ import annotations

import re

_SIZE = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*([kmgtp]?)b?\s*", re.IGNORECASE | re.ASCII)
_UNITS = ("", "k", "m", "g", "t", "p")


def parse_byte_size(size: object) -> int | None:
    """Return a number of bytes that a user has written; None if it is none."""
    if isinstance(size, (int, float)) and not isinstance(size, bool) and 0 <= size < float("inf"):
        return int(size)
    match = _SIZE.fullmatch(size) if isinstance(size, str) else None
    if match is None:
        return None
    number, unit = match.groups()
    factor = 1024 ** _UNITS.index(unit.lower())
    return int(number) * factor if number.isdigit() else int(float(number) * factor)

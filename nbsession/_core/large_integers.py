"""Integers that JavaScript's numbers would round."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_EXACT = 2**53 - 1
"""The largest integer that a number of JavaScript holds exactly, as it does all smaller ones."""
# Values of these types contain no integers.
_WITHOUT = frozenset({str, float, bool, type(None)})

# A regular expression over JSON text takes longer than making the text did. So characters are translated to three
# classes first, and plain sequences are searched for, which is many times faster.
_DIGITS, _STARTS = b"0123456789", b"[,:-"
_CLASSES = bytes(
    ord("0") if code in _DIGITS else ord(",") if code in _STARTS else ord(" ") for code in range(256)
)
_START_CLASS = bytes(ord(",") if code in _STARTS else code for code in range(256))
# As patterns, because Python finds these faster than with ``in``.
_SIXTEEN = re.compile(b"," + 16 * b"0").search
_SEVENTEEN = re.compile(b"," + 17 * b"0").search
_FROM_NINE = re.compile(rb",9[0-9]{15}").search
_SHORT = 500


def is_safe(value: int) -> bool:
    """Whether JavaScript's numbers have this integer, and no other integer is rounded to it."""
    return -MOST_EXACT <= value <= MOST_EXACT


def has_large_integer(values: Mapping[str, object], text: str) -> bool:
    """Whether an integer in the values may not be safe. May be wrong in rare cases, but never misses one.

    Parameters
    ----------
    values : mapping
        The values.
    text : str
        JSON text that contains them, without white space between values.
    """
    if len(text) > _SHORT and (_all_safe(values) or not _has_digits(text)):
        return False
    classes = text.encode().translate(_CLASSES)
    if not _SIXTEEN(classes):
        return False
    return bool(_SEVENTEEN(classes) or _FROM_NINE(text.encode().translate(_START_CLASS)))


def _all_safe(values: Mapping[str, object]) -> bool:
    for value in values.values():
        kind = type(value)
        if kind not in _WITHOUT and not (kind is int and is_safe(value)):  # type: ignore[arg-type]
            return False
    return True


def _has_digits(text: str) -> bool:
    """Whether there may be sixteen digits in a row: of those, four are at every fourth character."""
    return b"0000" in text[::4].encode().translate(_CLASSES)

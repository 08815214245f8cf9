"""Texts as a page counts and sends them."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def scalar(text: str) -> str:
    """Return a text that can be encoded: halves of characters become U+FFFD, as when a browser submits a form."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)

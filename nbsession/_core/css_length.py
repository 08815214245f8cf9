"""CSS lengths."""

from __future__ import annotations

import re

_LENGTH = re.compile(r"0|\d+(\.\d+)?(px|%|em|rem|ch|vw|vh|vmin|vmax|cm|mm|in|pt)")


def length(function: str, name: str, value: object) -> str | None:
    """Return a value as a CSS length. A number is in pixels, None stays None.

    Raises
    ------
    ValueError
        If the value is invalid. The message names the function and its option.
    """
    if value is None:
        return None
    text = f"{value}px" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
    if not _LENGTH.fullmatch(text.strip()):
        msg = f"{function}() expects {name} to be a CSS length such as '50%' or '200px', not {value!r:.80}"
        raise ValueError(msg)
    return text.strip()

"""Outputs that are given to another one as its content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._output import Output
from ._text import put_text

Nested = str | Output | Sequence[str | Output]
"""Text, the return value of a ``put_...`` function, or a list of them."""


def nested(content: Any) -> list[Output]:
    """Return the outputs of a content. Anything that is no output becomes text."""
    given = content if isinstance(content, (list, tuple)) else [content]
    return [each if isinstance(each, Output) else put_text(each) for each in given]

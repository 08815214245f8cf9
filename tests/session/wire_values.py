"""What a page gets of a value."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

from nbsession._core.foreign_values import ARRAYS
from nbsession._core.values import decode, encode_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbsession._link import Buffer


def sent(value: object) -> object:
    """Return the value after its way. A typed array is a tuple of its kind and its numbers."""
    text, buffers = encode_command("run_js", ("run",), "code", {"a": value})
    _, _, args, *specials = json.loads(text)
    arrived = decode(args, specials[0] if specials else None, buffers, _array)
    assert isinstance(arrived, dict)
    return arrived["a"]


def _array(kind: str, payload: list[Any], buffers: Sequence[Buffer]) -> object:
    if kind not in ARRAYS:
        return NotImplemented
    return kind, [number for (number,) in struct.iter_unpack(f"<{ARRAYS[kind]}", buffers[payload[0]])]

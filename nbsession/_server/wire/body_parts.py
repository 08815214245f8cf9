"""Bodies that a page sends in several requests, because a proxy in front refuses large ones."""

from __future__ import annotations

from .envelope import LARGEST

PART = "Nbsession-Part"
"""The header of a request with a part of a body: ``0/3`` is the first of three."""

# The size of a message and of the length before it.
_LARGEST_WHOLE = LARGEST + 4


def is_last(part: str) -> bool:
    """Return whether this part is the last one."""
    index, _, count = part.partition("/")
    return count.isdecimal() and index == str(int(count) - 1)


class BodyParts:
    """The parts of one body received so far. The first part of a new body discards them."""

    def __init__(self) -> None:
        self._whole = bytearray()
        self._count = 0

    def add(self, part: str, body: bytes) -> bytes | None:
        """Add a request's body. Return the whole body if this was its last part.

        Raises
        ------
        ValueError
            If the part is out of order, or if the whole would be too large. All parts are discarded then.
        """
        index = part.partition("/")[0]
        if index == "0":
            self._clear()
        if index != str(self._count) or len(self._whole) + len(body) > _LARGEST_WHOLE:
            self._clear()
            msg = f"part {part[:40]!r} of {len(body)} bytes is out of order, or too large"
            raise ValueError(msg)
        self._whole += body
        self._count += 1
        if not is_last(part):
            return None
        whole = bytes(self._whole)
        self._clear()
        return whole

    def _clear(self) -> None:
        self._whole.clear()
        self._count = 0

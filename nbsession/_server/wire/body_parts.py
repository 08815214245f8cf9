"""What a page says in several requests, since a proxy in front lets no large one through."""

from __future__ import annotations

from .envelope import LARGEST

PART = "Nbsession-Part"
"""The header of a request that has a part of a message: ``0/3`` is the first of three."""

# A message, and the length in front of it.
_LARGEST_WHOLE = LARGEST + 4


def is_last(part: str) -> bool:
    """Say whether nothing is missing after this part."""
    index, _, count = part.partition("/")
    return count.isdecimal() and index == str(int(count) - 1)


class BodyParts:
    """The parts of one body so far. A body that begins anew takes the place of the former."""

    def __init__(self) -> None:
        self._whole = bytearray()
        self._count = 0

    def add(self, part: str, body: bytes) -> bytes | None:
        """Add a request's body; return the whole when this was its last part.

        Raises
        ------
        ValueError
            If it is not that part's turn, or the whole would be too large. Nothing is kept then.
        """
        index = part.partition("/")[0]
        if index == "0":
            self._clear()
        if index != str(self._count) or len(self._whole) + len(body) > _LARGEST_WHOLE:
            self._clear()
            msg = f"part {part[:40]!r} of {len(body)} bytes is out of turn, or too large"
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

"""The content and the name of a download."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from .download_advice import advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Bytes in one message. Together with the message's own text, it is still one fragment of the link, and not copied.
PIECE = 1024 * 1024 - 1024
# The longest file name that common file systems allow, in bytes of UTF-8.
_LONGEST_NAME = 255
_SEPARATORS = re.compile(r"[/\\]+")
# Control characters, and those that change the direction of text (gpj.exe shown as exe.jpg).
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def file_name(name: object) -> str:
    """Return ``name`` as a file name that cannot leave the browser's download folder.

    Raises
    ------
    TypeError
        If it is not a string.
    ValueError
        If it has no valid characters.
    """
    if not isinstance(name, str):
        msg = f"download() expects the file name as a str, not {type(name).__name__}: {name!r:.80}"
        raise TypeError(msg)
    safe = _SEPARATORS.sub("_", _CONTROL.sub("", name)).strip()
    if not safe.strip("._ "):
        msg = f"download() expects a file name, and {name!r:.80} has no usable characters"
        raise ValueError(msg)
    suffix = PurePosixPath(safe).suffix
    stem = safe.removesuffix(suffix)
    room = max(0, _LONGEST_NAME - len(suffix.encode()))
    return stem.encode()[:room].decode(errors="ignore") + suffix.encode()[:_LONGEST_NAME].decode(
        errors="ignore"
    )


class Content:
    """The content that was passed to ``download``.

    Attributes
    ----------
    in_memory : bytes or None
        The whole content, if it is bytes or text.
    size : int or None
        The length in bytes, if it is known before the content is read.
    """

    def __init__(self, content: object) -> None:
        self.in_memory: bytes | None = None
        self.size: int | None = None
        self._pieces: Iterable[object] = ()
        if isinstance(content, str):
            self.in_memory = content.encode()
        elif isinstance(content, (bytes, bytearray, memoryview)):
            self.in_memory = content if type(content) is bytes else bytes(content)
        elif isinstance(content, os.PathLike):
            path = Path(content)
            self.size = path.stat().st_size
            self._pieces = _read(path.open("rb"), close=True)
        elif callable(getattr(content, "read", None)):
            self._pieces = _read(content, close=False)
        elif hasattr(content, "__iter__") and not isinstance(content, (dict, set)) and not advice(content):
            self._pieces = content
        else:
            instead = advice(content)
            more = f". Pass {instead}" if instead else f": {content!r:.80}"
            msg = (
                "download() expects content that is bytes-like, a str, a path, a binary file or an iterator of bytes, "
                f"not {type(content).__name__}{more}"
            )
            raise TypeError(msg)
        if self.in_memory is not None:
            self.size = len(self.in_memory)

    def forget(self) -> None:
        """Release the content: it has been sent, or never will be."""
        self.in_memory, self._pieces = None, ()

    def pieces(self) -> Iterator[bytes]:
        """Yield the content in pieces of ``PIECE`` bytes, the last one smaller."""
        gathered = bytearray()
        for part in self._pieces:
            if not isinstance(part, (bytes, bytearray, memoryview)):
                msg = f"download() expects content that yields bytes, not {type(part).__name__}: {part!r:.80}"
                raise TypeError(msg)
            gathered += part
            while len(gathered) >= PIECE:
                yield bytes(gathered[:PIECE])
                del gathered[:PIECE]
        if gathered:
            yield bytes(gathered)


def _read(file: object, *, close: bool) -> Iterator[object]:
    try:
        while part := file.read(PIECE):  # type: ignore[attr-defined]
            yield part
    finally:
        if close:
            file.close()  # type: ignore[attr-defined]

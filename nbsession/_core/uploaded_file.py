"""A file that the reader has uploaded."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .download_content import file_name

if TYPE_CHECKING:
    import os

    from .upload_content import UploadContent

_SEPARATORS = re.compile(r"[/\\]")
_TYPE = re.compile(r"[\w.+-]{1,127}/[\w.+-]{1,127}", re.ASCII)
# A name is cut to 255 bytes; what is far beyond that is not even looked at.
_LONGEST_LOOKED_AT = 4096
_ANY_TYPE = "application/octet-stream"
_NAMELESS = "file"


@dataclass(frozen=True, eq=False)
class UploadedFile:
    """A file that the reader has uploaded. Its content exists as long as the object does.

    Attributes
    ----------
    filename : str
        The name without folders, at most 255 bytes in UTF-8, without control characters.
    mime_type : str
        What the browser takes it for; ``application/octet-stream`` if it does not know.
    last_modified : float
        Seconds since 1970, by the reader's computer.
    size : int
        Bytes.
    """

    filename: str
    mime_type: str
    last_modified: float
    size: int
    _content: UploadContent

    def content(self) -> bytes:
        """Return the whole content."""
        return self._content.read()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Save the file without reading it into memory. A file that is there is replaced.

        On Linux, nothing is copied if the temporary file is on the same file system.

        Raises
        ------
        OSError
            If it could not be saved. A file that is there is then unchanged.
        """
        self._content.save(path)


def base_name(name: object) -> str:
    """Return the last part of a path that the page has sent, as a safe file name."""
    if not isinstance(name, str):
        return _NAMELESS
    try:
        return file_name(_SEPARATORS.split(name[-_LONGEST_LOOKED_AT:])[-1])
    except ValueError:
        return _NAMELESS


def mime_type(text: object) -> str:
    """Return a content type that the page has sent, if it is one."""
    return text if isinstance(text, str) and _TYPE.fullmatch(text) else _ANY_TYPE


def timestamp(milliseconds: object) -> float:
    """Return the seconds of a time that the page has sent; 0.0 if it is none."""
    if type(milliseconds) is int or type(milliseconds) is float:
        seconds = milliseconds / 1000 if abs(milliseconds) < 2**53 else math.nan
        return seconds if math.isfinite(seconds) else 0.0
    return 0.0

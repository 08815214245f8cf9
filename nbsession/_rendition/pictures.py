"""Images, as data in the HTML as far as there is room."""

from __future__ import annotations

import base64
import re
from html import escape
from typing import Any

from .links import fetchable
from .markup import note, plain, quoted, size_text

LARGEST = 512 * 1024
"""Characters of the largest image in the HTML."""

# What browsers show in <img>, where the scripts and addresses of an SVG have no effect.
TYPES = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/bmp",
        "image/avif",
        "image/x-icon",
        "image/svg+xml",
    }
)
_DATA = re.compile(r"data:(image/[a-z+-]+)[;,]", re.ASCII)
_PIXELS = re.compile(r"(\d{1,5})(?:\.\d+)?px", re.ASCII)
_SHARE = re.compile(r"\d{1,3}(?:\.\d+)?%", re.ASCII)
_GROUNDS = {"light": "#fff", "dark": "#111"}


class Room:
    """The room for images.

    Parameters
    ----------
    size : int, optional
        Characters for all of them; by default, only that of each is limited.

    Attributes
    ----------
    used : int
        Characters of the images so far.
    """

    def __init__(self, size: int | None = None) -> None:
        self._size = size
        self.used = 0

    def take(self, size: int) -> bool:
        """Return whether an image of this size goes into the HTML."""
        if size > LARGEST or (self._size is not None and self.used + size > self._size):
            return False
        self.used += size
        return True

    def takes_address(self, address: str) -> bool:
        """Return whether the address is an image in itself for which there is room."""
        match = _DATA.match(address)
        return match is not None and match[1] in TYPES and self.take(len(address))


def picture(fields: dict[str, Any], room: Room) -> str:
    """Return the image of a node of kind ``image``."""
    content, kind = fields.get("content"), plain(fields.get("type"))
    title = plain(fields.get("title"))
    if content is None:
        return _at(plain(fields.get("url")), title, fields, room)
    if isinstance(content, str):
        content = content.encode("utf-8", "replace")
    if not isinstance(content, (bytes, bytearray, memoryview)):
        return ""
    size = len(content)
    if kind not in TYPES or not room.take(_encoded_size(size, kind)):
        return _missing(title, size)
    data = base64.b64encode(content).decode()
    return _image(f"data:{kind};base64,{data}", title, fields)


def _encoded_size(size: int, kind: str) -> int:
    return len(f"data:{kind};base64,") + (size + 2) // 3 * 4


def _at(url: str, title: str, fields: dict[str, Any], room: Room) -> str:
    if url.startswith("data:"):
        return _image(url, title, fields) if room.takes_address(url) else _missing(title, len(url) * 3 // 4)
    if fetchable(url):
        shown = escape(title or url)
        return f'<p>Image: <a href="{escape(url)}" rel="noopener noreferrer">{shown}</a></p>'
    return _missing(title, None)


def _missing(title: str, size: int | None) -> str:
    about = "" if size is None else f" ({size_text(size)})"
    return note(f"Image{quoted(title)}{about}: run the notebook to see it.")


def _image(address: str, title: str, fields: dict[str, Any]) -> str:
    attributes = [f'src="{escape(address)}"', f'alt="{escape(title or "Image")}"']
    if title:
        attributes.append(f'title="{escape(title)}"')
    for name in ("width", "height"):
        length = _length(plain(fields.get(name)))
        if length:
            attributes.append(f'{name}="{length}"')
    ground = _GROUNDS.get(plain(fields.get("ground")))
    if ground:
        attributes.append(f'style="background-color:{ground}"')
    return f"<p><img {' '.join(attributes)}></p>"


def _length(length: str) -> str:
    pixels = _PIXELS.fullmatch(length)
    return pixels[1] if pixels else length if _SHARE.fullmatch(length) else ""

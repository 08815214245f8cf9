"""``put_image``."""

from __future__ import annotations

import io
import mimetypes
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbsession._core.css_length import length

from ._content import Content
from ._output import Output
from ._shown import show

if TYPE_CHECKING:
    from ._placement import Scope

_URL = re.compile(r"(https?|data|blob):", re.IGNORECASE)

# The first bytes of a file, and its MIME type.
_BEGINNINGS = (
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
)


def put_image(
    src: Any,
    format: str | None = None,  # noqa: A002 -- PyWebIO's name
    title: str = "",
    width: str | int | None = None,
    height: str | int | None = None,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show an image.

    Parameters
    ----------
    src : bytes-like, PIL image, path or URL
        The image. A ``str`` is a path if the kernel's machine has such a file, else a URL. A URL relative to the page
        must contain a slash: ``'./plot.png'``, ``'static/plot.png'``. ``os.PathLike`` is a path. Bytes are sent to the
        page unchanged, whatever their size. Above 16 MiB, a session keeps only the newest outputs.
    format : str, optional
        The format, such as ``'png'``, for the encoding of a PIL image, or of bytes. By default, a PIL image keeps its
        format (else PNG), and the format of bytes is detected.
    title : str
        A description of the image: its tooltip, and its text for screen readers.
    width, height : str or int, optional
        The size: a CSS length such as ``'50%'`` or ``'200px'``, or a number of pixels.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError
        If ``src`` has another type.
    ValueError
        If a length is not valid, or if the format of bytes cannot be detected and ``format`` is missing.
    FileNotFoundError
        If the file does not exist.

    Examples
    --------
    >>> from nbsession.output import put_image
    >>> circle = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4.5" cy="4.5" r="4"/></svg>'
    >>> put_image(circle, format="svg", title="A circle", width=90)  # doctest: +SKIP

    Notes
    -----
    A served page loads images of other hosts only if ``allowed_sources`` of ``start_server`` lists them. Otherwise it
    shows an explanation in the image's place.

    Corresponds to ``pywebio.output.put_image``.
    """
    return show(
        "put_image", scope, position, _image, src, format=format, title=title, width=width, height=height
    )


def _image(
    src: Any,
    format: str | None = None,  # noqa: A002
    title: str = "",
    width: str | int | None = None,
    height: str | int | None = None,
) -> Content:
    fields: dict[str, object] = {
        **_source(src, format),
        "title": str(title),
        "width": length("put_image", "width", width),
        "height": length("put_image", "height", height),
    }
    return Content("image", fields)


def _source(src: Any, format_: str | None) -> dict[str, object]:
    path = src if isinstance(src, os.PathLike) else None
    if isinstance(src, str):
        is_file = not _URL.match(src) and os.path.isfile(src)  # noqa: PTH113 -- Path() raises on what is no path
        if not is_file:
            return {"url": _url(src), "content": None, "type": ""}
        path = Path(src)
    if path is not None:
        content = Path(path).read_bytes()
        guessed = mimetypes.guess_type(os.fspath(path))[0] or ""
        named = _mime(format_) or (guessed if guessed.startswith("image/") else "")
        return {"url": None, "content": content, "type": named or _kind(content)}
    pil = sys.modules.get("PIL.Image")
    if pil is not None and isinstance(src, pil.Image):
        format_ = format_ or src.format or "PNG"
        stream = io.BytesIO()
        src.save(stream, format=format_)
        return {"url": None, "content": stream.getvalue(), "type": _mime(format_)}
    if isinstance(src, (bytes, bytearray, memoryview)):
        content = bytes(src)
        return {"url": None, "content": content, "type": _mime(format_) or _kind(content)}
    msg = f"put_image() expects bytes, a PIL image, a path or a URL, not {type(src).__name__}: {src!r:.80}"
    raise TypeError(msg)


def _url(src: str) -> str:
    if not _URL.match(src) and "/" not in src:
        msg = (
            f"put_image() found no file {src!r:.80} in {os.getcwd()!r}; "  # noqa: PTH109 -- a str
            "a URL relative to the page must contain a slash, such as './plot.png'"
        )
        raise FileNotFoundError(msg)
    return src


def _mime(format_: str | None) -> str:
    return (
        "" if not format_ else mimetypes.guess_type(f"x.{format_.lower()}")[0] or f"image/{format_.lower()}"
    )


def _kind(content: bytes) -> str:
    """Return the MIME type of an image, detected from its first bytes."""
    for beginning, mime in _BEGINNINGS:
        if content.startswith(beginning):
            return mime
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:12] in {b"ftypavif", b"ftypavis"}:
        return "image/avif"
    if b"<svg" in content[:1024]:
        return "image/svg+xml"
    msg = (
        f"put_image() cannot detect the format of an image that starts with {content[:12]!r}; "
        "pass it, such as format='png'"
    )
    raise ValueError(msg)

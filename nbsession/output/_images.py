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

from ._shown import Content, Output, show

if TYPE_CHECKING:
    from ._placement import Scope

_URL = re.compile(r"(https?|data|blob):", re.IGNORECASE)

# The first bytes of a file, and what it is.
_BEGINNINGS = (
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
)


def put_image(
    src: Any,
    format: str | None = None,  # noqa: A002 -- the original's name
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
        The image. A ``str`` is the path of a file of the kernel's if there is one, else a URL. One that is relative
        to the page has a slash in it: ``'./plot.png'``, ``'static/plot.png'``. ``os.PathLike`` is a path.
        Bytes go to the page as they are, whatever their size; beyond 16 MiB only the newest outputs are kept.
    format : str, optional
        Its format, such as ``'png'``: what a PIL image is encoded as, and what bytes are. Without it PIL images keep
        theirs (else PNG), and bytes tell by themselves.
    title : str
        What it shows: shown when the mouse rests on it, and what screen readers say.
    width, height : str or int, optional
        Its size: a CSS length such as ``'50%'`` or ``'200px'``; a number is in pixels.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        What updates and removes it.

    Raises
    ------
    TypeError
        If ``src`` is nothing of these.
    ValueError
        If a length is none, or bytes do not tell what image they are and ``format`` does not either.
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> from nbsession.output import put_image
    >>> circle = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4.5" cy="4.5" r="4"/></svg>'
    >>> put_image(circle, format="svg", title="A circle", width=90)  # doctest: +SKIP

    Notes
    -----
    A page of a server loads images of other hosts only if they are among ``allowed_sources`` of ``start_server``.
    Otherwise it says so in the image's place.

    The original's ``pywebio.output.put_image``.
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
            "a URL that is relative to the page has a slash in it, as './plot.png'"
        )
        raise FileNotFoundError(msg)
    return src


def _mime(format_: str | None) -> str:
    return (
        "" if not format_ else mimetypes.guess_type(f"x.{format_.lower()}")[0] or f"image/{format_.lower()}"
    )


def _kind(content: bytes) -> str:
    """Return the MIME type of an image, as its first bytes tell it."""
    for beginning, mime in _BEGINNINGS:
        if content.startswith(beginning):
            return mime
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:12] in {b"ftypavif", b"ftypavis"}:
        return "image/avif"
    if b"<svg" in content[:1024]:
        return "image/svg+xml"
    msg = f"put_image() cannot tell what image begins with {content[:12]!r}; give its format, such as format='png'"
    raise ValueError(msg)

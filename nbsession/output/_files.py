"""``put_file``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from nbsession._core.current import current_session
from nbsession._core.download_content import file_name
from nbsession.exceptions import BacklogFullError
from nbsession.session import download

from ._shown import Content, Output, show

if TYPE_CHECKING:
    from ._placement import Scope


def put_file(
    name: str,
    content: bytes | str | os.PathLike[str],
    label: str | None = None,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show a link that saves a file.

    Parameters
    ----------
    name : str
        The file's name.
    content : bytes-like, str or path
        The file's content. Bytes are taken as they are now; ``str`` is text, encoded as UTF-8; a path
        (``os.PathLike``) is read at each click. It stays in Python until the reader wants it, and does not count among
        the 16 MiB that a session keeps to show.
    label : str, optional
        What stands on the link; the name if there is none.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        What updates and removes it.

    Raises
    ------
    TypeError
        If the content is of another kind.
    ValueError
        If nothing is left of ``name`` without what a file's name may not have.

    Examples
    --------
    >>> from nbsession.output import put_file
    >>> put_file("hello.txt", b"hello", "the greeting")  # doctest: +SKIP

    Notes
    -----
    The original's ``pywebio.output.put_file``, which sends the content to the page at once.
    """
    return show("put_file", scope, position, _file, name, content, label=label)


def _file(name: str, content: Any, label: str | None = None) -> Content:
    safe = file_name(name)
    if isinstance(content, (bytearray, memoryview)):
        content = bytes(content)
    elif isinstance(content, str):
        content = content.encode()  # once: each click would do it again
    if not isinstance(content, (bytes, os.PathLike)):
        msg = f"put_file() expects content to be bytes, str or a path, not {type(content).__name__}: {content!r:.80}"
        raise TypeError(msg)

    def save(_: object) -> None:
        try:
            download(safe, content)
        except BacklogFullError as error:  # a reader's browser fetches what it asks for
            page = current_session().page
            if page is not None:
                page.violate(f"it asked for files and fetched none: {error}")

    # Beside other callbacks: one that takes long keeps nobody from a file.
    return Content("file", {"label": safe if label is None else str(label)}, called=save, serial=False)

"""``put_file``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from nbsession._core.current import current_session
from nbsession._core.download_content import file_name
from nbsession.exceptions import BacklogFullError
from nbsession.session import download

from ._content import Content
from ._output import Output
from ._shown import show

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
        The file's content. Bytes are read at the call; ``str`` is text, encoded as UTF-8; a path (``os.PathLike``) is
        read at each click. The content stays in Python until the reader clicks, and does not count towards the 16 MiB
        of outputs that a session keeps.
    label : str, optional
        The link's text; by default the name.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError
        If the content has another type.
    ValueError
        If ``name`` has no characters that are valid in a file name.

    Examples
    --------
    >>> from nbsession.output import put_file
    >>> put_file("hello.txt", b"hello", "the greeting")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_file``, which sends the content to the page immediately.
    """
    return show("put_file", scope, position, _file, name, content, label=label)


def _file(name: str, content: Any, label: str | None = None) -> Content:
    safe = file_name(name)
    if isinstance(content, (bytearray, memoryview)):
        content = bytes(content)
    elif isinstance(content, str):
        content = content.encode()  # once, not at each click
    if not isinstance(content, (bytes, os.PathLike)):
        msg = f"put_file() expects content to be bytes, str or a path, not {type(content).__name__}: {content!r:.80}"
        raise TypeError(msg)

    def save(_: object) -> None:
        try:
            download(safe, content)
        except BacklogFullError as error:  # the reader's browser requested files and fetched none
            page = current_session().page
            if page is not None:
                page.violate(f"it requested files and fetched none: {error}")

    # Concurrent with other callbacks: a slow one must not delay a file.
    fields = {
        "label": safe if label is None else str(label),
        "name": safe,
        "size": len(content) if isinstance(content, bytes) else None,
    }
    return Content("file", fields, called=save, serial=False)

"""``download``."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from nbsession._core.brief import BRIEF
from nbsession._core.current import called_from_coroutine, current_session
from nbsession._core.download_channel import Download
from nbsession._core.download_content import Content, file_name

from ._offers import admit_download

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from typing import BinaryIO


def download(
    name: str, content: bytes | bytearray | memoryview | str | os.PathLike[str] | BinaryIO | Iterable[bytes]
) -> Download:
    """Send a file to the reader; the browser saves it as a download.

    Parameters
    ----------
    name : str
        The file name. Path separators become ``_``, control characters are removed.
    content : bytes-like, str, path, binary file or iterable of bytes
        The file's content. Bytes are taken as they are now and the call returns at once; ``str`` is text, encoded as
        UTF-8. Paths (``os.PathLike``), files and iterators are read to the end before the call returns, at
        most 4 MiB ahead of the page; in a coroutine, and in a callback of a coroutine app, a thread reads them and the
        call returns at once.

    Returns
    -------
    Download
        ``wait(timeout=None)`` blocks, ``await`` awaits and ``done`` says whether every byte was handed to the
        browser's download manager; on a server's page, whether the last byte was given to the network.

    Raises
    ------
    BacklogFullError
        On a server's page, where more than 64 MiB wait to be fetched and the call may not wait for that: in a
        coroutine. Elsewhere it waits.
    TypeError
        If ``name`` is no string, or ``content`` (or what it yields) is nothing that can be sent.
    ValueError
        If nothing is left of ``name``.

    Examples
    --------
    >>> from nbsession import download
    >>> download("hello-world.txt", b"hello world!")  # doctest: +SKIP

    Notes
    -----
    The original's ``pywebio.session.download``, which takes bytes-like content only.
    """
    __tracebackhide__ = True
    with BRIEF:
        session = current_session()
        name = file_name(name)
        on_loop = session.loop_thread == threading.get_ident()
        admit_download(session)
        kept = Content(content)
        result = Download(session, session.platform.next_channel(), name, kept)
        streamed = kept.in_memory is None
        session.add_download(result)
        if streamed and (called_from_coroutine(sys._getframe(1)) or on_loop):
            session.callbacks.start_beside(result.stream_quietly)
        elif streamed:
            result.stream()
        return result

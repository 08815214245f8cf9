"""``download``."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from nbsession._core.brief import BRIEF
from nbsession._core.calling_code import called_from_coroutine
from nbsession._core.current import current_session
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
        The file's content. Bytes are read at the call, which returns at once; ``str`` is text, encoded as UTF-8. Paths
        (``os.PathLike``), files and iterators are read to the end before the call returns, at most 4 MiB ahead of the
        page. In a coroutine, and in a callback of a coroutine app, a thread reads them and the call returns at once.

    Returns
    -------
    Download
        ``wait(timeout=None)`` blocks, and ``await`` awaits, until the browser's download manager has every byte;
        ``done`` returns whether it has. On a served page, they refer to the last byte handed to the network.

    Raises
    ------
    BacklogFullError
        On a served page, in a coroutine, if more than 64 MiB wait to be fetched. In other code, the call waits.
    TypeError
        If ``name`` is not a string, or ``content`` (or an item that it yields) cannot be sent.
    ValueError
        If ``name`` has no characters that are valid in a file name.

    Examples
    --------
    >>> from nbsession import download
    >>> download("hello-world.txt", b"hello world!")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.session.download``, which takes bytes-like content only.
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
        session.delivery.add_download(result)
        if streamed and (called_from_coroutine(sys._getframe(1)) or on_loop):
            session.callbacks.start_beside(result.stream_quietly)
        elif streamed:
            result.stream()
        return result

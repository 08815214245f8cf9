"""A file as a WSGI response: sent piece by piece, on the thread of its request."""

from __future__ import annotations

import errno
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbsession._server.files.transfers import FileTransfer


class CutError(ConnectionResetError):
    """The file is incomplete. The server then closes the connection, so that the browser notices."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "the download was cancelled")


class FileBody:
    """The body of a response with a file.

    Parameters
    ----------
    transfer : FileTransfer
        The file.
    """

    def __init__(self, transfer: FileTransfer) -> None:
        self.headers = transfer.headers()
        self._transfer = transfer
        self._news = threading.Event()
        self._delivered = False
        self._pieces = self._read()
        transfer.on_gone(self._news.set)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Handle the end of the response, complete or not. Called by the server."""
        if not self._delivered:
            self._transfer.broken()

    def _read(self) -> Iterator[bytes]:
        transfer = self._transfer
        while True:
            self._news.clear()
            piece = transfer.take(self._news.set)
            if piece == b"":
                break
            if transfer.closed:
                raise CutError
            if piece is None:
                self._news.wait()
                continue
            yield piece
            transfer.written()  # the server asks for more only when it has sent the former piece
        if not transfer.complete():
            raise CutError
        self._delivered = True
        transfer.delivered()

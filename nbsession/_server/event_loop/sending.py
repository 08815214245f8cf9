"""A file as a response on an event loop: sent piece by piece, as fast as the browser receives it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from nbsession._sync.waiter import FutureWake

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from nbsession._server.files.transfers import FileTransfer


class FileResponse(Protocol):
    """The framework's response to a request for a file."""

    async def begin(self, headers: Mapping[str, str]) -> None:
        """Send the headers, so that the browser shows the start of the download."""
        ...

    async def write(self, piece: bytes) -> None:
        """Send bytes. Returns when the system can take more; raises OSError if the connection is closed."""
        ...

    async def finish(self) -> None:
        """End the response."""
        ...

    def cut(self) -> None:
        """Close the connection.

        The browser detects an incomplete file by the missing bytes or the missing last chunk.
        """
        ...


async def send_file(transfer: FileTransfer, response: FileResponse) -> None:
    """Send a file. Returns when it has been sent or has failed."""
    gone = FutureWake()
    transfer.on_gone(gone)
    sent = False
    try:
        if await _write(transfer, response, gone) and transfer.complete():
            if transfer.sized:
                transfer.delivered()  # a browser that has received everything may close the connection at once
            await response.finish()
            transfer.delivered()
            sent = True
    except OSError:
        pass
    finally:
        if not sent:
            transfer.broken()
    if not sent:
        response.cut()


async def _write(transfer: FileTransfer, response: FileResponse, gone: FutureWake) -> bool:
    """Write the whole file. Return False if the transfer was closed before."""
    await _unless(gone, response.begin(transfer.headers()))
    while True:
        news = FutureWake()
        piece = transfer.take(news)
        if piece == b"":
            return True
        if gone.future.done():
            return False
        if piece is None:
            await _unless(gone, news.future)
            continue
        if not await _unless(gone, response.write(piece)):
            return False
        transfer.written()


async def _unless(gone: FutureWake, awaited: Awaitable[None]) -> bool:
    """Wait for an awaitable. Return False if the transfer is closed before."""
    task = asyncio.ensure_future(awaited)
    try:
        await asyncio.wait({task, gone.future}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
            return True
        return False
    finally:
        task.cancel()

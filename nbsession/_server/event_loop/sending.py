"""A file as an answer, on an event loop: piece by piece, as fast as the browser takes it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from nbsession._sync.waiter import FutureWake

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from nbsession._server.files.transfers import FileTransfer


class FileResponse(Protocol):
    """The framework's answer to a request for a file."""

    async def begin(self, headers: Mapping[str, str]) -> None:
        """Send the head, so that the browser shows that it begins."""
        ...

    async def write(self, piece: bytes) -> None:
        """Send bytes, and return when the system takes more; OSError if nobody is there any more."""
        ...

    async def finish(self) -> None:
        """End it."""
        ...

    def cut(self) -> None:
        """Close the connection.

        A length that is not reached, or chunks without the last one: the browser knows that something is missing.
        """
        ...


async def send_file(transfer: FileTransfer, response: FileResponse) -> None:
    """Answer with a file; returns when it has gone out, or never will."""
    gone = FutureWake()
    transfer.on_gone(gone)
    sent = False
    try:
        if await _write(transfer, response, gone) and transfer.complete():
            if transfer.sized:
                transfer.delivered()  # a browser that has got all may close the connection at once
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
    """Write all of it; False if it was forgotten before."""
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
    """Wait for something, or until the file is forgotten; then return False."""
    task = asyncio.ensure_future(awaited)
    try:
        await asyncio.wait({task, gone.future}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
            return True
        return False
    finally:
        task.cancel()

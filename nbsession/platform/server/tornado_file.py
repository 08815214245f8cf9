"""A file as tornado's answer: piece by piece, as fast as the browser takes it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tornado.iostream import StreamClosedError

from nbsession.session.replies import FutureWake

if TYPE_CHECKING:
    from tornado.web import RequestHandler

    from .transfer import FileTransfer


async def send_file(handler: RequestHandler, transfer: FileTransfer) -> None:
    """Answer with a file; returns when it has gone out, or never will."""
    gone = FutureWake()
    transfer.on_gone(gone)
    for name, value in transfer.headers().items():
        handler.set_header(name, value)
    handler.clear_header("Server")
    try:
        if await _write(handler, transfer, gone) and transfer.complete():
            if transfer.sized:
                transfer.delivered()  # a browser that has got all may close the connection at once
            await handler.finish()
            transfer.delivered()
            return
    except StreamClosedError:
        pass
    transfer.broken()
    # A length that is not reached, or chunks without the last one: the browser knows that something is missing.
    handler.detach().close()


async def _write(handler: RequestHandler, transfer: FileTransfer, gone: FutureWake) -> bool:
    """Write all of it; False if it was forgotten before."""
    await _first(handler.flush(), gone)  # the head, so that the browser shows that it begins
    while True:
        news = FutureWake()
        piece = transfer.take(news)
        if piece == b"":
            return True
        if gone.future.done():
            return False
        if piece is None:
            await _first(news.future, gone)
            continue
        handler.write(piece)
        if not await _first(handler.flush(), gone):
            return False
        transfer.written()


async def _first(awaited: asyncio.Future[Any], gone: FutureWake) -> bool:
    await asyncio.wait({awaited, gone.future}, return_when=asyncio.FIRST_COMPLETED)
    if awaited.done():
        awaited.result()
        return True
    return False

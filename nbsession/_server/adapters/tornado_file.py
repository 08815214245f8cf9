"""Files in tornado's responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tornado.web import RequestHandler


class TornadoFile:
    """The response of a handler (`FileResponse`).

    Parameters
    ----------
    handler : RequestHandler
        A handler that has not sent anything yet.
    """

    def __init__(self, handler: RequestHandler) -> None:
        self._handler = handler

    async def begin(self, headers: Mapping[str, str]) -> None:
        for name, value in headers.items():
            self._handler.set_header(name, value)
        self._handler.clear_header("Server")
        await self._handler.flush()

    async def write(self, piece: bytes) -> None:
        self._handler.write(piece)
        await self._handler.flush()

    async def finish(self) -> None:
        await self._handler.finish()

    def cut(self) -> None:
        self._handler.detach().close()

"""Uvicorn: the server of `nbsession.platform.starlette`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

from nbsession._server.run.ending import end_sessions, stop_accepting
from nbsession._server.wire.envelope import LARGEST

from .extra import extra

with extra("starlette", "uvicorn"):
    import h11
    import uvicorn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp

    from nbsession._server.endpoint import Endpoint
    from nbsession._server.run.address import Address

_SETTINGS: dict[str, Any] = {
    "access_log": False,
    "log_config": None,  # the application configures logging
    "log_level": "error",
    "proxy_headers": False,  # trust_xheaders decides
    "server_header": False,
    "timeout_graceful_shutdown": 2,
    "ws_max_size": LARGEST,
    "ws_per_message_deflate": False,
}


# uvicorn's messages for a text that is not UTF-8, and for a file whose page has left.
_NO_ERRORS = {
    "Invalid UTF-8 sequence received from client.",
    "ASGI callable returned without completing response.",
}


class _Uvicorn(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Leave signals to the code that runs the loop: sessions must be closed before the server."""
        yield


class UvicornServer:
    """A listening server.

    Parameters
    ----------
    endpoint : Endpoint
        The endpoint to serve.
    address : Address
        The address to listen on.
    application : callable
        The ASGI application.
    settings : mapping
        Settings of ``uvicorn.Config``.
    """

    def __init__(
        self, endpoint: Endpoint, address: Address, application: ASGIApp, settings: Mapping[str, Any]
    ) -> None:
        self.endpoint = endpoint
        self.url, self.port = address.url, address.port
        self._socket = address.socket
        self._server = _Uvicorn(uvicorn.Config(application, lifespan="off", **{**_SETTINGS, **settings}))

    async def start(self) -> None:
        """Start listening, on the running loop."""
        for name in ("uvicorn.error", "asyncio"):
            logging.getLogger(name).addFilter(_worth_telling)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not (self._server.started or self._task.done()):  # noqa: ASYNC110 -- uvicorn sends no notification
            await asyncio.sleep(0.01)
        if self._task.done():
            self._task.result()

    async def stop(self, reason: str) -> None:
        """Close all sessions, wait for their deferred functions, and stop listening."""
        await stop_accepting(self._socket)
        await end_sessions(self.endpoint, reason)
        self._server.should_exit = True
        await self._task
        for connection in self._server.server_state.connections:
            connection.transport.abort()


def _worth_telling(record: logging.LogRecord) -> bool:
    """Keep errors out of the log that visitors can provoke any number of times."""
    # An error in a body whose request has already been answered.
    late = record.exc_info and isinstance(record.exc_info[1], h11.LocalProtocolError)
    return not late and record.msg not in _NO_ERRORS

"""Tornado's handlers in an application of somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from nbsession import info
from nbsession.output import put_text
from nbsession.platform.server.handle import LoopThread
from nbsession.platform.tornado import webio_handler

from .visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator


def whose() -> None:
    put_text(f"{info.user_ip} {info.server_host}")


@pytest.fixture
def port() -> Iterator[int]:
    application = Application(
        [("/plain", webio_handler(whose)), ("/trusting", webio_handler(whose, trust_xheaders=True))]
    )
    (listening,) = sockets = bind_sockets(0, "127.0.0.1")

    async def start() -> HTTPServer:
        server = HTTPServer(application)
        server.add_sockets(sockets)
        return server

    async def stop(server: HTTPServer) -> None:
        server.stop()
        await server.close_all_connections()

    thread = LoopThread("application")
    server = thread.run(start())
    yield listening.getsockname()[1]
    thread.run(stop(server))
    thread.end()


@pytest.mark.parametrize(
    ("path", "host", "shown"),
    [
        ("/plain", "127.0.0.1:{port}", "127.0.0.1 127.0.0.1:{port}"),
        ("/trusting", "tool.example", "203.0.113.7 tool.example"),
    ],
)
def test_a_proxy_is_believed_only_where_the_handler_is_told_to(
    port: int, path: str, host: str, shown: str
) -> None:
    origin = f"http://{host.format(port=port)}"
    headers = {"X-Real-Ip": "203.0.113.7", "X-Forwarded-Host": "tool.example", "Origin": origin}
    visitor = Visitor(port, headers=headers, path=path)
    visitor.wait_for(lambda: visitor.texts == [shown.format(port=port)])
    visitor.vanish()

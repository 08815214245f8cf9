"""Tornado's handlers in an application of somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from nbsession import info
from nbsession.output import put_text
from nbsession.platform.server import tornado_socket
from nbsession.platform.server.handle import LoopThread
from nbsession.platform.tornado import webio_handler

from .visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Serve = Callable[..., int]


def whose() -> None:
    put_text(f"{info.user_ip} {info.server_host}")


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve an application of tornado's with these settings, and return its port."""
    thread = LoopThread("application")
    servers: list[HTTPServer] = []

    def serve(**settings: object) -> int:
        handlers = [
            ("/plain", webio_handler(whose)),
            ("/trusting", webio_handler(whose, trust_xheaders=True)),
        ]
        application = Application(handlers, **settings)
        (listening,) = sockets = bind_sockets(0, "127.0.0.1")

        async def start() -> None:
            server = HTTPServer(application)
            server.add_sockets(sockets)
            servers.append(server)

        thread.run(start())
        return int(listening.getsockname()[1])

    async def stop() -> None:
        for server in servers:
            server.stop()
            await server.close_all_connections()

    yield serve
    thread.run(stop())
    thread.end()


@pytest.mark.parametrize(
    ("path", "host", "shown"),
    [
        ("/plain", "127.0.0.1:{port}", "127.0.0.1 127.0.0.1:{port}"),
        ("/trusting", "tool.example", "203.0.113.7 tool.example"),
    ],
)
def test_a_proxy_is_believed_only_where_the_handler_is_told_to(
    serve: Serve, path: str, host: str, shown: str
) -> None:
    port = serve()
    origin = f"http://{host.format(port=port)}"
    headers = {"X-Real-Ip": "203.0.113.7", "X-Forwarded-Host": "tool.example", "Origin": origin}
    visitor = Visitor(port, headers=headers, path=path)
    visitor.wait_for(lambda: visitor.texts == [shown.format(port=port)])
    visitor.vanish()


def test_a_socket_that_the_application_pings_is_read_by_tornado(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for what a browser answers to its pings."""
    monkeypatch.setattr(tornado_socket, "PlainWire", None)
    visitor = Visitor(serve(websocket_ping_interval=1000), path="/plain")
    visitor.wait_for(lambda: visitor.texts)
    visitor.vanish()

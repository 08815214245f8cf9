"""Tornado's handlers in an application of somebody else's."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from nbsession import hold, info
from nbsession._server.adapters import tornado_server, tornado_socket
from nbsession._server.run.handle import LoopThread
from nbsession._server.wire.envelope import pack
from nbsession._server.wire.rfc6455 import PING, PONG
from nbsession.output import put_text
from nbsession.platform.tornado import webio_handler

from .visitor import Socket, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Serve = Callable[..., int]


HELLO = pack({"hello": {"version": "1.0", "page": "p" * 32, "context": "c" * 32}}, ())


def whose() -> None:
    put_text(f"{info.user_ip} {info.server_host}")


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve an application of tornado's with these settings, and return its port."""
    thread = LoopThread("application")
    servers: list[HTTPServer] = []

    def serve(**settings: Any) -> int:
        handlers = [
            ("/plain", webio_handler(whose)),
            ("/held", webio_handler(hold)),
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


@pytest.fixture(params=["asyncio", "tornado"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads the sockets: tornado does, where there is TLS."""
    if request.param == "tornado":
        monkeypatch.setattr(tornado_socket, "plain_stream", lambda _: None)


@pytest.mark.usefixtures("reader")
def test_a_socket_that_does_not_answer_pings_is_closed(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tornado_server, "PING_EVERY", 0.05)
    with closing(Socket(serve(), path="/held")) as deaf:
        deaf.wire.settimeout(None)  # one that stays open is waited for until the test's own limit
        deaf.send(HELLO)
        while deaf.receive() is not None:
            pass


@pytest.mark.usefixtures("reader")
def test_a_socket_that_answers_pings_stays_open(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tornado_server, "PING_EVERY", 1.0)
    pings = 0
    with closing(Socket(serve(), path="/held")) as page:
        page.send(HELLO)
        while pings < 3:
            opcode, payload = page.receive_frame()
            if opcode == PING:
                pings += 1
                page.send(payload, PONG)

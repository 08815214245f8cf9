"""Visitors who send or take a little at a time, or nothing, on a server with few threads."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from nbsession import download, hold
from nbsession._server.adapters import waitress_server
from tests.server.test_download import offered
from tests.server.visitor import TIMEOUT, get

if TYPE_CHECKING:
    from tests.server.conftest import Serve, Visit

MIB = 1024 * 1024


def connect(port: int, stack: ExitStack) -> socket.socket:
    wire = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT))
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return wire


@pytest.mark.parametrize(
    "limits",
    [
        {"_UNREAD_WITHIN": 0.5, "_UNREAD_WHILE_OTHERS_WAIT": 0.5},
        {"_UNREAD_WITHIN": 1000.0, "_UNREAD_WHILE_OTHERS_WAIT": 0.5},
    ],
    ids=["for long", "while others wait"],
)
def test_readers_that_take_nothing_keep_no_thread(
    serve: Serve, visit: Visit, monkeypatch: pytest.MonkeyPatch, limits: dict[str, float]
) -> None:
    for name, seconds in limits.items():
        monkeypatch.setattr(waitress_server, name, seconds)

    def app() -> None:
        for number in range(8):
            download(f"{number}.bin", bytes(32 * MIB))
        hold()

    server = serve(app, threads=4)
    visitor = visit(server)
    with ExitStack() as stack:
        for number in range(8):
            request = (
                f"GET /{offered(visitor, number)['url']} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
            )
            connect(server.port, stack).sendall(request.encode())
        assert get(server.port, "/")[0].status == 200


def test_a_request_that_trickles_is_given_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waitress_server, "BODY_WITHIN", 0.5)
    port = serve(hold).port
    with ExitStack() as stack:
        wire = connect(port, stack)
        wire.sendall(b"POST /?nbsession=exchange HTTP/1.1\r\nContent-Length: 1000000\r\n")
        wire.settimeout(0.05)
        assert trickle(wire) == b""


def trickle(wire: socket.socket) -> bytes:
    """Send a byte now and then until the server closes the connection; return what it said last."""
    while True:
        try:
            wire.sendall(b"x")
            return wire.recv(1000)
        except TimeoutError:
            continue
        except ConnectionError:
            return b""

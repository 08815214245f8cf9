"""What visitors can have the log say: no error, and no end of lines."""

from __future__ import annotations

import logging
import socket
import struct
from contextlib import closing, suppress
from http.client import IncompleteRead
from typing import TYPE_CHECKING

import pytest

from nbsession import download, hold
from nbsession._core import complaints
from nbsession._server.wire.envelope import pack

from .test_download import Fetching
from .visitor import TIMEOUT, Socket, get

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Serve, Visit

CONTEXT = "c" * 32
HELLO = pack({"hello": {"version": "1.0", "page": "p" * 32, "context": CONTEXT}}, ())
SOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
POST = {"Nbsession-Context": CONTEXT}


def head(path: str, method: str = "GET", **headers: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "127.0.0.1", **headers}.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode()


def ask(port: int, *parts: bytes) -> None:
    """Send a request, its parts one after the other, and wait until it is answered or the connection closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as wire, suppress(ConnectionError):
        for part in parts:
            wire.sendall(part)
            if wire.recv(1000).startswith(b"HTTP/1.1 400 "):
                return


def reset(wire: socket.socket) -> None:
    """Break a connection off, at once and for good."""
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()


@pytest.fixture
def errors(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    """Return what has been logged at error level, or written to stderr."""

    def errors() -> list[str]:
        logged = [
            f"{each.name}: {each.getMessage()}" for each in caplog.records if each.levelno >= logging.ERROR
        ]
        return logged + capfd.readouterr().err.splitlines()

    return errors


@pytest.mark.parametrize(
    "request_",
    [
        head("/?nbsession=socket", **SOCKET, Origin="http://evil.example"),
        head("/?nbsession=socket", **{**SOCKET, "Host": "evil.example"}),
        head("/?nbsession=socket", **{**SOCKET, "Host": "[::1"}),
        head("/", **SOCKET),
        head("/x.y", **SOCKET),
        head("/?nbsession=socket", **{**SOCKET, "Sec-WebSocket-Version": "99"}),
        head("/?nbsession=socket", **{**SOCKET, "Sec-WebSocket-Key": "x"}),
        head("/?nbsession=socket", **SOCKET, X="a" * 200_000),
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: \xff\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nx y z\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
        head("/?" + "&".join(f"a{number}=1" for number in range(1100))),
        head("/?nbsession=exchange", "POST", **POST, **{"Content-Length": "9" * 5000}) + b"abc",
        head("/?nbsession=exchange", "POST", **POST, **{"Content-Length": "-1"}) + b"abc",
        head("/?nbsession=exchange", "POST", **POST, **{"Content-Length": "3"}) + b"abc",
        head("/?nbsession=exchange", "POST", **POST, **{"Transfer-Encoding": "chunked"}) + b"zz\r\nabc",
        head("/?nbsession=exchange", "POST", **POST, **{"Content-Encoding": "gzip", "Content-Length": "3"})
        + b"abc",
    ],
    ids=range(20),
)
def test_a_request_that_is_refused_is_no_error(
    serve: Serve, errors: Callable[[], list[str]], request_: bytes
) -> None:
    server = serve(hold)
    ask(server.port, request_)
    server.close()
    assert errors() == []


def test_a_body_that_goes_wrong_when_it_has_been_answered_is_no_error(
    serve: Serve, errors: Callable[[], list[str]]
) -> None:
    server = serve(hold)
    ask(server.port, head("/", "POST", **{"Transfer-Encoding": "chunked"}), b"zz\r\n")
    server.close()
    assert errors() == []


@pytest.mark.parametrize(
    "frame",
    [
        b"\x82\x01a",
        b"\xf2\x81\0\0\0\0a",
        b"\x81\x81\0\0\0\0\xff",
        struct.pack(">BBQ", 0x82, 0x80 | 127, 2**62) + bytes(4),
        b"\x88\x82\0\0\0\0\x03\xed",
        b"\x82\x84\0\0\0\0\0\0\0\7",
    ],
    ids=["unmasked", "reserved", "no UTF-8", "too large", "a close that is none", "no envelope"],
)
def test_a_socket_that_breaks_the_protocol_is_no_error(
    serve: Serve, errors: Callable[[], list[str]], frame: bytes
) -> None:
    server = serve(hold)
    with closing(Socket(server.port)) as wire:
        wire.send(HELLO)
        wire.wire.sendall(frame)
        while wire.receive() is not None:
            pass
    server.close()
    assert errors() == []


def test_a_socket_that_is_broken_off_is_no_error(serve: Serve, errors: Callable[[], list[str]]) -> None:
    server = serve(hold, reconnect_timeout=0)
    for _ in range(20):
        for handshake in (SOCKET, {**SOCKET, "Origin": "http://evil.example"}):
            wire = socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT)
            wire.sendall(head("/?nbsession=socket", **handshake))
            reset(wire)
        page = Socket(server.port)
        page.send(HELLO)
        page.wire.sendall(struct.pack(">BBH", 0x82, 0x80 | 126, 1000) + bytes(100))  # the half of a frame
        reset(page.wire)
    get(server.port)  # all that came before has been looked at
    server.close()
    assert errors() == []


def test_a_file_whose_page_leaves_is_no_error(
    serve: Serve, visit: Visit, errors: Callable[[], list[str]]
) -> None:
    server = serve(lambda: download("a.bin", bytes(64 * 2**20)).wait(), reconnect_timeout=0)
    visitor = visit(server)
    fetching = Fetching(visitor)
    fetching.read(10)
    visitor.leave()
    with pytest.raises((IncompleteRead, ConnectionError)):
        fetching.response.read()
    fetching.close()
    server.close()
    assert errors() == []


def test_visitors_cannot_fill_the_log(
    serve: Serve, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(complaints, "_told", {})
    port = serve(hold).port
    with caplog.at_level("INFO"):
        for number in range(150):
            get(port, "/?nbsession=exchange", "POST", b"abc", Nbsession_Context=CONTEXT)
            get(port, f"/{number}.php")
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 100

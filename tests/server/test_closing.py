"""Connections that visitors keep open while their server is closed."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from nbsession._server.run.ending import stop_accepting
from nbsession.output import put_text

from .visitor import TIMEOUT, RefusedError, Socket, get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .conftest import Serve


@pytest.fixture
def gathered() -> Iterator[Callable[[], list[str]]]:
    """What Python has to say of what was left open and is garbage now."""
    gc.collect()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)

        def gather() -> list[str]:
            gc.collect()
            return [str(each.message) for each in told]

        yield gather


def _says_nothing(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)


def _says_half_a_request(port: int) -> socket.socket:
    wire = _says_nothing(port)
    wire.sendall(b"GET / HTTP/1.1\r\nHost: 127.")
    return wire


def _says_half_a_body(port: int) -> socket.socket:
    wire = _says_nothing(port)
    head = f"POST /?nbsession=exchange HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 1000\r\n\r\n"
    wire.sendall(head.encode() + b"half")
    return wire


def _asks_again_later(port: int) -> socket.socket:
    wire = _says_nothing(port)
    wire.sendall(f"GET /missing HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    assert wire.recv(9) == b"HTTP/1.1 "
    return wire


def _reads_nothing_of_its_socket(port: int) -> socket.socket:
    try:
        return Socket(port).wire
    except RefusedError:  # this server has none
        return _says_nothing(port)


@pytest.mark.parametrize(
    "stays",
    [_says_nothing, _says_half_a_request, _says_half_a_body, _asks_again_later, _reads_nothing_of_its_socket],
)
def test_a_server_that_is_closed_leaves_no_connection_open(
    stays: Callable[[int], socket.socket], serve: Serve, gathered: Callable[[], list[str]]
) -> None:
    server = serve(lambda: put_text("here"))
    with contextlib.closing(stays(server.port)) as wire:
        get(server.port)  # the other one has been accepted before
        server.close()
        with contextlib.suppress(ConnectionResetError):
            while wire.recv(2**16):
                pass
    assert gathered() == []


def test_a_connection_that_is_being_accepted_is_not_forgotten() -> None:
    made: list[asyncio.BaseTransport] = []

    class Protocol(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            made.append(transport)
            transport.close()

    async def close() -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        server = await asyncio.get_running_loop().create_server(Protocol, sock=listening)
        with socket.create_connection(listening.getsockname(), timeout=TIMEOUT):
            for _ in range(2):  # the loop accepts it, and has made no transport yet
                await asyncio.sleep(0)
            await stop_accepting(listening)
            server.close()
            await server.wait_closed()

    with ThreadPoolExecutor(1) as pool:  # in the main thread playwright keeps an event loop running
        pool.submit(asyncio.run, close()).result()
    assert len(made) == 1

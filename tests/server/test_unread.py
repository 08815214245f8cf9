"""A page that has the server talk, and does not listen."""

from __future__ import annotations

import os
import socket
import struct
import threading
import tracemalloc
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from nbsession import defer_call, hold
from nbsession._server.adapters import tornado_socket, tornado_wire
from nbsession._server.event_loop import conversation
from nbsession._server.wire.envelope import pack

from .visitor import TIMEOUT, Socket

if TYPE_CHECKING:
    from .conftest import Serve

CONTEXT = "c" * 32
PING, BINARY = 9, 2


def masked(message: bytes, opcode: int) -> bytes:
    """Return a short frame as a browser sends it."""
    mask = os.urandom(4)
    body = bytes(byte ^ mask[index % 4] for index, byte in enumerate(message))
    size = (
        struct.pack(">B", 0x80 | len(message))
        if len(message) < 126
        else struct.pack(">BH", 0xFE, len(message))
    )
    return bytes([0x80 | opcode]) + size + mask + body


@pytest.mark.parametrize(
    "frame",
    [
        masked(pack({"context": "x" * 32, "alive": True}, ()), BINARY),
        masked(pack({"context": CONTEXT, "frame": {"ack": 0, "probe": 2**40}}, ()), BINARY),
    ],
    ids=["for another page", "probes"],
)
def test_it_is_let_go(serve: Serve, monkeypatch: pytest.MonkeyPatch, frame: bytes) -> None:
    """More than the system's buffers hold is unread, so that no server can write that its socket is closed, either."""
    for module in (conversation, tornado_socket, tornado_wire):
        monkeypatch.setattr(module, "MOST_UNREAD", 8_000_000)
    let_go = threading.Event()

    def app() -> None:
        defer_call(let_go.set)
        hold()

    def talk(wire: socket.socket) -> None:
        with suppress(OSError):
            while True:
                wire.sendall(frame * 500)

    with closing(Socket(serve(app, reconnect_timeout=0).port)) as wire:
        wire.send(pack({"hello": {"version": "1.0", "page": "p" * 32, "context": CONTEXT}}, ()))
        talker = threading.Thread(target=talk, args=(wire.wire,))
        talker.start()
        try:
            assert let_go.wait(TIMEOUT)
        finally:
            with suppress(OSError):
                wire.wire.shutdown(socket.SHUT_RDWR)
            talker.join()


def test_its_pings_are_answered_while_it_reads_the_answers(serve: Serve) -> None:
    """Sent in one go, so that all of them are there before it reads."""
    memory = 8 * 1024 * 1024
    with closing(Socket(serve(hold).port)) as wire:
        wire.send(pack({"hello": {"version": "1.0", "page": "p" * 32, "context": CONTEXT}}, ()))
        while wire.receive_frame()[0] != BINARY:
            pass
        ping = masked(b"x" * 120, PING)
        tracemalloc.start()
        try:
            for _ in range(200):
                wire.wire.sendall(ping * 1000)
            assert tracemalloc.get_traced_memory()[0] < memory
        finally:
            tracemalloc.stop()

"""A page without a browser, so that a figure is the server's and not Chromium's."""

from __future__ import annotations

import re
import socket
import threading
from typing import final
from urllib.parse import urlsplit

from nbsession._server.wire.envelope import join, split
from tests.load.page import Page
from tests.server.visitor import Socket

TIMEOUT = 30.0


@final
class Clients:
    """Opens such pages, as a browser does.

    Parameters
    ----------
    protocol : {'websocket', 'http'}
        What they speak.
    """

    def __init__(self, protocol: str) -> None:
        self._protocol = protocol

    def new_page(self) -> Client:
        return Client(self._protocol)


@final
class Client:
    """Answers each value that is asked for, in a thread of its own."""

    def __init__(self, protocol: str) -> None:
        self._talk = {"websocket": _by_socket, "http": _by_requests}[protocol]

    def goto(self, url: str) -> None:
        """Begin to talk to a server."""
        threading.Thread(target=self._talk, args=(urlsplit(url).port,), daemon=True).start()

    def bring_to_front(self) -> None:
        """Do nothing: nobody looks at it."""


def _by_socket(port: int) -> None:
    page, wire = Page(), Socket(port)
    wire.wire.settimeout(None)
    wire.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    wire.send(page.hello())
    while (message := wire.receive()) is not None:
        for answer in page.hear(message):
            wire.send(answer)


def _by_requests(port: int) -> None:
    """By one connection that is kept: a poll, or what is to be said, each when the one before has been answered."""
    page, wire = Page(), _Requests(port)
    said = [page.hello()]
    while page.closed is None:
        try:
            heard = wire.post(page.context, join(said) if said else b"")
        except OSError:  # the bench has ended the server
            return
        said = [answer for message in split(heard) for answer in page.hear(bytes(message))]


class _Requests:
    """As bare as the socket: ``http.client`` takes a third of a millisecond, and sends a body behind its head, where
    browsers send both at once.
    """

    def __init__(self, port: int) -> None:
        self._host = f"127.0.0.1:{port}"
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._heard = b""

    def post(self, context: str, body: bytes) -> bytes:
        head = (
            f"POST /?nbsession=exchange HTTP/1.1\r\nHost: {self._host}\r\nNbsession-Context: {context}\r\n"
            f"Nbsession-Hold: 20\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        while (end := self._heard.find(b"\r\n\r\n") + 4) < 4:  # noqa: PLR2004
            self._receive()
        length = re.search(rb"content-length: *(\d+)", self._heard[:end], re.IGNORECASE)
        size = end + (int(length[1]) if length else 0)
        while len(self._heard) < size:
            self._receive()
        answer, self._heard = self._heard[end:size], self._heard[size:]
        return answer

    def _receive(self) -> None:
        received = self._socket.recv(2**16)
        if not received:
            raise ConnectionResetError
        self._heard += received

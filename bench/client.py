"""A page without a browser, so that a figure is the server's and not Chromium's."""

from __future__ import annotations

import socket
import threading
from http.client import HTTPConnection
from typing import final
from urllib.parse import urlsplit

from nbsession.platform.server.envelope import join, split
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
    page, connection = Page(), HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    headers = {"Nbsession-Context": page.context, "Nbsession-Hold": "20"}
    said = [page.hello()]
    while page.closed is None:
        try:
            connection.request("POST", "/?nbsession=exchange", join(said) if said else None, headers)
            heard = connection.getresponse().read()
        except OSError:  # the bench has ended the server
            return
        said = [answer for message in split(heard) for answer in page.hear(bytes(message))]

"""Another server on this machine, which the reader visits, too."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


class Neighbour:
    """Another server on 127.0.0.1.

    Attributes
    ----------
    url : str
        Its address.
    cookies : str
        What the last visitor's browser has sent it.
    body : str
        HTML of its page.
    """

    def __init__(self) -> None:
        neighbour = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                neighbour.cookies = self.headers.get("Cookie", "")
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(
                    f"<title>neighbour</title><link rel=icon href='data:,'>{neighbour.body}".encode()
                )

            def log_message(self, *_: object) -> None:
                pass

        self.cookies = self.body = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    neighbour = Neighbour()
    yield neighbour
    neighbour.close()

"""``python -m tests.wsgi.pages PORT COUNT APP``: many pages that speak HTTP, in a process of their own.

Each speaks as ``js/src/page/http.ts`` does, by one connection. They end with the process.
"""

from __future__ import annotations

import sys
import threading
import time
from http.client import HTTPConnection

from nbsession._server.wire.envelope import join, split
from tests.load.page import Page
from tests.server.visitor import get

INTERVAL = 1.0
"""Seconds between two polls where the server holds none (`http_pull_interval`)."""


def be(page: Page, port: int, app: str) -> None:
    """Be a page until it is closed."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    said = [page.hello()]
    while page.closed is None:
        headers = {"Nbsession-Context": page.context, "Nbsession-Hold": "0" if said else "20"}
        connection.request("POST", f"/?nbsession=exchange&app={app}", join(said), headers)
        response = connection.getresponse()
        heard = list(split(response.read()))
        idle = not said and not heard and response.getheader("Nbsession-Hold") == "0"
        said = [answer for message in heard for answer in page.hear(bytes(message))]
        if idle:
            time.sleep(INTERVAL)


def settled(port: int) -> Page:
    """Open a page that has taken all that its app says, and polls not."""
    page = Page()
    said = [page.hello()]
    while said or not page.opened:
        headers = {"Nbsession-Context": page.context, "Nbsession-Hold": "20"}
        _, heard = get(port, "/?nbsession=exchange", "POST", join(said), **headers)
        said = [answer for message in split(heard) for answer in page.hear(bytes(message))]
    return page


def main(port: int, count: int, app: str) -> None:
    threads = [threading.Thread(target=be, args=(Page(), port, app)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])

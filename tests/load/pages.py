"""``python -m tests.load.pages PORT COUNT APP PROTOCOL``: many pages at once, in one process that can be killed.

Says a line of JSON, ``[pages that have a session, pages that were closed]``, when all have been opened, and then for
each line on stdin.
"""

from __future__ import annotations

import asyncio
import json
import sys

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from nbsession._server.run.process import allow_many_connections
from nbsession._server.wire.envelope import join, split

from .page import Page

# Handshakes under way at once: a server's queue of connections to accept is no longer.
AT_ONCE = 50
POLL_EACH = 0.2
"""Seconds between the polls of a page by HTTP where the server holds none."""


async def be_by_socket(page: Page, url: str, opening: asyncio.Semaphore, opened: asyncio.Event) -> None:
    """Be a page until the server ends it."""
    async with opening:
        wire = await connect(url, compression=None, ping_interval=None, max_size=None)
    await wire.send(page.hello())
    try:
        async for message in wire:
            assert isinstance(message, bytes)
            for answer in page.hear(message):
                await wire.send(answer)
            if page.opened:
                opened.set()
    except ConnectionClosed:
        pass
    page.closed = page.closed or "the socket was closed"
    opened.set()


async def be_by_http(page: Page, url: str, opening: asyncio.Semaphore, opened: asyncio.Event) -> None:
    """Be a page that has one request under way at a time, until the server ends it."""
    headers = {"Nbsession-Context": page.context, "Nbsession-Hold": "20"}
    said = [page.hello()]
    # One connection, kept: as a browser does.
    async with ClientSession(
        connector=TCPConnector(limit=1), timeout=ClientTimeout(total=60), auto_decompress=False
    ) as session:
        while page.closed is None:
            try:
                async with session.post(url, data=join(said), headers=headers) as response:
                    heard = await response.read() if response.status == 200 else None
                    held = response.headers.get("Nbsession-Hold") != "0"
            except (ClientError, OSError, asyncio.TimeoutError) as error:
                page.closed = f"the request failed: {error!r}"
                break
            if heard is None:
                page.closed = f"the request was answered with {response.status}"
                break
            said = [answer for message in split(heard) for answer in page.hear(bytes(message))]
            if page.opened:
                opened.set()
            if not (said or held or heard):
                await asyncio.sleep(POLL_EACH)
    opened.set()


WAYS = {"websocket": ("ws", "socket", be_by_socket), "http": ("http", "exchange", be_by_http)}


async def main(port: int, count: int, app: str, protocol: str) -> None:
    """Open the pages, and tell of them as often as somebody asks."""
    allow_many_connections()
    scheme, purpose, be = WAYS[protocol]
    url = f"{scheme}://127.0.0.1:{port}/?nbsession={purpose}&app={app}"
    pages = [Page() for _ in range(count)]
    opening = asyncio.Semaphore(AT_ONCE)
    events = [asyncio.Event() for _ in pages]
    tasks = [
        asyncio.create_task(be(page, url, opening, opened))
        for page, opened in zip(pages, events, strict=True)
    ]
    await asyncio.gather(*(event.wait() for event in events))
    while True:
        print(
            json.dumps([sum(page.opened for page in pages), sum(page.closed is not None for page in pages)]),
            flush=True,
        )
        if not await asyncio.to_thread(sys.stdin.readline):
            break
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))

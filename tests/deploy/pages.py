"""``python -m tests.deploy.pages PORT COUNT APP``: pages that come back to their server, in a process of their own.

Each keeps the cookie that it is given, as a browser does. When its socket is lost it opens another one and goes on;
told that its session has ended, it begins a new one, as its reader would. Says how many have got an eval, then answers
a line ``["anew", N]`` when ``N`` have begun anew with ``[how many were told of an end, the reasons]``.
"""

from __future__ import annotations

import asyncio
import json
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from nbsession._server.run.process import allow_many_connections
from nbsession._server.wire.envelope import pack
from tests.load.page import Page
from tests.load.pages import AT_ONCE


class Pages:
    """Many pages of one site."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opening = asyncio.Semaphore(AT_ONCE)
        self.begun = 0
        self.told: list[str] = []
        self.news = asyncio.Condition()

    async def be(self) -> None:
        """Be a reader's page, and its next one."""
        cookie: str | None = None
        while True:
            cookie = await self._visit(Page(), cookie)

    async def _visit(self, page: Page, cookie: str | None) -> str | None:
        """Be one page until it is told that its session has ended."""
        while page.closed is None:
            headers = {"Cookie": cookie} if cookie else {}
            async with self._opening:
                wire = await connect(
                    self._url, compression=None, ping_interval=None, max_size=None, additional_headers=headers
                )
            given = wire.response.headers.get("Set-Cookie") if wire.response else None
            cookie = given.partition(";")[0] if given else cookie
            greeting = pack({"context": page.context, "frame": {"ack": 0}}, ())
            await wire.send(greeting if page.opened else page.hello())
            try:
                async for message in wire:
                    assert isinstance(message, bytes)
                    before = page.evaluated
                    for answer in page.hear(message):
                        await wire.send(answer)
                    # Its app has begun, and not only been promised.
                    if page.evaluated and not before:
                        await self._note_begun()
                    if page.closed is not None:
                        break  # type: ignore[unreachable]
            except ConnectionClosed:
                pass
            await wire.close()
        self.told.append(page.closed)
        return cookie

    async def _note_begun(self) -> None:
        async with self.news:
            self.begun += 1
            self.news.notify_all()

    async def wait_for_begun(self, count: int) -> None:
        async with self.news:
            await self.news.wait_for(lambda: self.begun >= count)


async def main(port: int, count: int, app: str) -> None:
    """Be the pages, and tell of them as often as somebody asks."""
    allow_many_connections()
    pages = Pages(f"ws://127.0.0.1:{port}/?nbsession=socket&app={app}")
    tasks = [asyncio.create_task(pages.be()) for _ in range(count)]
    await pages.wait_for_begun(count)
    print(json.dumps(pages.begun), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        _, anew = json.loads(line)
        await pages.wait_for_begun(count + anew)
        print(json.dumps([len(pages.told), sorted(set(pages.told))]), flush=True)
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))

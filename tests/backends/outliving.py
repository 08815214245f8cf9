"""``python -m tests.backends.outliving BACKEND FOLDER``: its server, in a thread that outlives the main thread."""

from __future__ import annotations

import asyncio
import sys
import threading

import nbsession
from nbsession.output import put_text


def function() -> None:
    nbsession.defer_call(lambda: print("cleaned up"))
    put_text("here")
    nbsession.hold()


async def coroutine() -> None:
    put_text(await asyncio.to_thread(lambda: "from a thread"))


def serve(backend: str, folder: str) -> None:
    threading.main_thread().join()
    platform = __import__(f"nbsession.platform.{backend}", fromlist=["start_server"])
    platform.start_server([function, coroutine], port=0, static_dir=folder)


if __name__ == "__main__":
    threading.Thread(target=serve, args=sys.argv[1:]).start()

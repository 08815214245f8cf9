"""Servers that are stopped: sessions are closed, what they deferred runs, visitors are told."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.server.visitor import Visitor

from .backends import BACKENDS, MOUNTED, PREFIX, SERVERS
from .process import ServerProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .backends import Server


@contextmanager
def stopped(server: Server, app: str, path: str = "/") -> Iterator[Visitor]:
    """Stop a server while a visitor is there, and see that the app's deferred function runs."""
    process = ServerProcess(server)
    try:
        protocol = BACKENDS[server.backend].protocols[0]
        visitor = Visitor(process.port, f"&app={app}", path=path, protocol=protocol)
        visitor.wait_for(lambda: visitor.texts == ["here"])
        process.process.terminate()
        process.wait_for("cleaned up")
        yield visitor
    finally:
        process.end()


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize("app", ["deferring", "coroutine_lasting"])
def test_a_server_that_is_stopped_takes_leave(name: str, app: str) -> None:
    with stopped(SERVERS[name], app) as visitor:
        # Over HTTP, the page may be told before its session's channel is read again.
        visitor.wait_for(lambda: "the server was stopped" in (visitor.ended, visitor.closed))


def test_an_application_of_aiohttp_that_is_stopped_takes_leave() -> None:
    with stopped(MOUNTED["aiohttp"], "deferring", PREFIX) as visitor:
        visitor.wait_for(lambda: visitor.ended == "the server was stopped")


def test_an_application_of_fastapi_that_is_stopped_closes_sessions() -> None:
    with stopped(MOUNTED["fastapi on uvicorn"], "deferring", f"{PREFIX}/") as visitor:
        visitor.wait_gone()  # by uvicorn, before the application learns of it

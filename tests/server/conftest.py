"""Fixtures: servers in the background, visitors without a browser, and a Chromium for the page."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from nbsession.platform.tornado import start_server

from .neighbour import neighbour
from .script import Script
from .visitor import RefusedError, Socket, Visitor
from .window import open_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nbsession._server.run.handle import ServerHandle

__all__ = ["neighbour", "open_page"]


class Run(Protocol):
    """Run a script."""

    def __call__(self, source: str, *arguments: str) -> Script: ...


class Serve(Protocol):
    """Serve apps on a free port, as ``start_server`` does where an event loop runs."""

    def __call__(self, apps: Any, **options: Any) -> ServerHandle: ...


class Visit(Protocol):
    """Open a server's page, without a browser."""

    def __call__(self, server: ServerHandle, query: str = "", **options: Any) -> Visitor: ...


class Knock(Protocol):
    """Try to begin to talk as a page does; return the status with which that is refused, or None."""

    def __call__(self, port: int, **headers: str) -> int | None: ...


@contextmanager
def serving(start_server: Callable[..., ServerHandle | None]) -> Iterator[Serve]:
    """Servers that are closed at the end."""
    handles: list[ServerHandle] = []

    def serve(apps: Any, **options: Any) -> ServerHandle:
        async def start() -> ServerHandle:
            handle = start_server(apps, port=0, **options)
            assert handle is not None
            return handle

        # In a thread: in the main one playwright keeps an event loop running.
        with ThreadPoolExecutor(1) as pool:
            handles.append(pool.submit(asyncio.run, start()).result())
        return handles[-1]

    yield serve
    for handle in handles:
        handle.close()


@contextmanager
def visiting(protocol: str) -> Iterator[Visit]:
    """Visitors whose connections are closed at the end."""
    visitors: list[Visitor] = []

    def visit(server: ServerHandle, query: str = "", **options: Any) -> Visitor:
        visitors.append(Visitor(server.port, query, **{"protocol": protocol, **options}))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.vanish()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Scripts that are ended after the test."""
    scripts: list[Script] = []

    def run(source: str, *arguments: str) -> Script:
        scripts.append(Script(source, tmp_path, *arguments))
        return scripts[-1]

    yield run
    for script in scripts:
        script.end()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Servers that are closed after the test."""
    with serving(start_server) as serve:
        yield serve


@pytest.fixture
def visit() -> Iterator[Visit]:
    """Visitors whose sockets are closed after the test."""
    with visiting("websocket") as visit:
        yield visit


@pytest.fixture
def knock() -> Knock:
    return knock_by_socket


def knock_by_socket(port: int, **headers: str) -> int | None:
    """Open a socket; see `Knock`."""
    try:
        Socket(port, headers=headers).close()
    except RefusedError as error:
        return error.status
    return None

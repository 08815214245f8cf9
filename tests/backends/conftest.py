"""Fixtures: every backend's server in a process of its own, and one Chromium; for the tests of tests/server other
backends than tornado in this process."""

from __future__ import annotations

import importlib
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.server.conftest import knock_by_socket, serving, visiting
from tests.server.visitor import get
from tests.server.window import open_page

from .backends import BACKENDS, MOUNTED, SERVERS
from .process import ServerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.server.conftest import Knock, Serve, Visit

    from .backends import Backend, Server

    Start = Callable[[Server], ServerProcess]

__all__ = ["open_page"]


@pytest.fixture(scope="session")
def started() -> Iterator[Start]:
    """Start servers, each once; they end with the tests."""
    running: dict[Server, ServerProcess] = {}
    with ExitStack() as stack:

        def started(server: Server) -> ServerProcess:
            if server not in running:
                running[server] = ServerProcess(server)
                stack.callback(running[server].end)
            return running[server]

        yield started


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, started: Start) -> ServerProcess:
    """Return each backend's server."""
    return started(SERVERS[request.param])


@pytest.fixture(params=MOUNTED)
def mounted(request: pytest.FixtureRequest, started: Start) -> ServerProcess:
    """Return applications of somebody else that have ours in them."""
    return started(MOUNTED[request.param])


@pytest.fixture(params=[name for name in BACKENDS if name != "tornado"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """Return each backend but tornado, on which tests/server runs."""
    return BACKENDS[request.param]


@pytest.fixture
def serve(backend: Backend) -> Iterator[Serve]:
    """Servers in this process that are closed after the test."""
    with serving(importlib.import_module(f"nbsession.platform.{backend.name}").start_server) as serve:
        yield serve


@pytest.fixture
def visit(backend: Backend) -> Iterator[Visit]:
    """Visitors without a browser, who speak what the backend's pages speak by themselves."""
    with visiting(backend.protocols[0]) as visit:
        yield visit


@pytest.fixture
def knock(backend: Backend) -> Knock:
    """Begin to talk as the backend's pages do."""
    return knock_by_socket if backend.protocols[0] == "websocket" else _knock_by_request


def _knock_by_request(port: int, **headers: str) -> int | None:
    status = get(port, "/?nbsession=exchange", "POST", b"", **headers)[0].status
    return None if status == 204 else status  # there is somebody, and nothing was said

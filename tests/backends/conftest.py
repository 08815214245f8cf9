"""Fixtures: every backend's server in a process of its own, and one Chromium."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import browser_context
from tests.server.window import open_page

from .backends import MOUNTED, SERVERS
from .process import ServerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .backends import Server

    Start = Callable[[Server], ServerProcess]

__all__ = ["browser_context", "open_page"]


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

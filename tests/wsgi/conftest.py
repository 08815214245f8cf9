"""Fixtures: servers of Flask's and Django's in the background, and visitors without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nbsession.platform.django import start_server as start_django
from nbsession.platform.flask import start_server as start_flask
from tests.server.conftest import serving, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.conftest import Serve, Visit


_SERVERS: list[Any] = [start_flask, start_django]


@pytest.fixture(params=_SERVERS, ids=["flask", "django"])
def start_server(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def serve(start_server: Any) -> Iterator[Serve]:
    """Servers that are closed after the test."""
    with serving(start_server) as serve:
        yield serve


@pytest.fixture
def visit() -> Iterator[Visit]:
    """Visitors whose connections are closed after the test."""
    with visiting("http") as visit:
        yield visit

"""Fixtures of the tests of forms and pins: a session, its reader, and the test's code as the session's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbsession._core.scope import SessionScope, scope_var
from tests.session.fake_platform import FakePlatform

from .reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbsession._core.session import Session


@pytest.fixture
def platform() -> FakePlatform:
    return FakePlatform()


@pytest.fixture(autouse=True)
def session(platform: FakePlatform) -> Iterator[Session]:
    """A session as a cell's is, and the test's code as that cell's."""
    made = platform.session()
    token = scope_var.set(SessionScope(made))
    yield made
    made.close()
    scope_var.reset(token)


@pytest.fixture
def reader(session: Session) -> Reader:
    """The reader of the session's page."""
    return Reader(session)

"""Fixtures of the renditions' tests: a session as a cell's is, and the test's code as that cell's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbsession._core.scope import SessionScope, scope_var
from nbsession._rendition import render
from tests.session.fake_platform import FakePlatform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbsession._core.session import Session


@pytest.fixture(autouse=True)
def session() -> Iterator[Session]:
    made = FakePlatform().session()
    token = scope_var.set(SessionScope(made))
    yield made
    scope_var.reset(token)


@pytest.fixture
def rendition(session: Session) -> Callable[..., str]:
    """Returns the rendition of what the session shows; arguments are those of `render`."""
    return lambda *args, **options: render(session.outputs.copy(), *args, **options)

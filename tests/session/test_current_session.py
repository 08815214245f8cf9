"""``get_current_session``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nbsession._core.scope import SessionScope, scope_var
from nbsession._core.session import Session
from nbsession.session import get_current_session

from .fake_platform import TIMEOUT, FakePlatform


@pytest.fixture
def session() -> Iterator[Session]:
    """The session of the test's code."""
    made = FakePlatform().session()
    token = scope_var.set(SessionScope(made))
    yield made
    scope_var.reset(token)


def test_it_says_whether_and_why_the_session_was_closed(session: Session) -> None:
    mine = get_current_session()
    before = (mine.closed(), mine.reason)
    mine.close("enough")
    assert (before, mine.closed(), mine.reason) == ((False, None), True, "enough")


def test_a_session_has_one(session: Session) -> None:
    assert get_current_session() == get_current_session()
    assert len({get_current_session(), get_current_session()}) == 1
    assert get_current_session() != session


def test_it_defers_calls(session: Session) -> None:
    mine, called = get_current_session(), []

    @mine.defer_call
    def end() -> None:
        called.append(mine.reason)

    mine.close()
    session.wait_closed(TIMEOUT)
    assert called == ["closed by the program"]

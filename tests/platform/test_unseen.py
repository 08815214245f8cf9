"""What is said of a page that nobody looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbsession._own_page.unseen import OnStderr, Unseen
from nbsession.exceptions import JSError
from tests.session.fake_platform import FakePlatform

if TYPE_CHECKING:
    from nbsession._core.session import Session


@pytest.fixture
def session() -> Session:
    """A session without a page."""
    return FakePlatform().session()


def test_errors_are_remembered_when_their_session_has_closed(session: Session) -> None:
    unseen = Unseen()
    unseen.watch(session)
    for _ in range(2):
        session.warn(JSError("TypeError", "no", "", "f()"))
    session.close(keep_outputs=False)
    assert unseen.remarks() == ["an error on the page: TypeError: no (2 times), in the code: f()"]


def test_notices_are_remembered(session: Session) -> None:
    unseen = Unseen()
    unseen.watch(session)
    session.outputs.notice("warning", "The page was lost\nwhile", details="much more")
    assert unseen.remarks() == ["on the page: The page was lost while"]


def test_stderr_has_no_second_traceback_of_python_code(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    OnStderr().watch(session)
    session.failed(ValueError("logged with its traceback"))
    assert "an error on the page" not in capsys.readouterr().err

"""What a closed session leaves on its page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from .fake_platform import TIMEOUT, FakePage

if TYPE_CHECKING:
    from nbsession._core.session import Session

    from .fake_platform import FakePlatform


@pytest.fixture
def page(platform: FakePlatform, session: Session) -> FakePage:
    """A page that shows what the session has put, in a notebook, where a closed session's outputs are kept."""
    platform.keeps = True
    page = FakePage()
    session.delivery.attach(page)  # type: ignore[arg-type]
    session.outputs.notice("info", "shown")
    return page


def closings(page: FakePage) -> list[str]:
    return [text for channel, text in page.sent if channel == 0 and text.startswith(("close", "end"))]


def test_the_program_closes_it_and_its_outputs_stay(session: Session, page: FakePage) -> None:
    session.close("because")
    assert closings(page) == ["end 1 because"]


def test_closing_it_twice_lets_them_stay(session: Session, page: FakePage) -> None:
    session.close("because")
    session.close("again")
    assert closings(page) == ["end 1 because"]


def test_a_cell_that_is_run_again_lets_go_of_them(session: Session, page: FakePage) -> None:
    session.close("because")
    session.close("the cell was run again", keep_outputs=False)
    assert closings(page) == ["end 1 because", "close 1 the cell was run again"]


def test_a_session_that_is_held_after_its_end_holds_nothing_of_what_it_showed(
    session: Session, page: FakePage
) -> None:
    """IPython's ``Out`` holds the value of a cell that ends with a ``put_...``, and so the session."""
    assert page is not None
    session.close("because")
    assert len(session.outputs) == 1
    session.close("the cell was run again", keep_outputs=False)
    assert len(session.outputs) == 0


def test_the_platform_hears_of_it_when_all_is_over(
    platform: FakePlatform, session: Session, page: FakePage
) -> None:
    session.close("because")
    assert platform.closed_sessions == []
    session.close(keep_outputs=False)
    assert platform.closed_sessions == [session]


def test_a_page_that_comes_after_the_end_is_shown_it(platform: FakePlatform, session: Session) -> None:
    platform.keeps = True
    session.outputs.notice("info", "the last word")
    session.close("because")
    page = FakePage()
    session.delivery.attach(page)  # type: ignore[arg-type]
    assert session.opening()["ended"] == "because"
    assert [json.loads(text)[0] for channel, text in page.sent if channel == 1] == ["snapshot"]


def test_what_the_page_says_just_after_the_end_is_shown(session: Session, page: FakePage) -> None:
    session.close("because")
    page.sent.clear()
    session.outputs.error("Error", "of the last run_js", "", "")
    assert [json.loads(text)[0] for channel, text in page.sent if channel == 1] == ["put"]


def test_one_that_cannot_be_told_keeps_nobody_from_the_end(session: Session) -> None:
    def fail(reason: str) -> None:
        raise RuntimeError(reason)

    ran: list[str] = []
    session.on_close(fail)
    session.on_close(lambda _: ran.append("told"))
    session.defer(lambda: ran.append("deferred"))
    session.close("because")
    assert session.wait_closed(TIMEOUT)
    assert ran == ["told", "deferred"]


def test_a_page_that_comes_after_all_is_over_is_shown_nothing(session: Session) -> None:
    session.outputs.notice("info", "the last word")
    session.close("because", keep_outputs=False)
    page = FakePage()
    session.delivery.attach(page)  # type: ignore[arg-type]
    assert (page.channels, page.sent) == ((), [])

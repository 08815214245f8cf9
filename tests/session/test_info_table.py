"""What ``info`` shows of itself, and a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession import info
from nbsession._core.current import current_session
from nbsession.testing import FakeBrowser

if TYPE_CHECKING:
    from nbsession._core.session import Session


def test_it_shows_a_row_for_each_value() -> None:
    with FakeBrowser():
        table = info._repr_mimebundle_()["text/html"]
        assert "user_language</th><td style='text-align:left'>en-US</td>" in table


def test_what_a_page_says_is_text_in_the_table() -> None:
    with FakeBrowser(info={"language": "<b>"}):
        assert "&lt;b&gt;" in info._repr_mimebundle_()["text/html"]


def test_its_repr_has_a_line_for_each_value() -> None:
    with FakeBrowser():
        lines = dict(line.split(maxsplit=1) for line in repr(info).splitlines() if "  " in line)
        assert (lines["user_language"], lines["timezone"]) == ("en-US", "UTC")


def test_its_request_is_not_shown() -> None:
    with FakeBrowser():
        assert "request" not in repr(info)


def test_a_session_with_a_page_is_open() -> None:
    with FakeBrowser():
        assert repr(current_session()).endswith(" open>")


def test_a_session_without_a_page_is_open_too(session: Session) -> None:
    assert repr(session).endswith(" open, no page yet>")


def test_a_closed_session_says_why(session: Session) -> None:
    session.close("enough of it")
    assert repr(session).endswith(" closed: enough of it>")

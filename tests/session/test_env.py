"""set_env: what it takes and what it tells the page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import SessionClosedException, set_env
from nbsession._core.scope import inside

from .fake_platform import FakePage

if TYPE_CHECKING:
    from nbsession._core.session import Session


def test_only_what_is_given_changes(session: Session) -> None:
    with inside(session):
        set_env(title="First", output_animation=False)
        set_env(title="Second")
    assert session.env == {"title": "Second", "output_animation": False}


def test_a_page_that_is_there_is_told_what_changes(session: Session) -> None:
    page = FakePage()
    session.delivery.attach(page)  # type: ignore[arg-type]
    with inside(session):
        set_env(title="Awesome")
    assert [json.loads(text) for channel, text in page.sent if channel] == [["env", {"title": "Awesome"}]]


def test_a_page_that_comes_later_is_told_when_the_session_opens(session: Session) -> None:
    with inside(session):
        set_env(output_max_width="80%")
    assert session.opening()["env"] == {"output_max_width": "80%"}


def test_js_errors_stay_in_python(session: Session) -> None:
    with inside(session):
        set_env(js_errors="raise")
    assert (session.js_errors, session.env) == ("raise", {})


def test_an_unknown_option_names_the_nearest_known_one(session: Session) -> None:
    with inside(session), pytest.raises(TypeError, match="'titel': did you mean 'title'"):
        set_env(titel="Awesome")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"title": 5}, TypeError),
        ({"output_animation": "yes"}, TypeError),
        ({"http_pull_interval": True}, TypeError),
        ({"http_pull_interval": 0}, ValueError),
        ({"input_panel_min_height": 10}, ValueError),
        ({"input_panel_init_height": 100}, ValueError),
        ({"js_errors": "ignore"}, ValueError),
        ({"output_max_width": "wide"}, ValueError),
        ({"output_max_width": "-3px"}, ValueError),
        ({"output_max_width": "80"}, ValueError),
        ({"output_max_width": 80}, TypeError),
    ],
    ids=str,
)
def test_a_wrong_value_is_refused_with_its_name(
    session: Session, options: dict[str, Any], error: type[Exception]
) -> None:
    with inside(session), pytest.raises(error, match=next(iter(options))):
        set_env(**options)


def test_nothing_can_be_set_in_a_closed_session(session: Session) -> None:
    session.close("over")
    with inside(session), pytest.raises(SessionClosedException):
        set_env(title="late")

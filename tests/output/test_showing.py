"""Outputs appear, change and go; where and when they cannot, it is said."""

# What is passed is wrong on purpose.
# mypy: disable-error-code="arg-type, func-returns-value"

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from nbsession._core.scope import SessionScope, scope_var
from nbsession.exceptions import SessionClosedException, SessionNotFoundException
from nbsession.output import put_code, put_html, put_markdown, put_progressbar, put_table, put_text
from tests.session.fake_platform import FakePlatform

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session
    from tests.session.fake_platform import FakePage

    from .conftest import Screen

HOSTILE = "<img src=x onerror=alert(1)></textarea><script>alert(2)</script>&lt;b&gt;\x00\u2028{{x}}"


def test_text_is_what_str_says_of_each_with_the_separator_between(screen: Screen) -> None:
    put_text("a", 1, None, sep="-")
    assert screen.only["text"] == "a-1-None"


def test_an_update_changes_what_is_given_and_keeps_the_rest(screen: Screen) -> None:
    code = put_code("x = 1", "python", rows=3)
    code.update("y = 2")
    assert (screen.only["language"], screen.only["rows"]) == ("python", 3)
    assert "y" in screen.only["html"]


def test_an_update_of_an_option_keeps_the_content(screen: Screen) -> None:
    text = put_text("a", "b")
    text.update(sep="+")
    assert screen.only["text"] == "a+b"


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (
            lambda: put_text("a").update(foo=2),
            r"put_text\(...\).update\(\) takes \*texts, sep=, inline=: .*'foo'",
        ),
        (
            lambda: put_html("a").update("a", "b"),
            r"put_html\(...\).update\(\) takes html, sanitize=: too many",
        ),
        (lambda: put_progressbar("a").update(called="b"), r"takes init, label=, auto_close=: .*'called'"),
    ],
)
def test_an_update_that_cannot_be_tells_what_it_takes(shown: Callable[[], None], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        shown()


def test_a_progress_bar_that_is_updated_keeps_its_name(screen: Screen) -> None:
    put_progressbar("a").update(0.5)
    assert (screen.only["name"], screen.only["value"]) == ("a", 0.5)


def test_a_removed_output_is_gone_and_removing_it_again_is_harmless(screen: Screen) -> None:
    text = put_text("a")
    text.remove()
    text.remove()
    text.update("b")
    assert screen.nodes == []


@pytest.mark.parametrize(
    ("position", "shown"), [(0, "xab"), (1, "axb"), (-1, "abx"), (-2, "axb"), (9, "abx")]
)
def test_position_counts_from_the_front_and_from_the_end(screen: Screen, position: int, shown: str) -> None:
    put_text("a")
    put_text("b")
    put_text("x", position=position)
    assert "".join(screen.texts()) == shown


def test_the_page_is_told_in_front_of_which_node(page: FakePage) -> None:
    first = put_text("a")
    put_text("b", position=0)
    messages = [json.loads(text) for _, text in page.sent]
    assert [message[2] for message in messages] == [None, first.key]


def test_a_closed_session_shows_nothing_any_more(session: Session) -> None:
    text = put_text("a")
    session.close("the test is over")
    for call in (lambda: put_text("b"), lambda: text.update("b"), text.remove):
        with pytest.raises(SessionClosedException, match="the test is over"):
            call()


def test_a_callback_without_a_cell_is_told_how_to_show_something() -> None:
    session = FakePlatform().session()
    session.toasts = True
    token = scope_var.set(SessionScope(session))
    try:
        with pytest.raises(SessionNotFoundException, match=r"put_text\(\).*session\.bind"):
            put_text("a")
    finally:
        scope_var.reset(token)


def test_a_handle_displays_as_nothing() -> None:
    assert put_text("x")._ipython_display_() is None


def test_text_stays_text(screen: Screen) -> None:
    put_text(HOSTILE)
    assert (screen.only["kind"], screen.only["text"]) == ("text", HOSTILE)


def test_html_in_markdown_is_sanitized_or_text(screen: Screen) -> None:
    markdown = put_markdown("a <img src=x onerror=alert(1)>\n\n<script>alert(2)</script>")
    assert screen.only["sanitize"] is True
    markdown.update(options={"html": False})
    assert "<img" not in screen.only["html"]
    assert "<script" not in screen.only["html"]


def test_markdown_links_run_no_scripts(screen: Screen) -> None:
    put_markdown("[a](javascript:alert(1)) ![b](javascript:alert(2)) <javascript:alert(3)>")
    assert "href" not in screen.only["html"]
    assert "src=" not in screen.only["html"]


@pytest.mark.parametrize("language", ["python", "html", "", "no-such-language", '"><script>'])
def test_program_text_is_escaped_in_any_language(screen: Screen, language: str) -> None:
    put_code(HOSTILE, language)
    assert "<script" not in screen.only["html"]
    assert "<img" not in screen.only["html"]


def test_code_in_markdown_is_escaped_in_any_language(screen: Screen) -> None:
    put_markdown('```"><script>alert(1)</script>\n</code><script>alert(2)</script>\n```')
    assert "<script" not in screen.only["html"]


def test_markdown_loses_the_indentation_that_its_lines_share(screen: Screen) -> None:
    put_markdown("""# Title
        text""")
    assert screen.only["html"] == "<h1>Title</h1>\n<p>text</p>\n"


def test_line_breaks_of_markdown_are_kept_unless_told_otherwise(screen: Screen) -> None:
    put_markdown("a\nb")
    put_markdown("a\nb", options={"breaks": False})
    assert [each["html"] for each in screen.nodes] == ["<p>a<br>\nb</p>\n", "<p>a\nb</p>\n"]


def test_the_former_parameter_for_indentation_warns(screen: Screen) -> None:
    with pytest.warns(DeprecationWarning, match="strip_indent is deprecated"):
        put_markdown("# Title", strip_indent=4)
    assert screen.only["html"] == "<h1>Title</h1>\n"


def test_html_of_an_object_with_html(screen: Screen) -> None:
    class Markup:
        def __html__(self) -> str:
            return "<b>x</b>"

    put_html(Markup())
    assert screen.only["html"] == "<b>x</b>"


@pytest.mark.parametrize(
    "call",
    [
        lambda: put_html(5),
        lambda: put_markdown(None),
        lambda: put_table("text"),
        lambda: put_table([1]),
        lambda: put_text("a", position="top"),
        lambda: put_text("a", scope=1.5),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name_and_nothing_is_shown(
    screen: Screen, call: Callable[[], object]
) -> None:
    with pytest.raises(TypeError, match=r"put_\w+\(\) expects"):
        call()
    assert screen.nodes == []

"""Scopes: outputs go to the innermost that was entered, or to the one that is named."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from nbsession.output import clear, put_progressbar, put_scope, put_text, remove, scroll_to, use_scope
from nbsession.session._bind import bind

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session
    from tests.session.fake_platform import FakePage

    from .conftest import Screen


def test_outputs_go_to_the_scope_that_was_entered(screen: Screen) -> None:
    with use_scope("a"):
        put_text("inside")
    put_text("outside")
    assert (screen.texts(screen.scope("a")), screen.texts()) == (["inside"], ["outside"])


def test_a_scope_is_entered_again_or_cleared(screen: Screen) -> None:
    for text in ("one", "two"):
        with use_scope("a"):
            put_text(text)
    with use_scope("b"):
        put_text("old")
    with use_scope("b", clear=True):
        put_text("new")
    assert screen.texts(screen.scope("a")) == ["one", "two"]
    assert screen.texts(screen.scope("b")) == ["new"]


def test_scopes_stand_in_one_another(screen: Screen) -> None:
    with use_scope("outer"), use_scope("inner"):
        put_text("deep")
        put_text("outer", scope=-2)
        put_text("root", scope=0)
    assert screen.texts(screen.scope("inner")) == ["deep"]
    assert screen.texts(screen.scope("outer")) == ["outer"]
    assert screen.texts() == ["root"]


def test_use_scope_decorates_functions_and_coroutine_functions(screen: Screen) -> None:
    @use_scope("a", clear=True)
    def tick() -> None:
        put_text("tick")

    @use_scope("b")
    async def tock() -> str:
        await asyncio.sleep(0)
        put_text("tock")
        return "done"

    tick()
    tick()
    assert asyncio.run(tock()) == "done"
    assert screen.texts(screen.scope("a")) == ["tick"]
    assert screen.texts(screen.scope("b")) == ["tock"]


def test_a_scope_without_a_name_is_a_new_one(screen: Screen) -> None:
    with use_scope() as first, use_scope() as second:
        put_text("x")
    assert first != second
    assert screen.texts(screen.scope(second)) == ["x"]


def test_use_scope_creates_a_scope_where_it_is_told_to(screen: Screen) -> None:
    put_scope("outer", put_text("last"))
    with use_scope("inner", container_scope="outer", position=0):
        put_text("first")
    outer = screen.scope("outer")
    assert [each["kind"] for each in screen.nodes if each.get("parent") == outer] == ["scope", "text"]


def test_use_scope_creates_no_scope_if_it_is_told_not_to(screen: Screen) -> None:
    with use_scope("missing", create_scope=False):
        put_text("a")
    assert screen.texts() == ["a"]


def test_put_scope_takes_outputs_in(screen: Screen) -> None:
    put_scope("a", [put_text("one"), put_text("two")])
    assert screen.texts(screen.scope("a")) == ["one", "two"]


def test_the_content_of_a_scope_can_be_replaced(screen: Screen) -> None:
    scope = put_scope("a", put_text("old"))
    scope.update(put_text("new"))
    assert screen.texts(screen.scope("a")) == ["new"]


def test_a_scope_replaces_the_one_that_has_its_name(screen: Screen) -> None:
    put_scope("around", put_scope("a", put_text("old")))
    put_scope("a", put_text("new"))
    assert screen.texts(screen.scope("a")) == ["new"]
    assert [node["name"] for node in screen.nodes if node["kind"] == "scope"] == ["around", "a"]


def test_a_scope_may_take_over_what_is_in_the_one_that_it_replaces(screen: Screen) -> None:
    line = put_text("kept")
    put_scope("a", line)
    put_scope("a", line)
    assert screen.texts(screen.scope("a")) == ["kept"]


def test_a_scope_is_not_put_into_itself() -> None:
    put_scope("a")
    with use_scope("a"), pytest.raises(ValueError, match="'a' cannot be inside itself"):
        put_scope("a")


def test_a_removed_scope_can_be_made_again(screen: Screen) -> None:
    put_scope("a", put_text("old"))
    remove("a")
    put_scope("a")
    assert [node["kind"] for node in screen.nodes] == ["scope"]


def test_clear_empties_a_scope_and_leaves_it(screen: Screen) -> None:
    put_scope("a", put_text("x"))
    clear("a")
    put_text("y", scope="a")
    assert screen.texts(screen.scope("a")) == ["y"]


def test_clear_leaves_what_nbsession_has_to_say(screen: Screen, session: Session) -> None:
    put_text("x")
    session.outputs.notice("warning", "look")
    clear()
    assert screen.texts() == ["look"]


def test_a_scope_that_is_not_there_shows_nothing_and_warns(screen: Screen) -> None:
    with pytest.warns(UserWarning, match="no scope 'a'"):
        put_text("x", scope="a").update("y")
    assert screen.nodes == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: put_text("x", scope="a"),
            r"put_text\(\).*nothing is shown; create it with put_scope\('a'\)",
        ),
        (lambda: put_progressbar("x", scope="a"), r"put_progressbar\(\).*nothing is shown"),
        (lambda: put_scope("x", scope="a"), r"put_scope\(\).*nothing is shown"),
        (lambda: clear("a"), r"clear\(\).*so nothing is cleared$"),
        (lambda: remove("a"), r"remove\(\).*so nothing is removed$"),
        (lambda: scroll_to("a"), r"scroll_to\(\).*so nothing is scrolled to$"),
    ],
)
def test_the_warning_says_what_is_not_done_and_where(call: Callable[[], object], said: str) -> None:
    with pytest.warns(UserWarning, match=said) as warned:
        call()
    assert warned[0].filename == __file__


def test_an_index_beyond_the_entered_scopes_is_told_how_many_there_are() -> None:
    with pytest.raises(ValueError, match=r"scope=5, but there is only 1 scope here \(ROOT\)"):
        put_text("x", scope=5)
    with (
        use_scope("a"),
        pytest.raises(ValueError, match=r"scope=2, but there are only 2 scopes here \(ROOT, a\)"),
    ):
        clear(2)


def test_use_scope_without_parentheses_is_told_how_to_write_it() -> None:
    with pytest.raises(TypeError, match=r'write @use_scope\("name"\)'):

        @use_scope  # type: ignore[arg-type]
        def tick() -> None: ...


def test_where_the_entered_scope_was_removed_outputs_go_to_the_one_around_it(screen: Screen) -> None:
    with use_scope("a"):
        remove()
        put_text("x")
    assert screen.texts() == ["x"]


def test_the_root_is_not_removed() -> None:
    with pytest.raises(ValueError, match="ROOT"):
        remove()


def test_entered_scopes_are_the_threads_own(screen: Screen) -> None:
    thread = threading.Thread(target=bind(lambda: put_text("thread")))  # type: ignore[misc]
    with use_scope("a"):
        thread.start()
        thread.join()
    assert screen.texts() == ["thread"]


def test_scroll_to_names_the_scope_and_where(page: FakePage) -> None:
    scope = put_scope("a")
    scroll_to("a", "bottom")
    assert page.sent[-1][1] == f'["scroll",{scope.key},"bottom"]'


@pytest.mark.parametrize("name", ["", "ROOT"])
def test_a_scope_needs_a_name_of_its_own(name: str) -> None:
    with pytest.raises(ValueError, match="expects a name"):
        put_scope(name)

"""A part of the page is rebuilt while others write to it."""

from __future__ import annotations

import sys
import threading
import warnings
from typing import TYPE_CHECKING

import pytest

from nbsession.output import (
    clear,
    put_progressbar,
    put_scope,
    put_table,
    put_text,
    remove,
    set_progressbar,
    use_scope,
)
from nbsession.session._bind import bind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbsession._core.session import Session

    from .conftest import Screen


def in_thread(function: Callable[[], object]) -> None:
    """Call it in a thread, which has entered no scope."""
    thread = threading.Thread(target=bind(function))
    thread.start()
    thread.join()


def show(text: str, name: str = "detail") -> None:
    with use_scope(name, clear=True):
        put_text(text)


def names(screen: Screen) -> list[str]:
    return [node["name"] for node in screen.nodes if node["kind"] == "scope"]


def test_a_scope_that_was_used_meanwhile_is_put_in_its_place(screen: Screen) -> None:
    put_scope("main", put_scope("detail"))
    clear("main")
    in_thread(lambda: show("meanwhile"))
    put_scope("detail", put_text("new"), scope="main")
    assert screen.texts(screen.scope("detail")) == ["new"]
    assert names(screen) == ["main", "detail"]


def test_what_is_used_after_that_is_the_one_that_was_put(screen: Screen) -> None:
    put_scope("detail")
    put_scope("main")
    put_scope("detail", scope="main")
    in_thread(lambda: show("later"))
    assert screen.texts(screen.scope("detail")) == ["later"]


def test_a_scope_that_went_with_the_one_around_it_is_made_again_there(screen: Screen) -> None:
    put_scope("main", put_scope("detail"))
    clear("main")
    in_thread(lambda: show("meanwhile"))
    clear("main")
    assert names(screen) == ["main"]


def test_where_that_has_gone_too_it_is_made_in_what_is_around_that(screen: Screen) -> None:
    put_scope("main", put_scope("panel", put_table([[put_scope("detail")]])))
    remove("panel")
    in_thread(lambda: show("meanwhile"))
    clear("main")
    assert names(screen) == ["main"]


@pytest.mark.parametrize("removed", [lambda: remove("detail"), lambda: remove("main")], ids=["itself", "all"])
def test_where_nothing_is_left_it_is_made_in_the_root(screen: Screen, removed: Callable[[], None]) -> None:
    put_scope("main", put_scope("detail"))
    removed()
    in_thread(lambda: show("meanwhile"))
    assert "parent" not in next(node for node in screen.nodes if node.get("name") == "detail")


def test_in_a_scope_that_was_entered_it_is_made_there(screen: Screen) -> None:
    put_scope("main", put_scope("detail"))
    clear("main")
    with use_scope("other"):
        show("meanwhile")
    clear("other")
    assert names(screen) == ["main", "other"]


def test_outputs_of_a_scope_that_goes_while_it_is_used_go_to_the_one_around_it(screen: Screen) -> None:
    put_scope("main", put_scope("detail"))

    def write() -> None:
        with use_scope("detail"):
            clear("main")
            put_text("meanwhile")

    in_thread(write)
    assert screen.texts(screen.scope("main")) == ["meanwhile"]


def test_outputs_of_a_scope_that_goes_before_they_are_put_go_with_it(
    screen: Screen, session: Session
) -> None:
    scope = put_scope("detail")
    remove("detail")
    called: list[str] = []
    session.outputs.put("text", parent=scope.key, text="x", removed=lambda: called.append("removed"))
    assert (screen.nodes, called) == ([], ["removed"])


def test_outputs_that_a_removed_one_is_to_hold_go_with_it(screen: Screen) -> None:
    scope = put_scope("detail")
    remove("detail")
    scope.update(put_text("x"))
    assert screen.nodes == []


def test_a_progress_bar_whose_scope_has_gone_may_be_moved() -> None:
    with pytest.warns(UserWarning, match="no scope 'detail'"):
        put_progressbar("bar", scope="detail")
    set_progressbar("bar", 0.5)


def test_a_progress_bar_whose_scope_has_gone_leaves_its_name_to_one_that_is_shown(screen: Screen) -> None:
    put_progressbar("bar")
    with pytest.warns(UserWarning, match="no scope 'detail'"):
        put_progressbar("bar", scope="detail")
    set_progressbar("bar", 0.5)
    assert screen.only["value"] == 0.5


@pytest.fixture
def _threads_take_turns_often() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("_threads_take_turns_often")
def test_however_many_rebuild_and_write_at_once_each_scope_is_there_once(screen: Screen) -> None:
    failures: list[Exception] = []
    put_scope("main")

    def rebuild() -> None:
        clear("main")
        put_scope("detail", put_text("new"), scope="main")
        put_progressbar("bar", scope="detail")

    def write() -> None:
        show("x")
        put_text("y", scope="detail")
        set_progressbar("bar", 0.5)

    def often(function: Callable[[], None]) -> None:
        try:
            for _ in range(100):
                function()
        except Exception as error:  # noqa: BLE001 -- whatever would end an app
            failures.append(error)

    rebuild()
    threads = [threading.Thread(target=bind(often), args=[each]) for each in (rebuild, rebuild, write, write)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    rebuild()
    assert (failures, names(screen)) == ([], ["main", "detail"])
    assert [node for node in screen.nodes if "parent" not in node] == [screen.nodes[0]]

"""Dialogs, links, styles and clicks, and the functions that the original has deprecated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from nbsession.exceptions import SessionException
from nbsession.output import (
    Output,
    OutputPosition,
    PopupSize,
    Position,
    clear,
    close_popup,
    get_scope,
    output,
    popup,
    put_button,
    put_collapse,
    put_link,
    put_table,
    put_text,
    set_scope,
    style,
    toast,
    use_scope,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

    from .conftest import Screen


def kinds(screen: Screen) -> list[str]:
    return [node["kind"] for node in screen.nodes]


def test_a_popup_has_its_content_inside(screen: Screen) -> None:
    popup("Title", ["text", put_text("output")], size=PopupSize.SMALL)
    shown = screen.nodes[-1] if kinds(screen)[-1] == "popup" else screen.nodes[0]
    assert (shown["kind"], shown["title"], shown["size"]) == ("popup", "Title", "small")
    assert sorted(screen.texts(shown["key"])) == ["output", "text"]


def test_a_popup_replaces_the_one_before(screen: Screen) -> None:
    popup("first")
    popup("second")
    assert screen.only["title"] == "second"


def test_a_popup_is_in_the_root(screen: Screen) -> None:
    with use_scope("a"):
        popup("Title")
    assert "parent" not in next(node for node in screen.nodes if node["kind"] == "popup")


def test_a_block_of_a_popup_shows_its_outputs_there(screen: Screen) -> None:
    with popup("Title") as name:
        put_text("inside")
        put_button("clear", lambda: clear(name))
    put_text("too", scope=name)
    assert screen.texts(screen.nodes[0]["key"]) == ["inside", "too"]


def test_close_popup(screen: Screen, session: Session) -> None:
    popup("Title", put_text("inside"))
    close_popup()
    close_popup()
    assert (screen.nodes, len(session.callbacks)) == ([], 0)


def test_clear_leaves_a_popup_open(screen: Screen) -> None:
    popup("Title")
    put_text("gone")
    clear()
    assert kinds(screen) == ["popup"]


def test_the_reader_closes_a_popup(screen: Screen, session: Session) -> None:
    popup("Title")
    callback = session.callbacks.find(screen.only["callback"])
    assert callback is not None
    callback.function(None)
    assert screen.nodes == []


def test_a_popup_that_only_the_program_closes_has_no_callback(screen: Screen) -> None:
    popup("Title", closable=False)
    assert "callback" not in screen.only


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match=r"popup\(\) expects size"):
        popup("Title", size="huge")  # type: ignore[arg-type]


def test_a_link(screen: Screen) -> None:
    put_link("Jupyter", "https://jupyter.org", new_window=True)
    link = screen.only
    assert (link["text"], link["href"], link["new_window"]) == ("Jupyter", "https://jupyter.org", True)


@pytest.mark.parametrize("options", [{}, {"url": "a", "app": "b"}])
def test_a_link_leads_to_one_place(options: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="expects either url or app"):
        put_link("x", **options)


def test_a_link_to_an_app_is_for_apps() -> None:
    with pytest.raises(SessionException, match="does not belong to an app"):
        put_link("x", app="other")


def test_a_style_is_added_to_the_one_before(screen: Screen) -> None:
    put_text("x").style("color: red").style("margin: 1px")
    assert screen.only["style"] == "color: red; margin: 1px"


def test_a_style_stays_over_an_update(screen: Screen) -> None:
    shown = put_text("x").style("color: red")
    shown.update("y")
    assert (screen.only["text"], screen.only["style"]) == ("y", "color: red")


def test_a_style_is_a_text() -> None:
    with pytest.raises(TypeError, match=r"style\(\) expects CSS"):
        put_text("x").style({"color": "red"})  # type: ignore[arg-type]


def test_a_click_calls_a_function_in_the_scope_of_the_output(screen: Screen, session: Session) -> None:
    with use_scope("a"):
        put_text("x").onclick(lambda: put_text(get_scope()))
    number = next(node["click"] for node in screen.nodes if "click" in node)
    callback = session.callbacks.find(number)
    assert callback is not None
    callback.function(None)
    assert screen.texts(screen.scope("a")) == ["x", "a"]


def test_a_click_s_function_is_forgotten_with_the_output(session: Session) -> None:
    shown = put_text("x").onclick(lambda: None).onclick(lambda: None)
    assert len(session.callbacks) == 1
    shown.remove()
    assert len(session.callbacks) == 0


def test_a_button_that_is_clicked_keeps_its_own_function(session: Session) -> None:
    shown = put_button("x", lambda: None).onclick(lambda: None)
    assert len(session.callbacks) == 2
    shown.remove()
    assert len(session.callbacks) == 0


def test_show_shows_nothing_twice(screen: Screen) -> None:
    put_text("x").show()
    assert screen.texts() == ["x"]


@pytest.mark.parametrize("name", ["show", "send", "style", "onclick", "update", "remove"])
def test_an_output_has_the_original_s_methods(name: str) -> None:
    assert callable(getattr(Output, name))


def test_output_can_be_changed(screen: Screen) -> None:
    with pytest.warns(DeprecationWarning, match="use put_scope"):
        hobby = output("Coding")
    put_table([["Name"], [hobby]])
    hobby.append("Music", put_text("Drama"))
    hobby.insert(0, "first")
    hobby.insert(-1, "last")
    hobby.insert(-2, "last but one")
    assert screen.texts(hobby.key) == ["first", "Coding", "Music", "Drama", "last but one", "last"]
    hobby.reset("Movie")
    assert screen.texts(hobby.key) == ["Movie"]


def test_style_of_several_outputs(screen: Screen) -> None:
    with pytest.warns(DeprecationWarning, match="use put_"):
        styled = style([put_text("a"), put_text("b")], "color: red")
    put_collapse("title", styled)
    styles = [node["style"] for node in screen.nodes if node["kind"] == "text"]
    assert styles == ["color: red", "color: red"]


@pytest.mark.parametrize(("index", "name"), [(0, "ROOT"), (-1, "b"), (-2, "a"), (3, None), (-4, None)])
def test_get_scope(index: int, name: str | None) -> None:
    with use_scope("a"), use_scope("b"):
        assert get_scope(index) == name


@pytest.mark.parametrize(("if_exist", "texts"), [(None, ["x"]), ("clear", []), ("remove", [])])
def test_set_scope(if_exist: Any, texts: list[str], screen: Screen) -> None:
    set_scope("a")
    put_text("x", scope="a")
    set_scope("a", if_exist=if_exist)
    assert screen.texts(screen.scope("a")) == texts


def test_set_scope_knows_its_choices() -> None:
    with pytest.raises(ValueError, match="expects if_exist"):
        set_scope("a", if_exist="keep")  # type: ignore[arg-type]


def test_the_constants() -> None:
    assert (Position.TOP, Position.MIDDLE, Position.BOTTOM) == ("top", "middle", "bottom")
    assert (OutputPosition.TOP, OutputPosition.BOTTOM) == (0, -1)


@pytest.fixture
def toasts(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What pages are told to show for a moment."""
    told: list[dict[str, Any]] = []

    def run(command: Any) -> None:
        name, fields = json.loads(command.text)
        assert name == "toast"
        told.append(fields)

    monkeypatch.setattr(session.delivery, "run", run)
    return told


def test_a_toast(toasts: list[dict[str, Any]]) -> None:
    toast("hello", duration=1.5, position="right", color="#2188ff")
    assert toasts == [
        {"text": "hello", "duration": 1.5, "position": "right", "color": "#2188ff", "callback": None}
    ]


@pytest.mark.parametrize(("pressed", "calls"), [(True, ["clicked"]), (False, []), ("true", [])])
def test_a_toast_s_function_is_called_once_and_forgotten(
    pressed: object, calls: list[str], toasts: list[dict[str, Any]], session: Session
) -> None:
    called: list[str] = []
    toast("hello", onclick=lambda: called.append("clicked"))
    callback = session.callbacks.find(toasts[0]["callback"])
    assert callback is not None
    callback.function(pressed)
    assert (called, len(session.callbacks)) == (calls, 0)


@pytest.mark.parametrize(
    "options",
    [{"duration": -1}, {"duration": "2"}, {"position": "top"}, {"color": "red"}, {"color": "#12"}],
)
def test_a_toast_of_another_kind_is_refused(options: dict[str, Any], toasts: list[Any]) -> None:
    with pytest.raises(ValueError, match=r"toast\(\) expects"):
        toast("hello", **options)
    assert toasts == []


def test_a_toast_calls_functions(toasts: list[Any]) -> None:
    not_one: Callable[[], object] = "f"  # type: ignore[assignment]
    with pytest.raises(TypeError, match="expects onclick to be a function"):
        toast("hello", onclick=not_one)

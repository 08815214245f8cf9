"""Outputs that contain others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nbsession._core.outputs import Outputs
from nbsession.output import (
    Output,
    get_scope,
    put_button,
    put_collapse,
    put_column,
    put_error,
    put_grid,
    put_info,
    put_loading,
    put_row,
    put_scope,
    put_scrollable,
    put_success,
    put_tabs,
    put_text,
    put_warning,
    span,
    use_scope,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

    from .conftest import Screen


def node(screen: Screen, kind: str) -> dict[str, Any]:
    """The only node of a kind."""
    [found] = [each for each in screen.nodes if each["kind"] == kind]
    return found


CONTAINERS: list[Callable[[], Output]] = [
    lambda: put_collapse("title"),
    put_column,
    put_info,
    put_row,
    put_scrollable,
]


@pytest.mark.parametrize("put", CONTAINERS)
def test_a_with_block_shows_its_outputs_inside(put: Callable[[], Output], screen: Screen) -> None:
    with put():
        put_text("inside")
    put_text("after")
    container = screen.nodes[0]
    assert (screen.texts(container["key"]), screen.texts()) == (["inside"], ["after"])


@pytest.mark.parametrize("put", CONTAINERS)
def test_a_with_block_names_a_scope_for_more(put: Callable[[], Output], screen: Screen) -> None:
    with put() as name:
        assert get_scope() == name
    put_text("more", scope=name)
    assert screen.texts(screen.nodes[0]["key"]) == ["more"]


def test_with_blocks_nest(screen: Screen) -> None:
    with put_row() as row, put_column() as column:
        assert (get_scope(-2), get_scope()) == (row, column)
        put_text("inside")
    outer, inner = screen.nodes[0], screen.nodes[1]
    assert (inner["parent"], screen.texts(inner["key"])) == (outer["key"], ["inside"])


def test_outputs_of_a_block_whose_container_has_gone_are_shown_around_it(screen: Screen) -> None:
    with use_scope("around"), put_collapse("title"):
        screen.session.outputs.remove(node(screen, "collapse")["key"])
        put_text("late")
    assert screen.texts(screen.scope("around")) == ["late"]


@pytest.mark.parametrize("put", [lambda: put_text("x"), lambda: put_grid([]), lambda: put_tabs([])])
def test_what_contains_nothing_else_is_no_context_manager(put: Callable[[], Output]) -> None:
    with pytest.raises(RuntimeError, match="cannot be used in a with statement"), put():
        pass


def test_a_collapse_has_text_and_outputs(screen: Screen) -> None:
    put_collapse("title", ["a", put_text("b")], open=True)
    collapse = node(screen, "collapse")
    assert (collapse["title"], collapse["open"]) == ("title", True)
    assert sorted(screen.texts(collapse["key"])) == ["a", "b"]


def test_a_single_text_is_the_content(screen: Screen) -> None:
    put_collapse("title", "large text")
    assert screen.texts(node(screen, "collapse")["key"]) == ["large text"]


@pytest.mark.parametrize(
    ("height", "limits"),
    [(200, ("200px", "200px")), ((100, 300), ("100px", "300px")), (None, ("", ""))],
)
def test_the_height_of_a_scrollable_area(height: Any, limits: tuple[str, str], screen: Screen) -> None:
    put_scrollable("text", height=height)
    area = node(screen, "scrollable")
    assert (area["least"], area["height"]) == limits


@pytest.mark.parametrize("height", ["200px", -1, (1, 2, 3), float("inf"), True])
def test_a_height_that_is_none_is_refused(height: Any, screen: Screen) -> None:
    with pytest.raises(ValueError, match="expects height to be"):
        put_scrollable("text", height=height)
    assert screen.nodes == []


@pytest.mark.parametrize("put", [put_row, put_column])
def test_a_layout_takes_a_single_output(put: Callable[[Output], Output], screen: Screen) -> None:
    put(put_text("a"))
    assert node(screen, "grid")["cells"] == [{"slot": 0}]


def test_the_former_name_of_the_height_warns(screen: Screen) -> None:
    with pytest.warns(DeprecationWarning, match="use height"):
        put_scrollable("text", max_height=80)
    assert node(screen, "scrollable")["height"] == "80px"


def test_tabs_have_their_content_in_order(screen: Screen) -> None:
    put_tabs([{"title": "A", "content": "a"}, {"title": "B", "content": [put_text("b"), put_text("c")]}])
    tabs = node(screen, "tabs")
    assert tabs["tabs"] == [{"title": "A", "slots": [0]}, {"title": "B", "slots": [1, 2]}]
    slots = {each["text"]: each["slot"] for each in screen.nodes if each["kind"] == "text"}
    assert slots == {"a": 0, "b": 1, "c": 2}


@pytest.mark.parametrize(
    ("tabs", "error"), [([{"title": "A"}], "missing: content"), (["A"], "expects a dict for each tab")]
)
def test_a_tab_without_a_title_or_content_is_refused(tabs: Any, error: str) -> None:
    with pytest.raises((TypeError, ValueError), match=error):
        put_tabs(tabs)


def test_a_row_has_gaps(screen: Screen) -> None:
    put_row([put_text("a"), None, put_text("b")])
    row = node(screen, "grid")
    assert (row["layout"], row["cells"]) == ("row", [{"slot": 0}, {}, {"slot": 1}])
    assert row["columns"] == "minmax(0, 1fr) 10px minmax(0, 1fr)"


@pytest.mark.parametrize(
    ("size", "columns"),
    [
        ("100px 10px 2fr", "100px 10px 2fr"),
        ("40% 10px 60%", "minmax(0, 40fr) 10px minmax(0, 60fr)"),
        ("20% 10px auto", "20% 10px auto"),
        ("minmax(100px, 1fr) 10px 2fr", "minmax(100px, 1fr) 10px 2fr"),
    ],
)
def test_the_widths_of_a_row(size: str, columns: str, screen: Screen) -> None:
    put_row([put_text("a"), None, put_text("b")], size=size)
    assert node(screen, "grid")["columns"] == columns


@pytest.mark.parametrize("size", ["1fr; background: url(x)", "1fr}", 7])
def test_what_is_no_size_is_refused(size: Any) -> None:
    with pytest.raises(ValueError, match=r"put_row\(\) expects size to be sizes"):
        put_row([put_text("a")], size=size)


def test_a_column_has_heights(screen: Screen) -> None:
    put_column([put_text("a"), None, put_text("b")])
    assert node(screen, "grid")["rows"] == "auto 10px auto"


def test_a_grid_fills_its_lines(screen: Screen) -> None:
    put_grid(
        [[put_text("a"), put_text("b"), put_text("c")], [None, span(put_text("d"), col=2)], [put_text("e")]]
    )
    grid = node(screen, "grid")
    assert grid["cells"] == [
        {"slot": 0},
        {"slot": 1},
        {"slot": 2},
        {},
        {"rows": 1, "columns": 2, "slot": 3},
        {"slot": 4},
        {},
        {},
    ]
    assert (grid["columns"], grid["rows"]) == ("repeat(3, auto)", "repeat(3, auto)")


def test_a_grid_of_columns(screen: Screen) -> None:
    put_grid([[put_text("a"), put_text("b")]], cell_width="100px", cell_heights="1fr 2fr", direction="column")
    grid = node(screen, "grid")
    assert (grid["direction"], grid["columns"], grid["rows"]) == ("column", "repeat(1, 100px)", "1fr 2fr")


@pytest.mark.parametrize("content", ["text", [put_text], [["a", 1]]])
def test_a_grid_of_something_else_is_refused(content: Any) -> None:
    with pytest.raises(TypeError, match=r"put_grid\(\) expects"):
        put_grid(content)


@pytest.mark.parametrize(
    ("put", "level"),
    [(put_info, "info"), (put_success, "success"), (put_warning, "warning"), (put_error, "error")],
)
def test_messages_have_their_level(put: Callable[..., Output], level: str, screen: Screen) -> None:
    put("text", put_text("output"), 7)
    message = node(screen, "message")
    assert (message["level"], message["closable"]) == (level, False)
    assert sorted(screen.texts(message["key"])) == ["7", "output", "text"]


def test_the_reader_closes_a_message(screen: Screen, session: Session) -> None:
    put_info("text", closable=True)
    callback = session.callbacks.find(node(screen, "message")["callback"])
    assert callback is not None
    callback.function(None)
    assert (screen.nodes, len(session.callbacks)) == ([], 0)


def test_an_updated_message_can_still_be_closed(screen: Screen, session: Session) -> None:
    message = put_info("text", closable=True)
    message.update("other")
    callback = session.callbacks.find(node(screen, "message")["callback"])
    assert callback is not None
    callback.function(None)
    assert screen.nodes == []


def test_a_loading_sign_goes_with_what_its_block_has_shown(screen: Screen) -> None:
    with put_loading():
        put_text("reading")
        assert screen.texts(node(screen, "loading")["key"]) == ["reading"]
    assert screen.nodes == []


def test_a_loading_sign_goes_when_its_block_fails(screen: Screen) -> None:
    with pytest.raises(ZeroDivisionError), put_loading():
        print(1 / 0)
    assert screen.nodes == []


@pytest.mark.parametrize("options", [{"shape": "square"}, {"color": "pink"}])
def test_an_unknown_loading_sign_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"put_loading\(\) expects"):
        put_loading(**options)


def test_a_button_in_a_container_is_removed_with_it(session: Session) -> None:
    put_row([put_button("a", lambda: None)]).remove()
    assert len(session.callbacks) == 0


def test_a_scope_in_a_container_takes_outputs(screen: Screen) -> None:
    put_scrollable(put_scope("log"))
    put_text("line", scope="log")
    assert screen.texts(screen.scope("log")) == ["line"]


def test_a_container_makes_room_when_it_is_empty() -> None:
    outputs = Outputs(lambda _: None, lambda: None, limit=700)
    full = outputs.put("scrollable")
    outputs.put("scope", parent=full, name="log")
    empty = outputs.put("message", level="info")
    for _ in range(10):
        outputs.put("text", text="x" * 100)
    assert (outputs.contains(full), outputs.contains(empty)) == (True, False)

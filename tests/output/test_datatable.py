"""``put_datatable``, and what changes its rows."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from nbsession._core.tree import measure
from nbsession.output import (
    JSFunction,
    datatable_insert,
    datatable_remove,
    datatable_update,
    put_datatable,
    put_text,
)
from nbsession.output._datatable_rows import Rows

if TYPE_CHECKING:
    from nbsession._core.session import Session

    from .conftest import Screen

COURSES = [{"course": "OS", "score": 80}, {"course": "DB", "score": 93}]


def rows(screen: Screen) -> list[Any]:
    found: list[Any] = screen.only["rows"]
    return found


def choose(session: Session, screen: Screen, ids: object, action: object = None) -> None:
    """Do what the page does when the reader selects rows, or presses a button."""
    callback = session.callbacks.find(screen.only["callback"])
    assert callback is not None
    callback.function({"action": action, "rows": ids})


# -- what the page gets


def test_records_are_numbered_rows_of_their_fields(screen: Screen) -> None:
    put_datatable(COURSES)
    assert screen.only["fields"] == ["course", "score"]
    assert rows(screen) == [["0", "OS", 80], ["1", "DB", 93]]


def test_a_record_may_have_fields_that_others_lack(screen: Screen) -> None:
    put_datatable([{"a": 1}, {"b": 2, "a": 3}])
    assert rows(screen) == [["0", 1], ["1", 3, 2]]


def test_a_row_is_known_by_its_identity(screen: Screen) -> None:
    put_datatable([{"code": 7, "in": {"x": "a"}}], id_field=("in", "x"))
    assert rows(screen) == [["a", 7, "a"]]


def test_two_rows_cannot_have_the_same_identity() -> None:
    with pytest.raises(ValueError, match="two rows whose course is 'OS'"):
        put_datatable([COURSES[0], COURSES[0]], id_field="course")


def test_a_row_needs_its_identity() -> None:
    with pytest.raises(ValueError, match="no 'room' in the row"):
        put_datatable(COURSES, id_field="room")


class Color(enum.IntEnum):
    RED = 1


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        (True, True),
        (float("nan"), None),
        (float("inf"), "inf"),
        (2**60, str(2**60)),
        (Color.RED, 1),
        ([1, None, float("nan")], [1, None, None]),
        (dt.date(2026, 1, 31), "2026-01-31"),
        (decimal.Decimal("1.5"), 1.5),
        (np.int64(3), 3),
        (np.float64("nan"), None),
        (pd.NaT, None),
        (pd.NA, None),
        (ValueError, "<class 'ValueError'>"),
        ("<b>", "<b>"),
    ],
)
def test_a_cell_is_what_json_has_for_its_value(screen: Screen, value: object, cell: object) -> None:
    put_datatable([{"a": value}])
    assert rows(screen) == [["0", cell]]


def test_outputs_are_no_cells() -> None:
    with pytest.raises(TypeError, match="put_table\\(\\) shows the return values"):
        put_datatable([{"a": put_text("b")}])


@dataclasses.dataclass
class Point:
    x: int
    y: int


@pytest.mark.parametrize(
    "given",
    [
        [{"x": 1, "y": 2}],
        [Point(1, 2)],
        pd.DataFrame({"x": [1], "y": [2]}),
        np.array([(1, 2)], dtype=[("x", "i4"), ("y", "i4")]),
    ],
)
def test_rows_are_what_people_have(screen: Screen, given: Any) -> None:
    put_datatable(given)
    assert (screen.only["fields"], rows(screen)) == (["x", "y"], [["0", 1, 2]])


def test_columns_of_a_frame_keep_their_names_apart(screen: Screen) -> None:
    put_datatable(pd.DataFrame([[1, 2]], columns=["a_b", "a_b"]))
    assert [each["headerName"] for each in screen.only["columns"]] == ["a_b", "a_b (2)"]


@pytest.mark.parametrize("given", [7, "text", [[1, 2]], {"a": 1}])
def test_what_has_no_records_is_no_data_table(given: Any) -> None:
    with pytest.raises(TypeError, match=r"put_datatable\(\) expects"):
        put_datatable(given)


# -- columns


def test_headers_are_words(screen: Screen) -> None:
    put_datatable([{"first_name": "A"}])
    assert screen.only["columns"] == [{"headerName": "First name", "field": "first_name"}]


def test_nested_records_have_groups_of_columns(screen: Screen) -> None:
    put_datatable([{"a": {"b": 1}, "b": 2}], column_args={"b": {"width": 9}, ("a", "b"): {"hide": True}})
    assert screen.only["columns"] == [
        {
            "headerName": "A",
            "children": [{"headerName": "B", "width": 9, "hide": True, "field": '["a","b"]'}],
        },
        {"headerName": "B", "width": 9, "field": "b"},
    ]


def test_properties_of_a_group_are_those_of_its_columns(screen: Screen) -> None:
    put_datatable([{"a": {"b": 1}}], column_args={("a",): {"width": 9}})
    assert screen.only["columns"][0]["children"][0]["width"] == 9


@pytest.mark.parametrize("order", [["score", "room"], {"score": None, "room": None}])
def test_the_order_chooses_the_columns(screen: Screen, order: Any) -> None:
    put_datatable(COURSES, column_order=order)
    assert [each["field"] for each in screen.only["columns"]] == ["score", "room"]


def test_a_key_that_looks_like_a_path_is_no_path(screen: Screen) -> None:
    put_datatable([{'["a","b"]': 1, "a": {"b": 2}}])
    first, second = screen.only["fields"]
    assert first != second


# -- options


def test_functions_are_sent_apart_from_the_options(screen: Screen) -> None:
    forged = {"__function__": ["alert(1)"]}
    put_datatable(
        COURSES,
        column_args={"score": {"valueFormatter": JSFunction("p", "return p.value")}},
        grid_args={"onSortChanged": JSFunction("run()"), "context": [forged]},
    )
    assert screen.only["functions"] == [
        [["columns", 1, "valueFormatter"], ["p", "return p.value"]],
        [["options", "onSortChanged"], ["run()"]],
    ]
    assert screen.only["options"] == {"onSortChanged": None, "context": [forged]}


def test_an_option_that_javascript_cannot_get_is_named() -> None:
    with pytest.raises(TypeError, match=r"cannot send options\.a\.0: object is no JSON value"):
        put_datatable(COURSES, grid_args={"a": [object()]})


@pytest.mark.parametrize(("height", "sent"), [(300, "300px"), ("50vh", "50vh"), ("auto", "auto")])
def test_the_height_is_a_length(screen: Screen, height: Any, sent: str) -> None:
    put_datatable(COURSES, height=height)
    assert screen.only["height"] == sent


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"theme": "blue"}, ValueError),
        ({"height": "1px; color: red"}, ValueError),
        ({"actions": ["Delete"]}, TypeError),
        ({"actions": [("Delete", None)]}, TypeError),
    ],
)
def test_an_invalid_option_is_refused(options: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match=r"put_datatable\(\) expects"):
        put_datatable(COURSES, **options)


def test_the_enterprise_edition_is_not_there() -> None:
    with pytest.warns(UserWarning, match="community edition") as caught:
        put_datatable(COURSES, enterprise_key="key")
    assert caught[0].filename == __file__


@pytest.mark.parametrize("source", [(), (1,), ("a", None)])
def test_a_javascript_function_is_text(source: Any) -> None:
    with pytest.raises(TypeError, match=r"JSFunction\(\) expects"):
        JSFunction(*source)


# -- changes


def test_a_cell_is_set(screen: Screen) -> None:
    put_datatable(COURSES, instance_id="courses")
    datatable_update("courses", 81, 0, "score")
    datatable_update("courses", "B", row_id=1, field=("room", "name"))
    assert rows(screen) == [["0", "OS", 81], ["1", "DB", 93, "B"]]
    assert screen.only["fields"] == ["course", "score", '["room","name"]']


def test_a_row_is_replaced(screen: Screen) -> None:
    put_datatable(COURSES, instance_id="courses")
    datatable_update("courses", {"score": 1}, 0)
    assert rows(screen)[0] == ["0", None, 1]


def test_all_rows_are_replaced(screen: Screen) -> None:
    put_datatable(COURSES, instance_id="courses")
    datatable_update("courses", [{"course": "AI"}])
    assert (screen.only["fields"], rows(screen)) == (["course"], [["0", "AI"]])


def test_rows_are_inserted_before_another_one_and_at_the_end(screen: Screen) -> None:
    put_datatable(COURSES, instance_id="courses")
    datatable_insert("courses", {"course": "AI"}, 1)
    datatable_insert("courses", [{"course": "ML"}])
    assert [row[:2] for row in rows(screen)] == [["0", "OS"], ["2", "AI"], ["1", "DB"], ["3", "ML"]]


def test_a_row_that_cannot_be_inserted_changes_nothing(screen: Screen) -> None:
    put_datatable(COURSES, id_field="course", instance_id="courses")
    with pytest.raises(ValueError, match=r"datatable_insert\(\) found two rows"):
        datatable_insert("courses", [{"course": "AI"}, {"course": "DB"}])
    datatable_insert("courses", {"course": "AI"})
    assert [row[0] for row in rows(screen)] == ["OS", "DB", "AI"]


def test_rows_are_removed(screen: Screen) -> None:
    put_datatable([*COURSES, {"course": "AI"}], instance_id="courses")
    datatable_remove("courses", 0)
    datatable_remove("courses", [2, "missing"])
    assert [row[0] for row in rows(screen)] == ["1"]


def test_only_the_change_is_sent(screen: Screen, page: Any) -> None:
    put_datatable([{"text": 10_000 * "x"}], instance_id="long")
    page.sent.clear()
    datatable_update("long", "short", 0, "text")
    assert "xxx" not in str(page.sent)


def test_the_growth_by_a_change_is_known() -> None:
    kept = Rows([{("a",): "x"}], None)
    for change in (
        lambda: kept.insert([{("a",): 100 * "x"}, {("b",): 1}], 0),
        lambda: kept.set(0, ("b",), 50 * "x"),
        lambda: kept.replace(1, {("a",): "y", ("c",): "z"}),
        lambda: kept.remove([0, 2]),
    ):
        former = measure(kept.cells)
        made = change()
        assert made is not None
        assert made[1] == measure(kept.cells) - former


def test_an_update_keeps_the_rows_that_were_inserted(screen: Screen) -> None:
    table = put_datatable(COURSES, instance_id="courses")
    datatable_insert("courses", {"course": "AI"})
    table.update(height=100)
    assert (len(rows(screen)), screen.only["height"]) == (3, "100px")


def test_an_update_with_other_records_replaces_them(screen: Screen) -> None:
    table = put_datatable(COURSES, instance_id="courses")
    table.update([{"course": "AI"}])
    assert rows(screen) == [["0", "AI"]]


def test_a_table_that_is_not_there_is_told(screen: Screen) -> None:
    put_datatable(COURSES, instance_id="courses").remove()
    with pytest.warns(UserWarning, match="no data table whose instance_id is 'courses'") as caught:
        datatable_remove("courses", 0)
    assert caught[0].filename == __file__


def test_a_row_that_is_not_there_is_ignored(screen: Screen) -> None:
    put_datatable(COURSES, instance_id="courses")
    datatable_update("courses", 1, "no", "score")
    datatable_update("courses", {}, "no")
    assert rows(screen) == [["0", "OS", 80], ["1", "DB", 93]]


def test_a_cell_without_its_row_is_refused() -> None:
    with pytest.raises(ValueError, match="row_id together with field"):
        datatable_update("courses", 1, field="score")


# -- what the reader does


def test_the_selected_row_is_told(session: Session, screen: Screen) -> None:
    selected: list[object] = []
    put_datatable(COURSES, onselect=selected.append)
    choose(session, screen, ["1"])
    assert (screen.only["select"], selected) == ("single", [1])


def test_several_selected_rows_are_a_list(session: Session, screen: Screen) -> None:
    selected: list[object] = []
    put_datatable(COURSES, onselect=selected.append, multiple_select=True, id_field="course")
    choose(session, screen, ["OS", "DB"])
    assert (screen.only["select"], selected) == ("multiple", [["OS", "DB"]])


def test_an_action_gets_the_selected_row(session: Session, screen: Screen) -> None:
    edited: list[object] = []
    deleted: list[object] = []
    put_datatable(COURSES, actions=[("Edit", edited.append), None, ("Delete", deleted.append)])
    choose(session, screen, ["0"], action=2)
    assert (screen.only["actions"], edited, deleted) == (["Edit", None, "Delete"], [], [0])


def test_rows_that_are_told_include_those_inserted(session: Session, screen: Screen) -> None:
    selected: list[object] = []
    put_datatable(COURSES, onselect=selected.append, instance_id="courses")
    datatable_insert("courses", {"course": "AI"})
    choose(session, screen, ["2"])
    assert selected == [2]


def test_without_functions_no_row_can_be_selected(screen: Screen) -> None:
    put_datatable(COURSES)
    assert screen.only["select"] is None


@pytest.mark.parametrize("ids", [None, [], ["9"], [0], [["0"]], {"0": 1}, "0", [{}]])
def test_rows_that_a_page_makes_up_are_ignored(session: Session, screen: Screen, ids: object) -> None:
    selected: list[object] = []
    put_datatable(COURSES, onselect=selected.append)
    choose(session, screen, ids)
    assert selected == []


@pytest.mark.parametrize("action", [-1, 1, 5, True, "0", 0.0, []])
def test_an_action_that_a_page_makes_up_is_ignored(session: Session, screen: Screen, action: object) -> None:
    pressed: list[object] = []
    put_datatable(COURSES, actions=[("Edit", pressed.append), None])
    choose(session, screen, ["0"], action)
    assert pressed == []

"""Tables: rows of lists or dicts, with outputs in their cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from nbsession.output import put_table, put_text, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Screen

ROWS = [{"course": "OS", "score": 80}, {"course": "DB", "score": 93}]


def test_without_a_header_the_first_row_is_one(screen: Screen) -> None:
    put_table([["a", "b"], [1, None]])
    assert (screen.only["rows"], screen.only["headers"]) == ([["a", "b"], ["1", "None"]], 1)


def test_rows_of_dicts_have_their_keys_as_header(screen: Screen) -> None:
    put_table(ROWS)
    assert screen.only["rows"] == [["course", "score"], ["OS", "80"], ["DB", "93"]]


def test_no_key_of_any_row_is_dropped(screen: Screen) -> None:
    put_table([{"a": 1}, {"b": 2, "a": 3}])
    assert screen.only["rows"] == [["a", "b"], ["1", ""], ["3", "2"]]


def test_a_header_chooses_and_names_the_keys(screen: Screen) -> None:
    put_table(ROWS, header=[("Points", "score")])
    assert screen.only["rows"] == [["Points"], ["80"], ["93"]]


def test_an_output_in_a_cell_moves_there(screen: Screen) -> None:
    put_text("before")
    put_table([["a"], [put_text("inside")]])
    table = next(node for node in screen.nodes if node["kind"] == "table")
    assert table["rows"] == [["a"], [{"slot": 0}]]
    assert (screen.texts(), screen.texts(table["key"])) == (["before"], ["inside"])


def test_a_cell_takes_several_rows_and_columns(screen: Screen) -> None:
    put_table([[span("a", row=2, col=3)], [span(put_text("b"), col=2)]])
    rows = next(node for node in screen.nodes if node["kind"] == "table")["rows"]
    assert rows == [[{"text": "a", "rows": 2, "columns": 3}], [{"slot": 0, "rows": 1, "columns": 2}]]


def test_removing_a_table_removes_what_is_in_it(screen: Screen) -> None:
    put_table([["a"], [put_text("inside")]]).remove()
    assert screen.nodes == []


def test_an_update_keeps_the_outputs_that_it_is_given_again(screen: Screen) -> None:
    kept = put_text("kept")
    table = put_table([["a"], [kept], [put_text("gone")]])
    table.update([["a"], [kept], [put_text("new")]])
    assert screen.texts(table.key) == ["kept", "new"]


def test_markup_in_a_cell_is_text(screen: Screen) -> None:
    put_table([["<b>a</b>"], ["<script>"]])
    assert screen.only["rows"] == [["<b>a</b>"], ["<script>"]]


def test_a_pandas_table_has_its_columns_as_header(screen: Screen) -> None:
    put_table(pd.DataFrame({"a": [1, 2], "b": ["x", "<b>"]}))
    assert screen.only["rows"] == [["a", "b"], ["1", "x"], ["2", "<b>"]]


def test_an_index_that_says_something_is_shown(screen: Screen) -> None:
    put_table(pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="key")))
    assert screen.only["rows"] == [["key", "a"], ["x", "1"], ["y", "2"]]


def test_an_index_and_columns_of_several_levels(screen: Screen) -> None:
    frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")]))
    frame.index = pd.MultiIndex.from_tuples([("k", 7)])
    put_table(frame)
    assert screen.only["rows"] == [["", "", "a / x", "a / y"], ["k", "7", "1", "2"]]


def test_two_columns_of_one_name_are_both_shown(screen: Screen) -> None:
    put_table(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    assert screen.only["rows"] == [["a", "a"], ["1", "2"]]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (["b"], [["b"], ["2"]]),
        ([("B", "b"), ("A", "a")], [["B", "A"], ["2", "1"]]),
        (["first", "second"], [["first", "second"], ["1", "2"]]),
    ],
)
def test_a_header_chooses_or_names_columns(header: Any, rows: list[Any], screen: Screen) -> None:
    put_table(pd.DataFrame({"a": [1], "b": [2]}), header=header)
    assert screen.only["rows"] == rows


def test_a_column(screen: Screen) -> None:
    put_table(pd.Series([1, 2], name="a"))
    assert screen.only["rows"] == [["a"], ["1"], ["2"]]


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame({"a": []})])
def test_a_table_without_rows(frame: Any, screen: Screen) -> None:
    put_table(frame)
    assert screen.only["rows"] == [list(frame.columns)]


@pytest.mark.parametrize(
    ("array", "rows"),
    [
        (np.array([[1, 2], [3, 4]]), [["0", "1"], ["1", "2"], ["3", "4"]]),
        (np.array([1.5, 2.5]), [["0"], ["1.5"], ["2.5"]]),
        (np.array([(1, "x")], dtype=[("n", int), ("s", "U1")]), [["n", "s"], ["1", "x"]]),
    ],
)
def test_an_array(array: Any, rows: list[Any], screen: Screen) -> None:
    put_table(array)
    assert screen.only["rows"] == rows


def test_an_array_of_more_dimensions_is_refused() -> None:
    with pytest.raises(TypeError, match="one or two dimensions, not 3"):
        put_table(np.zeros((1, 1, 1)))


@dataclass
class Course:
    course: str
    score: int


def test_dataclasses(screen: Screen) -> None:
    put_table([Course("OS", 80), Course("DB", 93)])
    assert screen.only["rows"] == [["course", "score"], ["OS", "80"], ["DB", "93"]]


class Polars:
    """What a table of polars offers that is used."""

    columns: ClassVar = ["a", "b"]

    def iter_rows(self) -> Iterator[tuple[object, ...]]:
        yield 1, "x"


class Arrow:
    """What a table of pyarrow offers that is used."""

    column_names: ClassVar = ["a", "b"]

    def to_pylist(self) -> list[dict[str, object]]:
        return [{"a": 1, "b": "x"}]


@pytest.mark.parametrize("table", [Polars(), Arrow()])
def test_tables_of_other_packages(table: Any, screen: Screen) -> None:
    put_table(table)
    assert screen.only["rows"] == [["a", "b"], ["1", "x"]]

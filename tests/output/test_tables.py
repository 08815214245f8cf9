"""Tables: rows of lists or dicts, with outputs in their cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbsession.output import put_table, put_text, span

if TYPE_CHECKING:
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


def test_a_pandas_table_is_sent_elsewhere() -> None:
    pandas = pytest.importorskip("pandas")
    with pytest.raises(TypeError, match=r"put\(frame\)"):
        put_table(pandas.DataFrame({"a": [1]}))

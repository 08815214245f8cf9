"""Tables, columns and indexes of pandas on their way to JavaScript."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbsession._core.values import encode_command

from .wire_values import sent

CELLS: Any = st.one_of(
    st.floats(), st.integers(-(2**63), 2**63 - 1), st.booleans(), st.text(), st.none(), st.dates()
)


def plainly(cell: object) -> object:
    return cell.isoformat() if isinstance(cell, date) else cell


@given(st.dictionaries(st.text(), st.lists(CELLS, min_size=2, max_size=2), min_size=1))
def test_a_table_of_objects_is_a_list_of_records(columns: dict[str, list[Any]]) -> None:
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    expected = [{name: plainly(cells[row]) for name, cells in columns.items()} for row in range(2)]
    assert repr(sent(frame)) == repr(expected)


@given(st.lists(st.floats()))
def test_a_column_of_floats_is_a_list(numbers: list[float]) -> None:
    assert repr(sent(pd.Series(numbers, dtype="float64"))) == repr(numbers)


def test_every_kind_of_column() -> None:
    frame = pd.DataFrame(
        {
            "floats": [1.5, math.nan],
            "texts": ["a", None],
            "objects": pd.Series([None, Decimal("0.5")], dtype=object),
            "times": pd.to_datetime(["2026-01-02T03:04:05", "NaT"]),
            "zoned": pd.to_datetime(["2026-01-02", "NaT"]).tz_localize("UTC"),
            "some": pd.array([1, None], dtype="Int64"),
            "kinds": pd.Categorical(["x", None]),
            "flags": pd.array([True, None], dtype="boolean"),
            "large": np.array([2**60, 1]),
        }
    )
    rows: Any = sent(frame)
    first, second = rows
    assert first == {
        "floats": 1.5,
        "texts": "a",
        "objects": None,
        "times": "2026-01-02T03:04:05",
        "zoned": "2026-01-02T00:00:00+00:00",
        "some": 1,
        "kinds": "x",
        "flags": True,
        "large": 2**60,
    }
    assert math.isnan(second.pop("floats"))
    assert second.pop("objects") == 0.5
    assert second.pop("large") == 1
    assert set(second.values()) == {None}


def test_names_of_columns_are_text_and_may_be_those_of_methods() -> None:
    frame = pd.DataFrame([[1, 2, 3]], columns=[5, "dtype", "shape"])
    assert sent(frame) == [{"5": 1, "dtype": 2, "shape": 3}]


@pytest.mark.parametrize("names", [["a", "a"], [1, "1"]])
def test_two_columns_of_one_name_are_refused(names: list[object]) -> None:
    with pytest.raises(TypeError, match=r"argument 'a' .*: a\['t'\] has several columns named '.'"):
        sent({"t": pd.DataFrame([[1, 2]], columns=names)})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (pd.Series([1, 2]), [1, 2]),
        (pd.Series(["a", None]), ["a", None]),
        (pd.Index(["x", "y"]), ["x", "y"]),
        (pd.RangeIndex(2), [0, 1]),
        (pd.DatetimeIndex(["2026-01-02"]), ["2026-01-02T00:00:00"]),
        (pd.MultiIndex.from_tuples([("a", 1)]), [["a", 1]]),
        (pd.DataFrame(), []),
        (pd.DataFrame({"a": []}), []),
    ],
)
def test_columns_and_indexes_are_lists(value: object, expected: object) -> None:
    assert sent([value]) == [expected]


def test_a_cell_that_cannot_be_sent_is_named() -> None:
    frame = pd.DataFrame({"wait": pd.to_timedelta([1, 2], unit="s")})
    with pytest.raises(
        TypeError, match=r"a\[0\]\['wait'\] is a .*Timedelta\. Send its \.total_seconds\(\) instead"
    ):
        sent(frame)


def test_a_table_is_taken_as_it_is_now() -> None:
    frame = pd.DataFrame({"a": [1, 2]})
    text, _ = encode_command("run_js", ("run",), "code", {"a": frame})
    frame.loc[0, "a"] = 7
    assert "7" not in text

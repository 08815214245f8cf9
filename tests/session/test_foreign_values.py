"""Dates, decimals, sets, and the arrays of numpy on their way to JavaScript."""

from __future__ import annotations

import array
import collections
import enum
import json
import math
import subprocess
import sys
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbsession._core.values import encode_command

from .wire_values import sent

KINDS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]
UTC = timezone.utc


class Color(enum.Enum):
    RED = "red"


class Frame:
    """As a table of polars."""

    columns = ("a",)

    def to_dicts(self) -> list[object]:
        raise NotImplementedError

    def __iter__(self) -> Any:
        raise NotImplementedError


class Table:
    """As a table of pyarrow."""

    def to_pylist(self) -> list[object]:
        raise NotImplementedError


class Lazy:
    """Some other library's table."""

    columns = ("a",)

    def to_dict(self, _how: str) -> object:
        raise NotImplementedError


class Tensor:
    """As an array of another library, whose elements are in a graphics card."""

    dtype = "float32"
    shape = (3,)

    def tolist(self) -> list[float]:
        raise NotImplementedError


class Anything:
    """Has every attribute that anybody asks for."""

    def __getattr__(self, name: str) -> Anything:
        return self


@given(st.one_of(st.dates(), st.datetimes(timezones=st.none() | st.just(UTC)), st.times()))
def test_dates_and_times_are_iso_8601(value: date | time) -> None:
    assert sent([value]) == [value.isoformat()]
    assert type(value).fromisoformat(cast("list[str]", sent([value]))[0]) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (pd.Timestamp("2026-01-02T03:04:05.123456789", tz="UTC"), "2026-01-02T03:04:05.123456789+00:00"),
        (np.datetime64("2026-01-02"), "2026-01-02"),
        (np.datetime64("2026-01-02T03:04"), "2026-01-02T03:04:00"),
        (np.datetime64("2026-01-02T03:04:05.123456789"), "2026-01-02T03:04:05.123456789"),
        (np.datetime64("NaT"), None),
        (pd.NaT, None),
        (pd.NA, None),
        (datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=1))), "2026-01-02T00:00:00+01:00"),
        (np.array(["2026-01-02", "NaT"], "M8[D]"), ["2026-01-02", None]),
        (np.array([["2026-01-02T03:04:05.5"]], "M8[ns]"), [["2026-01-02T03:04:05.500000000"]]),
    ],
)
def test_times_of_the_libraries_are_iso_8601(value: object, expected: object) -> None:
    assert sent({"at": value}) == {"at": expected}


@given(st.decimals())
def test_decimals_are_numbers_if_they_are_exact(value: Decimal) -> None:
    got = sent(value)
    if isinstance(got, float):
        assert Decimal(got) == value
    else:
        assert got == str(value)
        assert not value.is_finite() or Decimal(float(value)) != value


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.5", 1.5), ("0.1", "0.1"), ("7", 7.0), ("NaN", "NaN"), ("sNaN", "sNaN"), ("-Infinity", "-Infinity")],
)
def test_examples_of_decimals(text: str, expected: object) -> None:
    assert sent(Decimal(text)) == expected


@given(st.sets(st.one_of(st.integers(), st.text(), st.floats(allow_nan=False))))
def test_sets_are_lists(value: set[object]) -> None:
    got = sent(value)
    assert isinstance(got, list)
    assert len(got) == len(value)
    assert set(got) == value
    assert set(sent({"s": frozenset(value)})["s"]) == value  # type: ignore[index]


@given(st.data(), st.sampled_from(KINDS), st.sampled_from("<>"), st.integers(1, 3))
def test_an_array_is_a_typed_array_of_its_numbers(
    data: st.DataObject, kind: str, order: str, step: int
) -> None:
    size = int(kind[1])
    if kind[0] == "f":
        number: Any = st.floats(width=cast("Any", 8 * size))
    else:
        low, high = (-(2 ** (8 * size - 1)), 2 ** (8 * size - 1)) if kind[0] == "i" else (0, 2 ** (8 * size))
        number = st.integers(low, high - 1)
    items = data.draw(st.lists(number, max_size=9))
    value = np.array(items, order + kind)[::step]
    got = sent(value)
    name = {"i": "int", "u": "uint", "f": "float"}[kind[0]] + str(32 if kind == "f2" else 8 * size)
    kept = items[::step]
    if name.endswith("int64") and all(abs(each) < 2**53 for each in kept):
        name, kept = "float64", [float(each) for each in kept]
    assert repr(got) == repr((name, kept))


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
@pytest.mark.parametrize(("largest", "kind"), [(2**53 - 1, "float64"), (2**53, None)])
def test_integers_of_64_bits_are_numbers_where_numbers_are_exact(
    dtype: str, largest: int, kind: str | None
) -> None:
    assert sent(np.array([0, largest], dtype)) == (kind or dtype, [0, largest])


@pytest.mark.parametrize("least", [-(2**53 - 1), -(2**53)])
def test_negative_integers_of_64_bits_are_numbers_where_numbers_are_exact(least: int) -> None:
    kind = "float64" if least > -(2**53) else "int64"
    assert sent(np.array([0, least])) == (kind, [0, least])


@given(st.lists(st.lists(st.one_of(st.floats(), st.just(math.nan)), min_size=2, max_size=2), min_size=1))
def test_an_array_of_more_dimensions_is_lists_of_numbers(rows: list[list[float]]) -> None:
    assert repr(sent(np.array(rows))) == repr(rows)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.array(5), 5),
        (np.array(0.5, "f2"), 0.5),
        (np.array([True, False]), [True, False]),
        (np.array([[1, 2**60]]), [[1, 2**60]]),
        (np.array([[1, 2]], ">i4"), [[1, 2]]),
        (np.zeros((2, 0)), [[], []]),
        (np.array(["a", "bc"]), ["a", "bc"]),
        (np.array([b"a"]), [b"a"]),
        (np.array([1, "a", None, date(2026, 1, 2)], object), [1, "a", None, "2026-01-02"]),
        (np.ma.masked_array([1.5, 2.5], [False, True]), [1.5, None]),
        (np.ma.masked, None),
        (np.float64(0.5), 0.5),
        (np.float64("nan"), "nan"),
        (np.int64(2**60), 2**60),
        (np.bool_(0), False),
        (np.str_("a"), "a"),
    ],
)
def test_other_arrays_and_scalars(value: object, expected: object) -> None:
    assert sent([value]) == [math.nan if expected == "nan" else expected] or repr(sent([value])) == "[nan]"


def test_an_array_is_taken_as_it_is_now() -> None:
    for dtype in ("<f8", ">f8", "f2"):
        value = np.array([1.0, 2.0], dtype)
        text, buffers = encode_command("run_js", ("run",), "code", {"a": value})
        before = bytes(buffers[0])
        value[:] = 7
        assert bytes(buffers[0]) == before
        assert "null" in text


def test_a_large_array_is_copied_once() -> None:
    # In a process of its own: the peak of this one is not known.
    source = """
import resource, numpy as np
from nbsession._core.values import encode_command
value = np.ones(64 * 2**20 // 8)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
text, (content,) = encode_command("eval_js", ("eval", 1), "x.length", {"x": value})
assert len(content) == value.nbytes
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 80 * 1024


def test_the_libraries_are_not_imported() -> None:
    source = """
import datetime, decimal, sys
from nbsession import run_js
from nbsession._core.values import encode_command
encode_command("run_js", ("run",), "", {"a": [datetime.date.min, decimal.Decimal(1), {1}, 2**60, b""]})
print({"numpy", "pandas"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"


@dataclass
class Point:
    x: int
    y: int


@pytest.mark.parametrize(
    ("value", "instead"),
    [
        (Frame(), "its .to_dicts()"),
        (Table(), "its .to_pylist()"),
        (Lazy(), "its .to_dict('records')"),
        (Tensor(), "its .tolist()"),
        (array.array("d"), "its .tolist()"),
        (np.array([(1, 2)], "i4,i4"), "its .tolist()"),
        (np.array([1j]), "its .real and .imag"),
        (1j, "its .real and .imag"),
        (np.array([1], "m8[s]"), "it divided by numpy.timedelta64(1, 's')"),
        (np.timedelta64(1, "ns"), "it divided by numpy.timedelta64(1, 's')"),
        (np.longdouble(1), "its .astype(float)"),
        (np.array([1], np.longdouble), "its .astype(float)"),
        (timedelta(1), "its .total_seconds()"),
        (pd.Timedelta(1), "its .total_seconds()"),
        (Color.RED, "its .value"),
        (Fraction(1), "float() of it"),
        (Point(1, 2), "dataclasses.asdict() of it"),
        (Path(), "str() of it"),
        (uuid.UUID(int=1), "str() of it"),
        (range(3), "list() of it"),
        (collections.deque(), "list() of it"),
        ({}.values(), "list() of it"),
        (collections.ChainMap(), "dict() of it"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_cannot_be_sent_is_refused_with_what_to_send(value: object, instead: str) -> None:
    with pytest.raises(TypeError) as caught:
        sent({"rows": [0, {"when": value}]})
    kind = type(value)
    assert str(caught.value) == (
        f"run_js() argument 'a' cannot be sent to JavaScript: a['rows'][1]['when'] is a {kind.__module__}."
        f"{kind.__qualname__}. Send {instead} instead"
    )


@pytest.mark.parametrize("value", [object(), print, Color, Anything()], ids=repr)
def test_what_has_no_other_form_is_refused_with_what_can_be_sent(value: object) -> None:
    with pytest.raises(
        TypeError, match=r"a\[0\] is a .*\. JSON values, .* arrays, tables and scalars .* can$"
    ):
        sent([value])


def test_an_array_that_contains_itself_is_refused() -> None:
    value = np.array([None], object)
    value[0] = value
    with pytest.raises(TypeError, match=r"a\[0\] contains itself"):
        sent(value)
    inside: list[object] = []
    inside.append({"a": np.array([inside, None], object)})
    with pytest.raises(TypeError, match="contains itself"):
        sent(inside)


def test_arguments_without_specials_keep_their_text() -> None:
    text, buffers = encode_command(
        "run_js", ("run",), "é", {"größe": [1.5, "é"], "b": b"x", "c": {"d": None}}
    )
    assert json.loads(text) == [
        "run",
        "é",
        {"größe": [1.5, "é"], "b": None, "c": {"d": None}},
        [[["b"], "bytes", 0]],
    ]
    assert buffers == (b"x",)
    assert text.isascii()


@pytest.mark.parametrize(
    ("key", "text"),
    [(np.int64(5), "5"), (np.float64(0.5), "0.5"), (np.str_("a"), "a"), (date(2026, 1, 2), "2026-01-02")],
    ids=repr,
)
def test_keys_are_texts_in_javascript(key: object, text: str) -> None:
    assert sent({key: 1}) == {text: 1}


@pytest.mark.parametrize("element", [{"a": [1]}, [1, 2], None, "text", {3}], ids=repr)
def test_an_array_without_dimensions_is_its_element(element: object) -> None:
    array_ = np.empty((), object)
    array_[()] = element
    assert sent(array_) == sent(element)

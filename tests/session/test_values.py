"""Values on their way to JavaScript and back."""

from __future__ import annotations

import json
import math
from typing import Any, cast

import numpy as np
import pytest

from nbsession._core.values import decode, encode_command


def encoded(**args: object) -> tuple[list[object], tuple[object, ...]]:
    text, buffers = encode_command("run_js", ("run",), "code", args)
    return json.loads(text), buffers


def test_json_values_need_no_specials() -> None:
    message, buffers = encoded(a=1, b=[True, None, "x"], c={"d": 1.5})
    assert message == ["run", "code", {"a": 1, "b": [True, None, "x"], "c": {"d": 1.5}}]
    assert buffers == ()


def test_text_is_ascii_so_that_its_length_is_its_size() -> None:
    text, _ = encode_command("run_js", ("run",), "größe", {"ключ": "\ud800"})
    assert text.isascii()


def test_nan_and_infinities_are_named_beside_the_value() -> None:
    message, _ = encoded(a=math.nan, b=[1.0, -math.inf], c={"d": math.inf})
    assert message[2:] == [
        {"a": None, "b": [1.0, None], "c": {"d": None}},
        [[["a"], "nan"], [["b", 1], "-inf"], [["c", "d"], "inf"]],
    ]


@pytest.mark.parametrize("value", [b"abc", bytearray(b"abc"), memoryview(b"xabcx")[1:4]])
def test_bytes_like_values_travel_as_buffers(value: object) -> None:
    message, buffers = encoded(a=[0, value])
    assert message[2:] == [{"a": [0, None]}, [[["a", 1], "bytes", 0]]]
    assert [bytes(cast("bytes", buffer)) for buffer in buffers] == [b"abc"]


def test_mutable_bytes_are_taken_as_they_are_now() -> None:
    value = bytearray(b"abc")
    _, buffers = encoded(a=value)
    value[:] = b"xyz"
    assert buffers[0] == b"abc"


@pytest.mark.parametrize(
    ("scalar", "expected"),
    [
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.float64(0.5), 0.5),
        (np.bool_(1), True),
        (np.uint8(7), 7),
    ],
)
def test_numpy_scalars_are_numbers(scalar: object, expected: object) -> None:
    message, _ = encoded(a=[scalar])
    assert message[2] == {"a": [expected]}


def test_numpy_nan_is_nan() -> None:
    message, _ = encoded(a=np.float32("nan"))
    assert message[3] == [[["a"], "nan"]]


@pytest.mark.parametrize("value", [object(), 1j, np.array([1j]), np.timedelta64(1, "s"), print])
def test_what_cannot_be_sent_is_refused_by_name(value: object) -> None:
    with pytest.raises(
        TypeError, match=r"run_js\(\) argument 'a' cannot be sent to JavaScript: a\['b'\]\[1\] is a "
    ):
        encoded(a={"b": [0, value]})


def test_a_key_that_is_no_json_key_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"argument 'a' .* has a key of type tuple"):
        encoded(a={(1, 2): 3})


def test_a_cycle_is_refused_by_name() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(TypeError, match=r"argument 'a' .* contains itself"):
        encoded(a=value)


def test_the_same_value_twice_is_no_cycle() -> None:
    value = [math.nan]
    message, _ = encoded(a=[value, value])
    assert message[3] == [[["a", 0, 0], "nan"], [["a", 1, 0], "nan"]]


def test_endless_nesting_is_refused() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(TypeError, match="levels deep"):
        encoded(a=value)


def test_code_that_is_no_string_is_refused() -> None:
    with pytest.raises(TypeError, match=r"run_js\(\) expects the JavaScript code as a str, not bytes"):
        encode_command("run_js", ("run",), b"1", {})


def test_specials_of_the_page_are_put_in_place() -> None:
    specials = [[["a", 0], "nan"], [["b"], "bigint", "123456789012345678901"], [["c"], "bytes", 1]]
    value = decode({"a": [None], "b": None, "c": None}, specials, [memoryview(b"no"), memoryview(b"yes")])
    assert isinstance(value, dict)
    assert math.isnan(value["a"][0])
    assert (value["b"], value["c"]) == (123456789012345678901, b"yes")


def test_a_special_may_be_the_whole_value() -> None:
    assert decode(None, [[[], "-inf"]], []) == -math.inf


@pytest.mark.parametrize(
    "specials",
    [
        [[["x"], "nan"]],
        [[[], "bytes", 3]],
        [[[], "unknown"]],
        [[["a", "b"], "nan"]],
        5,
        [[]],
        [[[], "bigint", "x"]],
    ],
)
def test_specials_that_do_not_fit_are_an_error(specials: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode({"a": 1}, specials, []) and decode([], specials, [])


def test_a_buffer_that_is_named_often_is_one_object() -> None:
    specials = [[[index], "bytes", 0] for index in range(1000)]
    value: Any = decode([None] * 1000, specials, [memoryview(bytes(1000))])
    assert all(each is value[0] for each in value)


@pytest.mark.parametrize("payload", [math.inf, 1e400, None, 7, "1e999", "x", [1]])
def test_a_bigint_that_is_none_is_refused(payload: object) -> None:
    with pytest.raises(ValueError, match=r"specials do not fit|invalid literal"):
        decode(None, [[[], "bigint", payload]], [])

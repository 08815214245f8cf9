"""Integers that JavaScript's numbers would round are sent as BigInt, and no others."""

from __future__ import annotations

import enum
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nbsession._core.large_integers import has_large_integer, is_safe
from nbsession._core.values import decode, encode_command

SAFE = 2**53 - 1
INTEGERS = st.one_of(
    st.integers(),
    st.integers(-(10**18), 10**18),
    st.integers(SAFE - 5, SAFE + 5),
    st.integers(-SAFE - 5, -SAFE + 5),
    st.sampled_from([10**k + d for k in range(14, 20) for d in (-1, 0, 1)]),
)
VALUES = st.recursive(
    st.one_of(
        INTEGERS, st.text(), st.text("0123456789,:[-"), st.floats(allow_nan=False), st.booleans(), st.none()
    ),
    lambda each: st.one_of(st.lists(each), st.dictionaries(st.text(), each)),
)


class Size(enum.IntEnum):
    HUGE = 2**60


def sent(args: dict[str, Any]) -> tuple[Any, list[list[Any]]]:
    text, buffers = encode_command("run_js", ("run",), "code", args)
    assert buffers == ()
    _, _, plain, *specials = json.loads(text)
    return plain, specials[0] if specials else []


def numbers(value: Any) -> list[int]:
    """Return the integers that are sent as JSON numbers."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for each in value for number in numbers(each)]
    return [value] if type(value) is int else []


@given(st.dictionaries(st.text(min_size=1), VALUES))
@example({"a": SAFE, "b": -SAFE})
@example({"a": SAFE + 1})
@example({"a": [{"b": [10**16]}], "text": ",12345678901234567"})
@example({"a": ["x" * 1000, -(10**16)]})
@example({"a": [1] * 1000 + [SAFE + 1]})
@example({"a": {"b": 9 * 10**15}, "c": {"d": 10**15}})
def test_every_integer_arrives_and_only_safe_ones_as_numbers(args: dict[str, Any]) -> None:
    plain, specials = sent(args)
    assert all(map(is_safe, numbers(plain)))
    assert all(not is_safe(int(payload[0])) for _, kind, *payload in specials if kind == "bigint")
    assert decode(plain, specials, []) == args


@pytest.mark.parametrize("before", range(20))
@pytest.mark.parametrize("value", [SAFE + 1, -SAFE - 1, 2**64, -(10**30)])
def test_it_is_found_at_every_place_of_a_long_text(before: int, value: int) -> None:
    args = {"a": ["x" * (1000 + before), value]}
    assert sent(args) == ({"a": [args["a"][0], None]}, [[["a", 1], "bigint", str(value)]])


@pytest.mark.parametrize(
    "value",
    [
        "1234567890123456789",
        [1234567890123456.0, 0.12345678901234567],
        [1_700_000_000_000_000] * 100,
        {"9999999999999999": 1},
    ],
)
def test_other_digits_are_not_looked_at_twice(value: object) -> None:
    text, _ = encode_command("run_js", ("run",), "1234567890123456789", {"a": value})
    assert not has_large_integer({"a": value}, text)


def test_members_of_enumerations_of_integers_are_integers() -> None:
    assert sent({"a": Size.HUGE}) == ({"a": None}, [[["a"], "bigint", str(2**60)]])


def test_an_integer_of_more_digits_than_python_writes_is_refused_by_name() -> None:
    with pytest.raises(
        TypeError, match=r"argument 'a' .* a\[1\] has too many digits\. Send hex\(\) of it instead"
    ):
        sent({"a": [1, 10**10_000]})

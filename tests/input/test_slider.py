"""``slider``: what each parameter does."""

from __future__ import annotations

import math
from typing import Any

import pytest

from nbsession.input._fields.field import ImpossibleAnswer

from .fields import slider


@pytest.mark.parametrize(
    ("parameters", "value", "lower", "upper", "step"),
    [
        ({}, 0, 0, 100, 1),
        ({"value": 5, "min_value": 1, "max_value": 9, "step": 2}, 5, 1, 9, 2),
        ({"min_value": 10}, 10, 10, 100, 1),
        ({"value": 500}, 100, 0, 100, 1),
        ({"value": 5, "max_value": 10, "step": 3}, 6, 0, 10, 3),
        ({"value": 10, "max_value": 10, "step": 3}, 9, 0, 10, 3),
        ({"value": 0.5, "max_value": 1}, 0.5, 0, 1, "any"),
        ({"value": 0.5, "max_value": 1, "step": 1}, 0.5, 0, 1, "any"),
        ({"value": 0.32, "max_value": 1, "step": 0.1}, 0.3, 0, 1, 0.1),
        ({"step": "any"}, 0.0, 0, 100, "any"),
    ],
)
def test_each_parameter_reaches_the_page(
    parameters: dict[str, Any], value: float, lower: float, upper: float, step: object
) -> None:
    described = slider(**parameters).describe()
    assert [described[name] for name in ("value", "min", "max", "step")] == [value, lower, upper, step]


@pytest.mark.parametrize(
    ("parameters", "raw", "value"),
    [
        ({}, 7, 7),
        ({}, 7.0, 7),
        ({"value": 0.5}, 7, 7.0),
        ({"max_value": 1.0}, 0.25, 0.25),
        ({"min_value": -0.5, "step": 0.1}, 0.30000000000000004, 0.30000000000000004),
    ],
)
def test_a_float_among_the_numbers_makes_floats(parameters: dict[str, Any], raw: float, value: float) -> None:
    read = slider(**parameters).read(raw)
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize("raw", [None, "5", True, [5], -1, 101, 5.5, math.nan, math.inf, 10**400])
def test_what_no_page_sends_is_impossible(raw: object) -> None:
    with pytest.raises(ImpossibleAnswer):
        slider().read(raw)


@pytest.mark.parametrize(
    ("parameters", "error", "said"),
    [
        ({"value": "5"}, TypeError, "value to be a finite number, not str"),
        ({"value": math.nan}, TypeError, "value to be a finite number, not float"),
        ({"min_value": "a"}, TypeError, "min_value to be a finite number"),
        ({"max_value": 10**400}, ValueError, r"max_value to be from -2\*\*53 to 2\*\*53"),
        ({"min_value": 5, "max_value": 4}, ValueError, "min_value to be at most max_value, 4, not 5"),
        ({"step": 0}, ValueError, "step to be a positive number, not 0"),
        ({"step": "x"}, TypeError, "step to be a finite number, not str"),
    ],
)
def test_a_wrong_argument_is_named(parameters: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=rf"^slider\(\) expects {said}"):
        slider(**parameters)


def test_it_always_answers_for_nobody() -> None:
    assert (slider().initial(), slider(value=0.5, required=True).initial()) == (0, 0.5)


@pytest.mark.parametrize("names", [("min_value", "max_value"), ("min", "max")])
def test_an_update_moves_the_bounds(names: tuple[str, str]) -> None:
    field = slider(value=50)
    field.update("pin_update", {names[0]: 60, names[1]: 70})
    assert (field.describe()["value"], field.describe()["max"]) == (60, 70)


def test_an_update_leaves_the_type_of_the_answers() -> None:
    field = slider(value=5)
    field.update("pin_update", {"value": 7.0})
    assert (type(field.read(7)), field.describe()["value"], field.describe()["set"]) == (int, 7, 1)


def test_an_answer_is_a_number_in_reach() -> None:
    assert slider().encode(5) == 5
    with pytest.raises(ValueError, match=r"^the field 'data' accepts a number from 0 to 100, not 101$"):
        slider().encode(101)

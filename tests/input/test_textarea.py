"""``textarea``: what each parameter does."""

from __future__ import annotations

from typing import Any

import pytest

from nbsession.input._fields.field import NO_INITIAL, ImpossibleAnswer

from .fields import complaint, textarea


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"type": "textarea", "rows": 6, "value": ""}),
        ({"rows": 2}, {"rows": 2}),
        ({"value": "a\r\nb\rc"}, {"value": "a\nb\nc"}),
        ({"code": True}, {"code": {}}),
        ({"code": {}}, {"code": {}}),
        ({"code": False}, {"code": None}),
        (
            {"code": {"mode": "python", "lineNumbers": True}},
            {"code": {"mode": "python", "lineNumbers": True}},
        ),
        ({"maxlength": 9, "minlength": 1}, {"attributes": {"maxlength": 9, "minlength": 1}}),
        ({"placeholder": "P"}, {"attributes": {"placeholder": "P"}}),
        ({"readonly": True}, {"readonly": True}),
    ],
)
def test_each_parameter_reaches_the_page(parameters: dict[str, Any], expected: dict[str, object]) -> None:
    described = textarea(**parameters).describe()
    assert {name: described.get(name) for name in expected} == expected


@pytest.mark.parametrize(("raw", "value"), [("a\r\nb", "a\nb"), ("", ""), (" a \n", " a \n")])
def test_lines_end_in_line_feeds(raw: str, value: str) -> None:
    assert textarea().read(raw) == value


@pytest.mark.parametrize(
    ("parameters", "raw", "said"),
    [
        ({"required": True}, "", "Please fill out this field."),
        ({"maxlength": 3}, "a\r\nbc", "Please enter at most 3 characters (you have entered 4)."),
        ({"minlength": 3}, "a", "Please enter at least 3 characters (you have entered 1)."),
    ],
)
def test_each_constraint_is_checked(parameters: dict[str, Any], raw: str, said: str) -> None:
    assert complaint(textarea(**parameters), raw) == said


@pytest.mark.parametrize("raw", [None, 5, ["a"], "x" * (16 * 2**20 + 1)])
def test_what_no_page_sends_is_impossible(raw: object) -> None:
    with pytest.raises(ImpossibleAnswer):
        textarea().read(raw)


@pytest.mark.parametrize(
    ("parameters", "error", "said"),
    [
        ({"rows": 0}, ValueError, "rows to be an int of at least 1, not 0"),
        ({"code": "python"}, TypeError, "code to be True or a dict of options of the editor, not str"),
        ({"code": {"mode": print}}, TypeError, "code to be a dict of JSON values, not dict"),
        ({"value": ["a"]}, TypeError, "value to be a str, not list"),
    ],
)
def test_a_wrong_argument_is_named(parameters: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=rf"^textarea\(\) expects {said}"):
        textarea(**parameters)


def test_only_a_value_of_the_author_answers_for_nobody() -> None:
    assert (textarea().initial(), textarea(value="a").initial()) == (NO_INITIAL, "a")

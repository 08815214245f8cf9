"""``input``: what each type and parameter does to the page's field and to the answer."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from nbsession.input._fields.field import NO_INITIAL, ImpossibleAnswer

from .fields import complaint, text


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", " a ", " a "),
        ("text", "", ""),
        ("password", " p ", " p "),
        ("number", "36", 36),
        ("number", "-3.0", -3),
        ("number", "1e3", 1000),
        ("number", "9007199254740993", 9007199254740993),
        ("number", "", None),
        ("float", "36", 36.0),
        ("float", ".5", 0.5),
        ("float", "5.", 5.0),
        ("float", "-1.5e-3", -0.0015),
        ("float", "", None),
        ("url", " https://example.org/a?b ", "https://example.org/a?b"),
        ("url", "mailto:ada@example.org", "mailto:ada@example.org"),
        ("email", "ada.l+x@example.org", "ada.l+x@example.org"),
        ("email", "ada@localhost", "ada@localhost"),
        ("date", "2024-02-29", "2024-02-29"),
        ("date", "", ""),
        ("time", "23:59", "23:59"),
        ("time", "23:59:58.5", "23:59:58.5"),
        ("datetime-local", "2024-02-29T23:59", "2024-02-29T23:59"),
        ("color", "#2196F3", "#2196F3"),
    ],
)
def test_each_type_has_its_value(kind: str, raw: str, value: object) -> None:
    read = text(kind).read(raw)
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize(
    ("kind", "raw", "said"),
    [
        ("number", "five", "Please enter a number."),
        ("number", "5.5", "Please enter a whole number."),
        ("number", "nan", "Please enter a number."),
        ("number", "٣", "Please enter a number."),
        ("number", "1_000", "Please enter a number."),
        ("number", "9" * 5000, "Please enter a number."),
        ("number", "1e-999999999", "Please enter a number."),
        ("float", "1e999", "Please enter a number."),
        ("float", "inf", "Please enter a number."),
        ("url", "example.org", "Please enter a URL."),
        ("url", "https://", "Please enter a URL."),
        ("email", "ada", "Please enter an email address."),
        ("email", "ada@-x.org", "Please enter an email address."),
        ("email", "a b@x.org", "Please enter an email address."),
        ("date", "2023-02-29", "Please enter a date."),
        ("date", "20230228", "Please enter a date."),
        ("time", "24:00", "Please enter a time."),
        ("time", "1:00", "Please enter a time."),
        ("datetime-local", "2024-02-29", "Please enter a date and a time."),
        ("color", "red", "Please enter a color, such as #2196f3."),
    ],
)
def test_each_type_says_what_it_expects(kind: str, raw: str, said: str) -> None:
    assert complaint(text(kind), raw) == said


@pytest.mark.parametrize(
    ("parameters", "right", "wrong", "said"),
    [
        ({"required": True}, "a", "", "Please fill out this field."),
        ({"minlength": 3}, "abc", "ab", "Please enter at least 3 characters (you have entered 2)."),
        ({"minlength": 3}, "", "ab", "Please enter at least 3 characters (you have entered 2)."),
        ({"maxlength": 3}, "abc", "abcd", "Please enter at most 3 characters (you have entered 4)."),
        ({"maxlength": 3}, "😀a", "😀😀", "Please enter at most 3 characters (you have entered 4)."),
        ({"kind": "number", "min": 5}, "5", "4", "Enter a number of at least 5."),
        ({"kind": "number", "max": 5}, "5", "6", "Enter a number of at most 5."),
        ({"kind": "float", "min": 0.1}, "0.1", "0.0999", "Enter a number of at least 0.1."),
        ({"kind": "number", "step": 5}, "10", "12", "Please enter a valid value, in steps of 5."),
        ({"kind": "number", "step": 5, "min": 2}, "12", "10", "Please enter a valid value, in steps of 5."),
        ({"kind": "float", "step": 0.1}, "0.3", "0.35", "Please enter a valid value, in steps of 0.1."),
        ({"kind": "number", "step": "any"}, "0.35", "x", "Please enter a number."),
        (
            {"kind": "date", "min": dt.date(2024, 1, 31)},
            "2024-02-01",
            "2024-01-30",
            "Enter a date of 2024-01-31 or later.",
        ),
        (
            {"kind": "date", "max": "2024-01-31"},
            "2024-01-31",
            "2024-02-01",
            "Enter a date of 2024-01-31 or earlier.",
        ),
        (
            {"kind": "date", "step": 7, "min": "2024-01-01"},
            "2024-01-08",
            "2024-01-09",
            "Please enter a valid value, in steps of 7.",
        ),
        ({"kind": "time", "min": "08:00"}, "08:00:01", "07:59", "Enter a time of 08:00 or later."),
        (
            {"kind": "time", "min": "22:00", "max": "06:00"},
            "23:00",
            "12:00",
            "Enter a time of 22:00 or later.",
        ),
        (
            {"kind": "datetime-local", "max": "2024-01-31T12:00"},
            "2024-01-31T12:00",
            "2024-01-31T12:01",
            "Enter a date and time of 2024-01-31T12:00 or earlier.",
        ),
        (
            {"kind": "email", "other_html_attrs": {"multiple": True}},
            "a@x.org, b@x.org",
            "a@x.org; b@x.org",
            "Please enter an email address.",
        ),
    ],
)
def test_each_constraint_is_checked(parameters: dict[str, Any], right: str, wrong: str, said: str) -> None:
    field = text(**parameters)
    assert (complaint(field, right), complaint(field, wrong)) == (None, said)


def test_a_disabled_field_is_not_required() -> None:
    assert text(required=True, other_html_attrs={"disabled": True}).read("") == ""


def test_a_text_that_the_author_gave_may_be_longer_than_maxlength() -> None:
    assert text(value="abcdef", maxlength=3).read("abcdef") == "abcdef"


def test_half_a_character_becomes_the_replacement_character() -> None:
    assert text().read("a\ud83d") == "a\ufffd"


@pytest.mark.parametrize("raw", [None, 5, True, ["a"], {}, "a\nb", "x" * (2**20 + 1), "😀" * (2**19 + 1)])
def test_what_no_page_sends_is_impossible(raw: object) -> None:
    with pytest.raises(ImpossibleAnswer):
        text().read(raw)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"value": ""}),
        ({"label": "Age"}, {"label": "Age"}),
        ({"name": "age_1-b"}, {"name": "age_1-b"}),
        ({"kind": "number", "value": 5.0}, {"type": "number", "value": "5"}),
        ({"kind": "float", "value": 0.5}, {"value": "0.5", "attributes": {"step": "any"}}),
        ({"value": 5}, {"value": "5"}),
        ({"value": "a\nb"}, {"value": "ab"}),
        ({"kind": "date", "value": dt.date(2024, 1, 2)}, {"value": "2024-01-02"}),
        ({"kind": "time", "value": dt.time(8, 30)}, {"value": "08:30"}),
        ({"kind": "datetime-local", "value": dt.datetime(2024, 1, 2, 3)}, {"value": "2024-01-02T03:00"}),  # noqa: DTZ001 -- local
        ({"kind": "datetime-local", "value": "2024-01-02 03:00"}, {"value": "2024-01-02T03:00"}),
        ({"placeholder": "years"}, {"attributes": {"placeholder": "years"}}),
        ({"help_text": "in years"}, {"help": "in years"}),
        ({"required": True}, {"required": True}),
        ({"readonly": True}, {"readonly": True}),
        ({"datalist": ["a", 1]}, {"suggestions": ["a", "1"]}),
        ({"validate": lambda value: None}, {"check": True}),
        ({"onchange": lambda value: None}, {"onchange": True}),
        ({"action": ("Now", print)}, {"action": "Now"}),
        ({"kind": "number", "min": 1, "max": 9}, {"attributes": {"min": "1", "max": "9"}}),
        ({"maxlength": "9"}, {"attributes": {"maxlength": 9}}),
        ({"other_html_attrs": {"auto_focus": True}}, {"focus": True}),
        ({"other_html_attrs": {"disabled": True}}, {"disabled": True}),
        ({"other_html_attrs": {"maxLength": 9}}, {"attributes": {"maxlength": 9}}),
    ],
)
def test_each_parameter_reaches_the_page(parameters: dict[str, Any], expected: dict[str, object]) -> None:
    described = text(**parameters).describe()
    assert {name: described.get(name) for name in expected} == expected


def test_a_field_tells_nothing_that_it_does_not_have() -> None:
    assert text().describe() == {"name": "data", "type": "text", "label": "", "value": ""}


@pytest.mark.parametrize(
    ("parameters", "error", "said"),
    [
        ({"kind": "texts"}, ValueError, "type to be one of color, date, "),
        ({"label": 5}, TypeError, "label to be a str, not int: 5"),
        ({"name": "a b"}, ValueError, "name to consist of letters"),
        ({"name": ""}, ValueError, "name to consist of letters"),
        ({"value": ["a"]}, TypeError, "value to be a str, not list"),
        ({"kind": "number", "value": "five"}, ValueError, "value to be a whole number"),
        ({"kind": "number", "value": 5.5}, ValueError, "value to be a whole number"),
        ({"kind": "float", "value": math.nan}, TypeError, "value to be a number"),
        ({"kind": "date", "value": "1.2.2024"}, ValueError, "value to be a date such as '2030-12-31'"),
        ({"kind": "number", "min": "x"}, ValueError, "min to be a whole number"),
        ({"kind": "number", "min": 0.5}, ValueError, "min to be a whole number"),
        ({"kind": "number", "min": 5, "max": 4}, ValueError, "min to be at most max, 4, not '5'"),
        ({"kind": "number", "step": 0}, ValueError, "step to be a positive number or 'any', not 0"),
        ({"maxlength": -1}, ValueError, "maxlength to be an int of at least 0, not -1"),
        ({"maxlength": 1.5}, TypeError, "maxlength to be an int, not float"),
        ({"required": "yes"}, TypeError, "required to be True or False, not str"),
        ({"placeholder": 5}, TypeError, "placeholder to be a str, not int"),
        ({"datalist": "abc"}, TypeError, "datalist to be a list of str, not str"),
        ({"validate": 5}, TypeError, "validate to be a function, not int"),
        ({"onchange": lambda: None}, TypeError, r"onchange to take one argument, not <lambda>\(\)"),
        ({"action": print}, TypeError, r"action to be a \(label, function\) pair, not builtin"),
        ({"action": ("Now", "f")}, TypeError, r"action to be a \(label, function\) pair, not tuple"),
    ],
)
def test_a_wrong_argument_is_named(parameters: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=rf"^input\(\) expects {said}"):
        text(**parameters)


@pytest.mark.parametrize(
    ("parameters", "initial"),
    [
        ({}, NO_INITIAL),
        ({"value": "a"}, "a"),
        ({"value": ""}, ""),
        ({"value": "", "required": True}, NO_INITIAL),
        ({"kind": "number", "value": 5}, "5"),
        ({"kind": "number", "value": 5, "min": 6}, NO_INITIAL),
        ({"kind": "url", "value": "https://"}, NO_INITIAL),
        ({"kind": "color"}, NO_INITIAL),
    ],
)
def test_only_a_valid_value_of_the_author_answers_for_nobody(
    parameters: dict[str, Any], initial: object
) -> None:
    assert text(**parameters).initial() == initial


@pytest.mark.parametrize(
    ("kind", "answer", "raw"),
    [
        ("text", "a", "a"),
        ("text", 5, "5"),
        ("number", 5, "5"),
        ("number", "5", "5"),
        ("float", 0.5, "0.5"),
        ("date", dt.date(2024, 1, 2), "2024-01-02"),
        ("number", None, ""),
    ],
)
def test_an_answer_of_python_becomes_what_the_page_sends(kind: str, answer: object, raw: str) -> None:
    assert text(kind).encode(answer) == raw


def test_an_answer_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^the field 'age' accepts a whole number .*, not \['5'\]$"):
        text("number", name="age").encode(["5"])


def test_a_label_stands_for_any_value() -> None:
    field, value = text("number"), object()
    field.stand_for(value, "Today")
    assert field.read("Today") is value


def test_a_label_is_shown_and_cannot_be_changed() -> None:
    field = text()
    field.stand_for(object(), "Today")
    described = field.describe()
    assert (described["value"], described["readonly"], described["set"]) == ("Today", True, 1)


def test_a_new_value_ends_what_the_label_stood_for() -> None:
    field = text()
    field.stand_for(object(), "Today")
    field.update("input_update", {"value": "x"})
    assert field.read("Today") == "Today"


@pytest.mark.parametrize(
    ("attributes", "raw", "said"),
    [
        ({"min": 8}, "7", "Enter a number of at least 8."),
        ({"max": 6}, "7", "Enter a number of at most 6."),
        ({"required": True}, "", "Please fill out this field."),
        ({"step": 2}, "7", "Please enter a valid value, in steps of 2."),
    ],
)
def test_an_updated_constraint_is_checked(attributes: dict[str, Any], raw: str, said: str) -> None:
    field = text("number")
    field.update("input_update", attributes)
    assert complaint(field, raw) == said


def test_an_update_of_the_value_is_counted() -> None:
    field = text()
    for value in ("a", "b"):
        field.update("input_update", {"value": value})
    assert (field.describe()["value"], field.describe()["set"]) == ("b", 2)


def test_an_update_of_something_else_leaves_the_value() -> None:
    field = text(value="a")
    field.update("input_update", {"label": "L", "help_text": "H", "placeholder": "P", "datalist": ["x"]})
    assert field.describe() == {
        "name": "data",
        "type": "text",
        "label": "L",
        "help": "H",
        "attributes": {"placeholder": "P"},
        "value": "a",
        "suggestions": ["x"],
    }


def test_an_update_with_none_clears_the_value_and_leaves_the_rest() -> None:
    field = text(label="L", value="a")
    field.update("pin_update", {"value": None, "label": None})
    assert (field.describe()["value"], field.describe()["label"]) == ("", "L")


@pytest.mark.parametrize(
    "parameter",
    [
        "type",
        "name",
        "validate",
        "action",
        "code",
        "onchange",
        "multiple",
        "buttons",
        "inline",
        "max_size",
        "max_total_size",
    ],
)
def test_what_an_update_cannot_change_is_named(parameter: str) -> None:
    with pytest.raises(ValueError, match=rf"^input_update\(\) cannot change '{parameter}'"):
        text().update("input_update", {parameter: "x"})


def test_an_update_that_fails_changes_nothing() -> None:
    field = text("number", value=5, min=1)
    before = field.describe()
    with pytest.raises(ValueError, match="value"):
        field.update("input_update", {"label": "L", "min": 3, "title": "T", "required": True, "value": "x"})
    assert (field.describe(), field.read("2"), complaint(field, "")) == (before, 2, None)

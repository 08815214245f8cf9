"""``select``, ``checkbox`` and ``radio``: what options and parameters do, and what indices mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nbsession.input._fields.field import NO_INITIAL, ImpossibleAnswer

from .fields import choice, complaint

KINDS = ("select", "checkbox", "radio")
CITIES = [("Rome", 1), ("Oslo", 2, False, True), ("Lima", 3)]


@pytest.mark.parametrize(
    ("option", "described", "selected"),
    [
        ("a", {"label": "a"}, []),
        (5, {"label": "5"}, []),
        (None, {"label": "None"}, []),
        (("A", "a"), {"label": "A"}, []),
        (["A", "a", True], {"label": "A"}, [0]),
        (("A", "a", True, True), {"label": "A", "disabled": True}, [0]),
        ({"label": "A", "value": 1}, {"label": "A"}, []),
        ({"label": "A", "value": 1, "selected": True}, {"label": "A"}, [0]),
        ({"label": "A", "value": 1, "disabled": True}, {"label": "A", "disabled": True}, []),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_options_are_written_in_three_ways(
    kind: str, option: Any, described: dict[str, object], selected: list[int]
) -> None:
    field = choice(kind, [option]).describe()
    assert (field["options"], field["selected"]) == ([described], selected)


@pytest.mark.parametrize("kind", KINDS)
def test_the_value_is_the_very_object(kind: str) -> None:
    value = object()
    read = choice(kind, [("A", value)]).read([0])
    assert (read[0] if kind == "checkbox" else read) is value


@pytest.mark.parametrize(
    ("kind", "parameters", "raw", "value"),
    [
        ("select", {}, [2], 3),
        ("select", {}, [], None),
        ("select", {"multiple": True}, [2, 0], [1, 3]),
        ("select", {"multiple": True}, [], []),
        ("checkbox", {}, [2, 0], [1, 3]),
        ("checkbox", {}, [], []),
        ("radio", {}, [2], 3),
        ("radio", {}, [], None),
    ],
)
def test_indices_become_values(kind: str, parameters: dict[str, Any], raw: list[int], value: object) -> None:
    assert choice(kind, CITIES, **parameters).read(raw) == value


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("select", "Please select an item in the list."),
        ("checkbox", "Please select at least one of these options."),
        ("radio", "Please select one of these options."),
    ],
)
def test_a_required_choice_has_to_be_made(kind: str, said: str) -> None:
    assert complaint(choice(kind, CITIES, required=True), []) == said


@pytest.mark.parametrize("kind", KINDS)
def test_a_disabled_hint_is_no_answer(kind: str) -> None:
    field = choice(kind, [("Choose one", "hint", True, True), "a"])
    assert field.read([0]) in (None, [])


@pytest.mark.parametrize(
    "raw", [None, 0, "0", [3], [-1], [1], [True], [False], ["0"], [0.0], [[0]], [0, 0], {"0": 0}, [10**30]]
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_no_page_sends_is_impossible(kind: str, raw: object) -> None:
    with pytest.raises(ImpossibleAnswer):
        choice(kind, CITIES).read(raw)


@pytest.mark.parametrize("kind", ["select", "radio"])
def test_two_of_one_are_impossible(kind: str) -> None:
    with pytest.raises(ImpossibleAnswer):
        choice(kind, CITIES).read([0, 2])


@pytest.mark.parametrize(
    ("kind", "parameters", "selected"),
    [
        ("select", {"value": 3}, [2]),
        ("radio", {"value": 3}, [2]),
        ("checkbox", {"value": [3, 1]}, [0, 2]),
        ("checkbox", {"value": 3}, [2]),
        ("select", {"multiple": True, "value": (1,)}, [0]),
    ],
)
def test_value_selects(kind: str, parameters: dict[str, Any], selected: list[int]) -> None:
    assert choice(kind, CITIES, **parameters).describe()["selected"] == selected


def test_a_value_of_the_same_type_is_found_first() -> None:
    assert choice("radio", [1, True, "1"], value=True).describe()["selected"] == [1]


def test_values_that_cannot_be_compared_are_found_by_identity() -> None:
    class Odd:
        __hash__ = None  # type: ignore[assignment]

        def __eq__(self, other: object) -> bool:
            raise RuntimeError

    odd = Odd()
    assert choice("radio", [Odd(), odd], value=odd).describe()["selected"] == [1]


@pytest.mark.parametrize(
    ("kind", "parameters", "key", "value"),
    [
        ("select", {"multiple": True}, "multiple", True),
        ("select", {}, "multiple", None),
        ("checkbox", {}, "multiple", None),
        ("checkbox", {"inline": True}, "inline", True),
        ("radio", {"inline": True}, "inline", True),
        ("radio", {"required": True}, "required", True),
        ("select", {"help_text": "H"}, "help", "H"),
        ("select", {"native": False}, "native", None),
    ],
)
def test_each_parameter_reaches_the_page(
    kind: str, parameters: dict[str, Any], key: str, value: object
) -> None:
    assert choice(kind, CITIES, **parameters).describe().get(key) == value


@pytest.mark.parametrize(
    ("kind", "options", "parameters", "error", "said"),
    [
        ("select", None, {}, TypeError, "expects options to be a list, not NoneType"),
        ("select", "abc", {}, TypeError, "expects options to be a list, not str"),
        ("select", {"a": 1}, {}, TypeError, r"expects options to be a list, not dict.*list\(d.items\(\)\)"),
        ("select", [("a",)], {}, ValueError, r"expects an option to be \(label, value, selected, disabled\)"),
        ("select", [(1, 2, 3, 4, 5)], {}, ValueError, "expects an option to be"),
        ("select", [{"value": 1}], {}, ValueError, "expects the dict of an option to have a label"),
        (
            "select",
            [{"label": "a", "vlaue": 1}],
            {},
            TypeError,
            "does not support 'vlaue' in the dict of an option: did you mean 'value'",
        ),
        (
            "radio",
            [("a", 1, True), ("b", 2, True)],
            {},
            ValueError,
            "expects at most one selected option, not 'a', 'b'",
        ),
        ("select", CITIES, {"multiple": "yes"}, TypeError, "expects multiple to be True or False"),
    ],
)
def test_a_wrong_argument_is_named(
    kind: str, options: Any, parameters: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=rf"^{kind}\(\) {said}"):
        choice(kind, options, **parameters)


@pytest.mark.parametrize(
    ("kind", "value", "selected"), [("select", 9, []), ("radio", 9, []), ("checkbox", [1, 9], [0])]
)
def test_a_value_that_is_no_option_is_ignored_with_a_warning(
    kind: str, value: object, selected: list[int]
) -> None:
    said = rf"{kind}\(\) expects value to be of the options \(1, 2, 3\), and ignores 9"
    with pytest.warns(UserWarning, match=said) as warned:
        field = choice(kind, CITIES, value=value)
    assert Path(warned[0].filename).parent.name == "input"
    assert field.describe()["selected"] == selected


@pytest.mark.parametrize(
    ("kind", "parameters", "initial"),
    [
        ("select", {}, [0]),
        ("select", {"value": 3}, [2]),
        ("select", {"multiple": True}, []),
        ("select", {"multiple": True, "required": True}, NO_INITIAL),
        ("checkbox", {}, []),
        ("checkbox", {"value": [1]}, [0]),
        ("checkbox", {"required": True}, NO_INITIAL),
        ("radio", {}, NO_INITIAL),
        ("radio", {"value": 1}, [0]),
    ],
)
def test_what_is_selected_answers_for_nobody(kind: str, parameters: dict[str, Any], initial: object) -> None:
    assert choice(kind, CITIES, **parameters).initial() == initial


def test_a_select_begins_with_the_first_option_that_can_be_chosen() -> None:
    assert choice("select", [("a", 1, False, True), "b"]).initial() == [1]


def test_a_required_select_with_a_hint_has_no_answer_for_nobody() -> None:
    assert choice("select", [("Choose", None, True, True), "b"], required=True).initial() is NO_INITIAL


@pytest.mark.parametrize(
    ("kind", "answer", "raw"),
    [
        ("select", "Rome", [0]),
        ("select", 3, [2]),
        ("radio", None, []),
        ("checkbox", ["Lima", 1], [0, 2]),
        ("checkbox", [], []),
    ],
)
def test_an_answer_is_a_value_or_a_label(kind: str, answer: object, raw: list[int]) -> None:
    assert choice(kind, CITIES).encode(answer) == raw


@pytest.mark.parametrize(("kind", "answer"), [("select", "Oslo"), ("radio", 9), ("checkbox", "Rome")])
def test_an_answer_that_is_no_option_is_refused(kind: str, answer: object) -> None:
    with pytest.raises(ValueError, match=r"^the field 'city' accepts .*'Rome', 'Lima', not "):
        choice(kind, CITIES, name="city").encode(answer)


def test_new_options_replace_the_selection() -> None:
    field = choice("select", ["a", "b"], value="b")
    field.update("input_update", {"options": ["c", "d", ("e", "e", True)]})
    described = field.describe()
    assert (field.read([0]), described["selected"], described["set"]) == ("c", [2], 1)


def test_a_new_value_may_be_of_the_new_options() -> None:
    field = choice("select", ["a", "b"])
    field.update("input_update", {"value": "d", "options": ["c", "d"]})
    assert field.describe()["selected"] == [1]


def test_a_value_of_none_clears_a_radio() -> None:
    field = choice("radio", ["a", "b"], value="b")
    field.update("pin_update", {"value": None})
    assert field.describe()["selected"] == []


def test_an_update_that_fails_changes_nothing() -> None:
    field = choice("select", ["a", "b"], value="b")
    before = field.describe()
    with pytest.raises(TypeError, match=r"^input_update\(\) expects required"):
        field.update("input_update", {"options": ["c"], "label": "L", "required": "b"})
    assert (field.describe(), field.read([1])) == (before, "b")

"""``actions``: what buttons and parameters do, and what indices mean."""

from __future__ import annotations

from typing import Any

import pytest

from nbsession.input._fields.field import NO_INITIAL, ImpossibleAnswer

from .fields import actions

BUTTONS = [
    "Save",
    ("Delete", 2),
    {"label": "Reset", "type": "reset"},
    {"label": "Cancel", "type": "cancel", "color": "danger"},
    {"label": "Later", "disabled": True},
]


def test_buttons_are_written_in_three_ways() -> None:
    assert actions(BUTTONS).describe()["buttons"] == [
        {"label": "Save", "type": "submit"},
        {"label": "Delete", "type": "submit"},
        {"label": "Reset", "type": "reset"},
        {"label": "Cancel", "type": "cancel", "color": "danger"},
        {"label": "Later", "type": "submit", "disabled": True},
    ]


def test_a_tuple_has_a_type_and_may_be_disabled() -> None:
    assert actions([("A", None, "reset", True)]).describe()["buttons"] == [
        {"label": "A", "type": "reset", "disabled": True}
    ]


@pytest.mark.parametrize(("raw", "value"), [(0, "Save"), (1, 2), (None, None)])
def test_the_pressed_button_is_its_value(raw: object, value: object) -> None:
    assert actions(BUTTONS).read(raw) == value


@pytest.mark.parametrize("raw", [2, 3, 4, 5, -1, True, 0.0, "0", [0], {}])
def test_what_no_page_sends_is_impossible(raw: object) -> None:
    with pytest.raises(ImpossibleAnswer):
        actions(BUTTONS).read(raw)


@pytest.mark.parametrize(
    ("buttons", "parameters", "error", "said"),
    [
        (None, {}, TypeError, "expects buttons to be a list, not NoneType"),
        ("ab", {}, TypeError, "expects buttons to be a list, not str"),
        ([("a",)], {}, ValueError, r"expects a button to be \(label, value, type, disabled\)"),
        ([{"value": 1}], {}, ValueError, "expects the dict of a button to have a label"),
        ([{"label": "a"}], {}, ValueError, "expects a button that submits to have a value"),
        (
            [("a", 1, "sbmit")],
            {},
            ValueError,
            "expects the type of a button to be one of submit, reset, cancel",
        ),
        ([{"label": "a", "value": 1, "color": "pink"}], {}, ValueError, "expects color to be one of primary"),
        ([{"label": "a", "valeu": 1}], {}, TypeError, "does not support 'valeu' .* did you mean 'value'"),
        (
            [("a", 1, "reset")],
            {"submit_only": True},
            ValueError,
            "expects the type of a button to be 'submit'",
        ),
    ],
)
def test_a_wrong_argument_is_named(
    buttons: Any, parameters: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=rf"^actions\(\) {said}"):
        actions(buttons, **parameters)


def test_nobody_presses_a_button() -> None:
    assert actions(BUTTONS).initial() is NO_INITIAL


@pytest.mark.parametrize(("answer", "raw"), [("Save", 0), ("Delete", 1), (2, 1), (None, None)])
def test_an_answer_is_a_value_or_a_label(answer: object, raw: object) -> None:
    assert actions(BUTTONS).encode(answer) == raw


@pytest.mark.parametrize("answer", ["Reset", "Later", 0, ["Save"]])
def test_an_answer_that_submits_nothing_is_refused(answer: object) -> None:
    with pytest.raises(ValueError, match=r"^the field 'data' accepts 'Save', 'Delete' or None, not "):
        actions(BUTTONS).encode(answer)


@pytest.mark.parametrize(("buttons", "submits"), [(BUTTONS, True), (BUTTONS[2:4], False)])
def test_it_knows_whether_it_submits(buttons: Any, submits: bool) -> None:  # noqa: FBT001 -- the example
    assert actions(buttons).submits is submits

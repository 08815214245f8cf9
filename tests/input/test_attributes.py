"""Keyword arguments that are no parameters: HTML attributes, and what is none."""

from __future__ import annotations

import math

import pytest

from .fields import choice, text


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("validte", "validate"),
        ("requierd", "required"),
        ("placehoder", "placeholder"),
        ("help_txt", "help_text"),
        ("pattren", "pattern"),
        ("max_length", "maxlength"),
        ("autofocs", "auto_focus"),
        ("read_only", "readonly"),
        ("data_list", "datalist"),
    ],
)
def test_a_misspelt_parameter_is_told(given: str, meant: str) -> None:
    with pytest.raises(TypeError, match=rf"^input\(\) does not support '{given}': did you mean '{meant}'\?$"):
        text(other_html_attrs={given: 1})


def test_it_is_in_an_update_too() -> None:
    with pytest.raises(
        TypeError, match=r"^input_update\(\) does not support 'optoins': did you mean 'options'"
    ):
        choice("select", ["a"]).update("input_update", {"optoins": ["b"]})


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("title", "T", "T"),
        ("size", 5, 5),
        ("inputmode", "numeric", "numeric"),
        ("data-row", 1.5, 1.5),
        ("aria-busy", False, "false"),
        ("spellcheck", False, "false"),
        ("spellcheck", True, "true"),
        ("autocomplete", "off", "off"),
        ("translate", True, True),
    ],
)
def test_attributes_go_to_the_page(name: str, value: object, told: object) -> None:
    assert text(other_html_attrs={name: value}).describe()["attributes"] == {name: told}


@pytest.mark.parametrize("value", [False, None])
def test_an_attribute_that_is_off_does_not(value: object) -> None:
    assert "attributes" not in text(other_html_attrs={"translate": value}).describe()


def test_an_update_can_switch_one_off() -> None:
    field = text(other_html_attrs={"translate": True})
    field.update("input_update", {"translate": False})
    assert "attributes" not in field.describe()


@pytest.mark.parametrize(
    "name", ["onclick", "ONFOCUS", "form", "formaction", "formmethod", "src", "href", "id", "list"]
)
def test_what_could_run_code_or_leave_the_form_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=rf"^input\(\) does not accept the HTML attribute '{name}'"):
        text(other_html_attrs={name: "x"})


@pytest.mark.parametrize("name", ["data_row", "class_", "a b", "<b>", "=", "", "é"])
def test_what_is_no_attribute_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match=r"^input\(\) does not support "):
        text(other_html_attrs={name: "x"})


@pytest.mark.parametrize(("value", "error"), [(["a"], TypeError), (print, TypeError), (math.inf, ValueError)])
def test_values_are_texts_and_numbers(value: object, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^input\(\) expects the HTML attribute 'title' to be "):
        text(other_html_attrs={"title": value})


def test_a_parameter_may_stand_among_the_attributes() -> None:
    assert choice("checkbox", ["a"], other_html_attrs={"required": True}).describe()["required"] is True


@pytest.mark.parametrize(
    ("status", "described"),
    [
        (True, {"valid": True, "feedback": "good"}),
        (False, {"valid": False, "feedback": "bad"}),
        (0, {}),
    ],
)
def test_the_program_says_what_it_finds(status: object, described: dict[str, object]) -> None:
    field = text(value="a")
    field.update("input_update", {"valid_feedback": "good", "invalid_feedback": "bad", "valid_status": True})
    field.update("input_update", {"valid_status": status})
    told = field.describe()
    assert {name: told[name] for name in ("valid", "feedback") if name in told} == described


def test_what_the_program_says_is_text() -> None:
    with pytest.raises(TypeError, match="expects valid_feedback to be a str"):
        text().update("pin_update", {"valid_feedback": 3})

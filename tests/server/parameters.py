"""What each parameter of an input or pin function does in the page: the table of `test_parameters.py`.

A row names the function of a form; where the pin's function has the parameter, too, the row is also about the pin.
"""

# ruff: noqa: FBT003 -- a table of values

from __future__ import annotations

from typing import Any, NamedTuple

from nbsession.input import (
    actions,
    checkbox,
    file_upload,
    input,  # noqa: A004 -- PyWebIO's name
    radio,
    select,
    slider,
    textarea,
)
from nbsession.pin import (
    put_actions,
    put_checkbox,
    put_file_upload,
    put_input,
    put_radio,
    put_select,
    put_slider,
    put_textarea,
)

FUNCTIONS: dict[str, Any] = {
    "input": input,
    "textarea": textarea,
    "select": select,
    "checkbox": checkbox,
    "radio": radio,
    "slider": slider,
    "actions": actions,
    "file_upload": file_upload,
}
PINS: dict[str, Any] = {
    "input": put_input,
    "textarea": put_textarea,
    "select": put_select,
    "checkbox": put_checkbox,
    "radio": put_radio,
    "slider": put_slider,
    "actions": put_actions,
    "file_upload": put_file_upload,
}
NEEDED: dict[str, dict[str, Any]] = {
    "select": {"options": ["A", "B"]},
    "checkbox": {"options": ["A", "B"]},
    "radio": {"options": ["A", "B"]},
    "actions": {"buttons": ["A", "B"]},
}
"""Arguments that a function cannot do without."""


class Row(NamedTuple):
    """An argument, and what it does: an expression about ``field`` and its ``control``, and the value it has then.

    ``parameter`` is the name of one of the function's parameters, or ``other_html_attrs``.
    """

    function: str
    parameter: str
    arguments: dict[str, Any]
    expression: str
    expected: object

    @property
    def title(self) -> str:
        return f"{self.function}({', '.join(f'{name}={value!r}' for name, value in self.arguments.items())})"


LABEL = "field.querySelector('.nbsession-field-label').textContent"
HELP = "document.getElementById((control ?? field).getAttribute('aria-describedby'))?.textContent"
HELP_OF_ALL = "document.getElementById(field.getAttribute('aria-describedby'))?.textContent"
LABELS = "[...field.querySelectorAll('option, .nbsession-choice')].map((each) => each.textContent)"
CHOSEN = "[...field.querySelectorAll('option, .nbsession-choice input')].map((each) => each.selected ?? each.checked)"
OFF = "[...field.querySelectorAll('option, .nbsession-choice input')].map((each) => each.disabled)"
LINES = "new Set([...field.querySelectorAll('.nbsession-choice')].map((each) => each.offsetTop)).size"
MARKED = "field.querySelector('.nbsession-required') !== null"
BUTTONS = "[...field.querySelectorAll('.nbsession-actions button')]"

TYPES = ["text", "number", "password", "url", "email", "date", "time", "color", "datetime-local"]


def _of_all(function: str) -> list[Row]:
    """Rows of the parameters that all functions have."""
    several = function in {"checkbox", "radio", "actions"}
    return [
        Row(function, "label", {"label": "A <b>label</b>"}, LABEL, "A <b>label</b>"),
        Row(
            function,
            "help_text",
            {"help_text": "Some <i>help</i>"},
            HELP_OF_ALL if several else HELP,
            "Some <i>help</i>",
        ),
    ]


def _choices(function: str) -> list[Row]:
    several = {"multiple": True} if function == "select" else {}
    one = [True, False] if function == "select" else [False, False]
    rows = [
        Row(function, "options", {"options": ["A", 2]}, LABELS, ["A", "2"]),
        Row(function, "options", {"options": [("first", 1), ["second", 2]]}, LABELS, ["first", "second"]),
        Row(function, "options", {"options": [("a", 1), ("b", 2, True)]}, CHOSEN, [False, True]),
        Row(function, "options", {"options": [("a", 1), ("b", 2, False, True)]}, OFF, [False, True]),
        Row(function, "options", {"options": [{"label": "a", "value": 1}]}, LABELS, ["a"]),
        Row(
            function,
            "options",
            {"options": [{"label": "a", "value": 1}, {"label": "b", "value": 2, "selected": True}]},
            CHOSEN,
            [False, True],
        ),
        Row(
            function,
            "options",
            {"options": ["a", {"label": "b", "value": 2, "disabled": True}]},
            OFF,
            [False, True],
        ),
        Row(function, "options", {"options": ["A", "B"]}, CHOSEN, one),
        Row(function, "value", {"options": [("a", 1), ("b", 2)], "value": 2}, CHOSEN, [False, True]),
    ]
    if function != "radio":
        rows.append(Row(function, "value", {**several, "value": ["A", "B"]}, CHOSEN, [True, True]))
    return rows


ROWS: list[Row] = [
    *(row for function in FUNCTIONS for row in _of_all(function)),
    *(Row("input", "type", {"type": type_}, "control.type", type_) for type_ in TYPES),
    Row("input", "type", {"type": "float"}, "[control.type, control.step]", ["number", "any"]),
    Row("input", "value", {"value": "begun"}, "control.value", "begun"),
    Row("input", "value", {"value": 7, "type": "number"}, "control.value", "7"),
    Row("input", "placeholder", {"placeholder": "a hint"}, "control.placeholder", "a hint"),
    Row(
        "input", "required", {"required": True, "label": "it"}, f"[control.required, {MARKED}]", [True, True]
    ),
    Row("input", "required", {"label": "it"}, f"[control.required, {MARKED}]", [False, False]),
    Row("input", "readonly", {"readonly": True}, "control.readOnly", True),
    Row("input", "readonly", {}, "control.readOnly", False),
    Row(
        "input",
        "datalist",
        {"datalist": ["a", "b"]},
        "[...control.list.options].map((each) => each.value)",
        ["a", "b"],
    ),
    Row(
        "input",
        "action",
        {"action": ("Now", lambda set_value: set_value(1))},
        "field.querySelector('button').textContent",
        "Now",
    ),
    Row("input", "other_html_attrs", {"maxlength": 5}, "control.maxLength", 5),
    Row("input", "other_html_attrs", {"minlength": 2}, "control.minLength", 2),
    Row("input", "other_html_attrs", {"pattern": "[a-z]+"}, "control.pattern", "[a-z]+"),
    Row(
        "input",
        "other_html_attrs",
        {"type": "number", "min": 1, "max": 9},
        "[control.min, control.max]",
        ["1", "9"],
    ),
    Row("input", "other_html_attrs", {"type": "number", "step": 0.5}, "control.step", "0.5"),
    Row("input", "other_html_attrs", {"autocomplete": "off"}, "control.autocomplete", "off"),
    Row("input", "other_html_attrs", {"inputmode": "numeric"}, "control.inputMode", "numeric"),
    Row("input", "other_html_attrs", {"title": "a title"}, "control.title", "a title"),
    Row("input", "other_html_attrs", {"data-row": 3}, "control.dataset.row", "3"),
    Row("input", "other_html_attrs", {"spellcheck": False}, "control.spellcheck", False),
    Row(
        "input",
        "other_html_attrs",
        {"style": "color: rgb(1, 2, 3)"},
        "getComputedStyle(control).color",
        "rgb(1, 2, 3)",
    ),
    Row("input", "other_html_attrs", {"disabled": True}, "control.disabled", True),
    Row("textarea", "rows", {"rows": 3}, "control.rows", 3),
    Row("textarea", "rows", {}, "control.rows", 6),
    Row("textarea", "code", {"code": True}, "field.querySelector('.cm-editor') !== null", True),
    Row(
        "textarea",
        "code",
        {"code": {"mode": "python"}, "value": "x = 1"},
        "field.querySelector('.cm-content').innerText.trim()",
        "x = 1",
    ),
    Row("textarea", "code", {"code": False}, "field.querySelector('.cm-editor') === null", True),
    Row("textarea", "maxlength", {"maxlength": 5}, "control.maxLength", 5),
    Row("textarea", "minlength", {"minlength": 2}, "control.minLength", 2),
    Row("textarea", "value", {"value": "a\nb"}, "control.value", "a\nb"),
    Row("textarea", "placeholder", {"placeholder": "a hint"}, "control.placeholder", "a hint"),
    Row(
        "textarea",
        "required",
        {"required": True, "label": "it"},
        f"[control.required, {MARKED}]",
        [True, True],
    ),
    Row("textarea", "readonly", {"readonly": True}, "control.readOnly", True),
    Row("textarea", "other_html_attrs", {"wrap": "off"}, "control.wrap", "off"),
    *_choices("select"),
    Row("select", "multiple", {"multiple": True}, f"[control.multiple, {CHOSEN}.length]", [True, 2]),
    Row("select", "multiple", {}, "control.multiple", False),
    Row("select", "native", {"native": True}, "control.tagName", "SELECT"),
    Row("select", "native", {"native": False}, "control.tagName", "SELECT"),
    Row(
        "select", "required", {"required": True, "label": "it"}, f"[control.required, {MARKED}]", [True, True]
    ),
    Row("select", "other_html_attrs", {"title": "a title"}, "control.title", "a title"),
    *_choices("checkbox"),
    Row("checkbox", "inline", {"inline": True}, LINES, 1),
    Row("checkbox", "inline", {}, LINES, 2),
    Row("checkbox", "other_html_attrs", {"required": True, "label": "it"}, MARKED, True),
    *_choices("radio"),
    Row("radio", "inline", {"inline": True}, LINES, 1),
    Row("radio", "inline", {}, LINES, 2),
    Row(
        "radio", "required", {"required": True, "label": "it"}, f"[control.required, {MARKED}]", [True, True]
    ),
    Row("radio", "other_html_attrs", {"title": "a title"}, "field.querySelector('[title]').title", "a title"),
    Row("slider", "value", {"value": 30}, "[control.value, field.innerText.includes('30')]", ["30", True]),
    Row("slider", "value", {}, "control.value", "0"),
    Row("slider", "value", {"value": 0.25, "max_value": 1}, "[control.value, control.step]", ["0.25", "any"]),
    Row("slider", "min_value", {"min_value": -5}, "control.min", "-5"),
    Row("slider", "max_value", {"max_value": 7}, "control.max", "7"),
    Row("slider", "step", {"step": 5}, "control.step", "5"),
    Row("slider", "required", {"required": True}, "control.validity.valid", True),
    Row("slider", "other_html_attrs", {"title": "a title"}, "control.title", "a title"),
    Row(
        "actions", "buttons", {"buttons": ["A", 2]}, f"{BUTTONS}.map((each) => each.textContent)", ["A", "2"]
    ),
    Row(
        "actions",
        "buttons",
        {"buttons": [("a", 1), ["b", 2]]},
        f"{BUTTONS}.map((each) => each.textContent)",
        ["a", "b"],
    ),
    Row("actions", "buttons", {"buttons": [("a", 1, "submit", True)]}, f"{BUTTONS}[0].disabled", True),
    Row(
        "actions", "buttons", {"buttons": [{"label": "a", "disabled": True}]}, f"{BUTTONS}[0].disabled", True
    ),
    *(
        Row(
            "actions",
            "buttons",
            {"buttons": [{"label": "a", "value": 1, "color": color}]},
            f"{BUTTONS}[0].classList.contains('nbsession-color-{color}')",
            True,
        )
        for color in ("primary", "secondary", "success", "danger", "warning", "info", "light", "dark")
    ),
    Row("file_upload", "accept", {"accept": "image/*"}, "control.accept", "image/*"),
    Row(
        "file_upload", "accept", {"accept": [".csv", ".txt"]}, "control.accept.replace(' ', '')", ".csv,.txt"
    ),
    Row(
        "file_upload",
        "placeholder",
        {"placeholder": "Take one"},
        "field.querySelector('.nbsession-button').textContent",
        "Take one",
    ),
    Row(
        "file_upload",
        "placeholder",
        {},
        "field.querySelector('.nbsession-button').textContent",
        "Choose file",
    ),
    Row("file_upload", "multiple", {"multiple": True}, "control.multiple", True),
    Row("file_upload", "multiple", {}, "control.multiple", False),
    Row(
        "file_upload",
        "required",
        {"required": True, "label": "it"},
        f"[control.getAttribute('aria-required'), {MARKED}]",
        ["true", True],
    ),
    Row("file_upload", "other_html_attrs", {"title": "a title"}, "control.title", "a title"),
]

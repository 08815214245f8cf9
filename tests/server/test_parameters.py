"""Every parameter of the input and pin functions, on a served page. See the table in `parameters.py`."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from nbsession.input import input_group, input_update
from nbsession.output import put_scope, put_text
from nbsession.pin import pin_update
from nbsession.platform.tornado import start_server
from tests.examples.reader import form

from .conftest import serving
from .parameters import FUNCTIONS, NEEDED, PINS, ROWS, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, FilePayload, Locator, Page

EXPRESSION = """(field, expression) => {
  const control = field.querySelector("input, select, textarea");
  return new Function("field", "control", `return ${expression}`)(field, control);
}"""

# Their rows are the tests below.
BEHAVIOUR = {"name", "validate", "onchange", "scope", "position", "max_size", "max_total_size"}
ELSEWHERE = {"path"}


def parameters(function: Callable[..., Any]) -> set[str]:
    return set(inspect.signature(function).parameters)


PIN_ROWS = [row for row in ROWS if set(row.arguments) | {row.parameter} <= parameters(PINS[row.function])]


# Of the original, too. A slider's answers stay whole numbers.
FIXED = {"type", "code", "multiple", "inline", "buttons", "action"}
UPDATES = [
    row
    for row in ROWS
    if row.arguments and not FIXED & set(row.arguments) and 0.25 not in row.arguments.values()
]


def show_all() -> None:
    """Show a pin for each row, and a form with a field for each."""
    for number, row in enumerate(PIN_ROWS):
        PINS[row.function](f"pin-{number}", **{**NEEDED.get(row.function, {}), **row.arguments})
    fields = [
        FUNCTIONS[row.function](name=f"field-{number}", **{**NEEDED.get(row.function, {}), **row.arguments})
        for number, row in enumerate(ROWS)
    ]
    input_group("All", fields)


def telling(name: str) -> dict[str, Any]:
    """Arguments with functions that show what they are called with."""
    return {
        "name": name,
        "label": name,
        "validate": lambda value: f"validate {value!r}",
        "onchange": lambda value: put_text(f"onchange {name} {value!r}"),
    }


def show_functions() -> None:
    """Show a form whose fields tell what they are called with."""
    names = [name for name in FUNCTIONS if {"validate", "onchange"} <= parameters(FUNCTIONS[name])]
    fields = [FUNCTIONS[name](**NEEDED.get(name, {}), **telling(name)) for name in names]
    put_scope("asked")
    input_group("Functions", fields)


def show_sizes() -> None:
    for name, put in PINS.items():
        put(name, **NEEDED.get(name, {}))
    put_scope("there", [put_text("the first output of the scope")])
    for name, put in PINS.items():
        put(f"there-{name}", **NEEDED.get(name, {}), scope="there", position=0)
    limits = {"label": "One", "max_size": "1K"}, {"label": "Some", "multiple": True, "max_total_size": "1.5K"}
    for limit in limits:
        PINS["file_upload"](f"limited-{limit['label']}", **limit)
    input_group("Limited", [FUNCTIONS["file_upload"](name=str(limit["label"]), **limit) for limit in limits])


def show_updates() -> None:
    """Show pins and a form with nothing but what is needed, and update all of it as the rows say."""
    for number, row in enumerate(UPDATES):
        PINS[row.function](f"pin-{number}", **NEEDED.get(row.function, {}))
        pin_update(f"pin-{number}", **row.arguments)

    def update(_value: object) -> None:
        for number, row in enumerate(UPDATES):
            input_update(f"field-{number}", **row.arguments)
        input_update("last", help_text="All is updated")

    fields = [
        FUNCTIONS[row.function](name=f"field-{number}", **NEEDED.get(row.function, {}))
        for number, row in enumerate(UPDATES)
    ]
    input_group("Updated", [*fields, FUNCTIONS["input"]("Last", name="last", onchange=update)])


APPS = {"updates": show_updates, "all": show_all, "functions": show_functions, "sizes": show_sizes}


@pytest.fixture(scope="module")
def pages(browser_context: BrowserContext) -> Iterator[dict[str, Page]]:
    """A page of each app."""
    opened: dict[str, Page] = {}
    with serving(start_server) as serve:
        url = serve(APPS).url
        for name in APPS:
            opened[name] = browser_context.new_page()
            opened[name].goto(f"{url}?app={name}")
            form(opened[name])
        opened["updates"].get_by_label("Last").fill("x")
        expect(opened["updates"].get_by_text("All is updated")).to_be_visible()
        # The editors' code comes after the page.
        expect(opened["all"].locator("form .cm-editor")).to_have_count(2)
        yield opened
        for page in opened.values():
            page.close()


def ids(rows: list[Row]) -> list[str]:
    return [row.title for row in rows]


@pytest.mark.parametrize(("number", "row"), list(enumerate(ROWS)), ids=ids(ROWS))
def test_a_parameter_of_a_form_s_field_does_what_it_says(
    pages: dict[str, Page], number: int, row: Row
) -> None:
    field = form(pages["all"]).locator(".nbsession-field").nth(number)
    assert field.evaluate(EXPRESSION, row.expression) == row.expected


@pytest.mark.parametrize(("number", "row"), list(enumerate(PIN_ROWS)), ids=ids(PIN_ROWS))
def test_a_parameter_of_a_pin_does_what_it_says(pages: dict[str, Page], number: int, row: Row) -> None:
    field = pages["all"].locator(".nbsession-pin .nbsession-field").nth(number)
    assert field.evaluate(EXPRESSION, row.expression) == row.expected


@pytest.mark.parametrize("where", ["form", ".nbsession-pin"])
@pytest.mark.parametrize(("number", "row"), list(enumerate(UPDATES)), ids=ids(UPDATES))
def test_an_update_does_what_the_parameter_says(
    pages: dict[str, Page], where: str, number: int, row: Row
) -> None:
    field = pages["updates"].locator(f"{where} .nbsession-field").nth(number)
    assert field.evaluate(EXPRESSION, row.expression) == row.expected


@pytest.mark.parametrize("functions", [FUNCTIONS, PINS], ids=["forms", "pins"])
def test_no_parameter_is_missing_in_the_table(functions: dict[str, Callable[..., Any]]) -> None:
    rows = {(row.function, row.parameter) for row in ROWS}
    missing = {
        (name, parameter)
        for name, function in functions.items()
        for parameter in parameters(function) - BEHAVIOUR - ELSEWHERE
        if (name, parameter) not in rows
    }
    assert not missing


# -- functions -----------------------------------------------------------------------------------


CHANGES: list[tuple[str, Callable[[Locator], None], str]] = [
    ("input", lambda field: field.get_by_role("textbox").fill("x"), "'x'"),
    ("textarea", lambda field: field.get_by_role("textbox").fill("x\ny"), repr("x\ny")),
    ("select", lambda field: field.get_by_role("combobox").press("ArrowDown"), "'B'"),
    ("checkbox", lambda field: field.get_by_role("checkbox", name="B").check(), "['B']"),
    ("radio", lambda field: field.get_by_role("radio", name="B").check(), "'B'"),
    ("slider", lambda field: field.get_by_role("slider").press("End"), "100"),
]


@pytest.mark.parametrize(("name", "change", "value"), CHANGES, ids=[name for name, _, _ in CHANGES])
def test_onchange_is_called_at_a_change_and_validate_when_the_reader_goes_on(
    pages: dict[str, Page], name: str, change: Callable[[Locator], None], value: str
) -> None:
    page = pages["functions"]
    field = form(page).locator(".nbsession-field").nth([each for each, _, _ in CHANGES].index(name))
    change(field)
    expect(page.get_by_text(f"onchange {name} {value}", exact=True)).to_be_visible()
    form(page).get_by_role("button", name="Submit").focus()
    expect(field.get_by_role("alert")).to_have_text(f"validate {value}")


# -- where a pin stands, and the sizes of files ----------------------------------------------------


@pytest.mark.parametrize("name", PINS)
def test_a_pin_stands_in_its_scope_and_at_its_position(pages: dict[str, Page], name: str) -> None:
    page = pages["sizes"]
    order = list(reversed(PINS))
    there = page.locator(".nbsession-scope", has=page.get_by_text("the first output of the scope")).last
    shown = there.locator(".nbsession-pin .nbsession-field")
    expect(shown).to_have_count(len(PINS))
    assert shown.nth(order.index(name)).get_attribute("data-type") == {"file_upload": "file"}.get(
        name, "text" if name == "input" else name
    )
    last = there.get_by_text("the first output of the scope").bounding_box()
    box = shown.nth(order.index(name)).bounding_box()
    assert last
    assert box
    assert box["y"] < last["y"]


@pytest.mark.parametrize("where", ["form", ".nbsession-pin"])
@pytest.mark.parametrize(
    ("label", "sizes", "message"),
    [
        ("One", [1025], "Larger than 1 kB"),
        ("Some", [1024, 1024], "They may have at most 1.5 kB."),
    ],
)
def test_a_file_above_a_limit_is_refused_before_it_is_sent(
    pages: dict[str, Page], where: str, label: str, sizes: list[int], message: str
) -> None:
    field = pages["sizes"].locator(f"{where} .nbsession-field", has_text=label)
    files: list[FilePayload] = [
        {"name": f"{number}.bin", "mimeType": "application/octet-stream", "buffer": b"x" * size}
        for number, size in enumerate(sizes)
    ]
    field.locator("input").set_input_files(files)
    expect(field.get_by_role("alert").filter(has_text=message)).to_be_visible()
    expect(field.locator(".nbsession-upload[data-state=chosen]")).to_have_count(len(sizes))

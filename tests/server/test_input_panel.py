"""The input panel of a served page, and the options of `set_env` about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from nbsession import set_env
from nbsession.input import (
    actions,
    input,  # noqa: A004 -- PyWebIO's name
    input_group,
)
from nbsession.output import put_button, put_text
from tests.examples.reader import field, form

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Serve
    from .window import Open


def ask(serve: Serve, open_page: Open, lines: int = 60, fields: int = 1, **options: Any) -> Page:
    """A page with outputs above a form, in a session with these options."""

    def app() -> None:
        set_env(**options)
        for number in range(lines):
            put_text(f"line {number}")
        input_group("Asked", [input(f"field {number}", name=f"f{number}") for number in range(fields)])

    page = open_page(serve(app).url)
    form(page)
    return page


def height(page: Page) -> float:
    box = form(page).bounding_box()
    assert box
    return box["height"]


# -- input_panel_fixed ---------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"input_panel_fixed": True}], ids=["initially", "True"])
def test_a_fixed_panel_stays_in_view_while_the_page_scrolls(
    serve: Serve, open_page: Open, options: dict[str, Any]
) -> None:
    page = ask(serve, open_page, input_auto_focus=False, **options)
    for line in ("line 0", "line 59"):
        page.get_by_text(line, exact=True).scroll_into_view_if_needed()
        expect(form(page)).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("line 59", exact=True)).to_be_in_viewport(ratio=1)


def test_a_panel_that_is_not_fixed_stands_below_the_outputs(serve: Serve, open_page: Open) -> None:
    page = ask(serve, open_page, input_panel_fixed=False, input_auto_focus=False)
    expect(page.get_by_text("line 0", exact=True)).to_be_in_viewport()
    expect(form(page)).not_to_be_in_viewport()
    page.get_by_text("line 59", exact=True).scroll_into_view_if_needed()
    form(page).scroll_into_view_if_needed()
    expect(form(page)).to_be_in_viewport(ratio=1)


def test_a_panel_is_unfixed_while_its_form_waits(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_button("unfix", onclick=lambda: set_env(input_panel_fixed=False))
        for number in range(60):
            put_text(f"line {number}")
        input("Asked")

    page = open_page(serve(app).url)
    expect(form(page)).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="unfix").click()
    expect(form(page)).not_to_be_in_viewport()


def test_on_a_phone_the_panel_stands_below_the_outputs(serve: Serve, open_page: Open) -> None:
    page = ask(serve, open_page, input_auto_focus=False, input_panel_min_height=700)
    page.set_viewport_size({"width": 480, "height": 800})
    page.get_by_text("line 0", exact=True).scroll_into_view_if_needed()
    expect(form(page)).not_to_be_in_viewport()
    assert height(page) < 300


def test_a_long_form_scrolls_and_its_button_stays_in_view(serve: Serve, open_page: Open) -> None:
    page = ask(serve, open_page, fields=30, input_auto_focus=False)
    expect(form(page).get_by_role("button", name="Submit")).to_be_in_viewport(ratio=1)
    expect(field(page, "field 29")).not_to_be_in_viewport()
    field(page, "field 29").scroll_into_view_if_needed()
    expect(field(page, "field 29")).to_be_in_viewport(ratio=1)
    expect(form(page).get_by_role("button", name="Submit")).to_be_in_viewport(ratio=1)


def test_the_buttons_that_stay_in_view_have_their_label_below_the_line(serve: Serve, open_page: Open) -> None:
    """A browser draws a fieldset's border through its legend."""

    def app() -> None:
        input_group("Asked", [input("one", name="one"), actions("Do", ["save"], name="do", help_text="Help")])

    page = open_page(serve(app).url)
    buttons = form(page).get_by_role("group", name="Do")
    border, label = buttons.bounding_box(), buttons.get_by_text("Do", exact=True).bounding_box()
    button = buttons.get_by_role("button").bounding_box()
    assert border
    assert label
    assert button
    assert border["y"] + 5 < label["y"]
    assert label["y"] + label["height"] <= button["y"]


# -- its height ----------------------------------------------------------------------------------


def test_a_panel_is_as_high_as_its_form_unless_told_otherwise(serve: Serve, open_page: Open) -> None:
    page = ask(serve, open_page)
    assert height(page) < 250


def test_a_panel_has_at_least_its_minimum_height(serve: Serve, open_page: Open) -> None:
    page = ask(serve, open_page, input_panel_min_height=400)
    assert height(page) == 400


def test_a_panel_grows_above_its_minimum_height(serve: Serve, open_page: Open) -> None:
    page = ask(serve, open_page, fields=6, input_panel_min_height=75)
    assert height(page) > 400


def test_a_panel_has_its_initial_height(serve: Serve, open_page: Open) -> None:
    page = ask(serve, open_page, fields=6, input_panel_init_height=250)
    assert height(page) == 250
    expect(form(page).get_by_role("button", name="Submit")).to_be_in_viewport(ratio=1)


def test_the_minimum_height_goes_before_the_initial_one(serve: Serve, open_page: Open) -> None:
    page = ask(serve, open_page, input_panel_min_height=400, input_panel_init_height=250)
    assert height(page) == 400


def test_a_panel_that_is_not_fixed_has_the_height_of_its_form(serve: Serve, open_page: Open) -> None:
    page = ask(
        serve,
        open_page,
        input_panel_fixed=False,
        input_panel_min_height=500,
        input_panel_init_height=600,
    )
    assert height(page) < 250


def test_no_height_lets_a_panel_leave_the_window(serve: Serve, open_page: Open) -> None:
    page = ask(serve, open_page, input_panel_min_height=5000, input_panel_init_height=5000)
    expect(form(page)).to_be_in_viewport(ratio=1)


# -- input_auto_focus ----------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"input_auto_focus": True}], ids=["initially", "True"])
def test_a_form_takes_the_focus(serve: Serve, open_page: Open, options: dict[str, Any]) -> None:
    page = ask(serve, open_page, **options)
    expect(field(page, "field 0")).to_be_focused()


def test_a_form_leaves_the_focus_where_it_is(serve: Serve, open_page: Open) -> None:
    page = ask(serve, open_page, fields=2, input_auto_focus=False)
    field(page, "field 1").wait_for()
    assert page.evaluate("document.activeElement === document.body")


def test_a_field_of_one_s_own_choice_takes_the_focus(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        input_group("Asked", [input("first", name="a"), input("second", name="b", auto_focus=True)])

    page = open_page(serve(app).url)
    expect(field(page, "second")).to_be_focused()

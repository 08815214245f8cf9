"""Data tables on served pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from nbsession.output import (
    JSFunction,
    datatable_insert,
    datatable_remove,
    datatable_update,
    put_button,
    put_datatable,
    put_text,
)

from .visitor import TIMEOUT

if TYPE_CHECKING:
    from .conftest import Serve
    from .window import Open

expect.set_options(timeout=TIMEOUT * 1000)

COURSES = [{"course": "OS", "score": 80}, {"course": "DB", "score": 93}, {"course": "AI", "score": 70}]


def column(page: Page, field: str) -> Any:
    """The cells of a column, from above."""
    return page.locator(f"[role=gridcell][col-id={field}]")


def test_the_reader_sorts_and_what_python_changes_follows(serve: Serve, open_page: Open) -> None:
    def change() -> None:
        datatable_update("courses", 99, 0, "score")
        datatable_insert("courses", [{"course": "ML", "score": 75}], 0)
        datatable_remove("courses", [1])

    def app() -> None:
        put_datatable(COURSES, instance_id="courses")
        put_button("Change", change)

    page = open_page(serve(app).url)
    page.get_by_role("columnheader", name="Score").click()
    expect(column(page, "score")).to_have_text(["70", "80", "93"])
    page.get_by_role("button", name="Change").click()
    expect(column(page, "score")).to_have_text(["70", "75", "99"])


def test_a_button_calls_python_with_the_selected_row(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_datatable(COURSES, actions=[("Show", lambda row: put_text("chosen", row))], id_field="course")

    page = open_page(serve(app).url)
    expect(page.get_by_role("button", name="Show")).to_be_hidden()
    page.get_by_role("gridcell", name="DB").click()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("chosen DB")).to_be_visible()


def test_several_rows_are_selected_with_the_keyboard(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        action = ("Show", lambda rows: put_text("chosen", *rows))
        put_datatable(COURSES, actions=[action], multiple_select=True)

    page = open_page(serve(app).url)
    page.get_by_role("gridcell", name="OS").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.get_by_text("chosen 0 1")).to_be_visible()


def test_functions_of_the_author_run_and_those_in_data_do_not(serve: Serve, open_page: Open) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\">"

    def app() -> None:
        put_datatable(
            [{hostile: hostile, "price": 2}],
            column_args={"price": {"valueFormatter": JSFunction("p", "return `${p.value} €`")}},
            instance_id="prices",
        )

    page = open_page(serve(app).url)
    expect(column(page, "price")).to_have_text("2 €")
    expect(page.get_by_role("gridcell", name=hostile)).to_have_text(hostile)
    expect(page.locator(".nbsession-datatable img")).to_have_count(0)
    assert page.title() != "owned"
    assert page.evaluate("async () => (await ag_grid_prices_promise).api.getDisplayedRowCount()") == 1


def test_what_was_changed_is_there_after_a_reload(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_datatable(COURSES, instance_id="courses")
        datatable_insert("courses", {"course": "ML", "score": 75}, 0)
        put_button("stay", lambda: None)

    page = open_page(serve(app).url)
    expect(column(page, "course")).to_have_text(["ML", "OS", "DB", "AI"])
    page.reload()
    expect(column(page, "course")).to_have_text(["ML", "OS", "DB", "AI"])


def test_a_scrollbar_that_takes_no_room_does_not_hide_the_last_row(serve: Serve, open_page: Open) -> None:
    columns = [f"a long title of column {number}" for number in range(20)]
    page = open_page(serve(lambda: put_datatable([dict.fromkeys(columns, 1)], height="auto")).url)
    scrollbar = page.locator(".ag-body-horizontal-scroll.ag-scrollbar-invisible > div").first
    expect(scrollbar).to_be_visible()
    expect(scrollbar).to_have_css("background-color", "rgba(0, 0, 0, 0)")

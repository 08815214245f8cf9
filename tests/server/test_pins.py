"""The pin functions on served pages: what PyWebIO's documentation shows, as a reader meets it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from nbsession import hold
from nbsession.output import put_buttons, put_scope, put_table, put_text, use_scope
from nbsession.pin import (
    get_pin_values,
    pin,
    pin_on_change,
    pin_update,
    pin_wait_change,
    put_actions,
    put_checkbox,
    put_file_upload,
    put_input,
    put_radio,
    put_select,
    put_slider,
    put_textarea,
)

from .forms import TRANSPORTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Serve
    from .window import Open


def test_a_pin_stands_among_the_outputs(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_scope("search-area")
        put_text("below")
        put_table(
            [[put_input("first", label="First"), put_select("second", options=["A", "B"], label="Second")]]
        )
        with use_scope("search-area"):
            put_input("search", label="Search", placeholder="What")
        hold()

    page = open_page(serve(app).url)
    corners = []
    for shown in (*map(page.get_by_label, ("First", "Second", "Search")), page.get_by_text("below")):
        box = shown.bounding_box()
        assert box
        corners.append((box["x"], box["y"]))
    first, second, search, below = corners
    assert first[0] < second[0]
    assert search[1] < below[1] < first[1]


@TRANSPORTS
def test_a_button_reads_each_kind_of_pin(serve: Serve, open_page: Open, init: str) -> None:
    def app() -> None:
        put_input("text", label="Text")
        put_input("number", type="number", label="Number")
        put_textarea("area", label="Area")
        put_select("one", ["A", "B"], label="One")
        put_select("some", ["A", "B", "C"], multiple=True, label="Some")
        put_checkbox("boxes", ["D", "E"], label="Boxes")
        put_radio("choice", ["F", "G"], label="Choice")
        put_slider("slide", value=10, label="Slide")
        put_actions("act", buttons=["save", "delete"], label="Act")
        put_buttons(["read"], onclick=lambda _: put_text(f"values {get_pin_values()!r}"))
        hold()

    page = open_page(serve(app).url, init=init)
    page.get_by_label("Text").fill("hello")
    page.get_by_label("Number").fill("3")
    page.get_by_label("Area").fill("x\ny")
    page.get_by_label("One").select_option("B")
    page.get_by_label("Some").select_option(["A", "C"])
    page.get_by_label("E", exact=True).check()
    page.get_by_label("G", exact=True).check()
    page.get_by_label("Slide").press("ArrowRight")
    page.get_by_role("button", name="delete").click()
    page.get_by_role("button", name="read").click()
    values = {
        "text": "hello",
        "number": 3,
        "area": "x\ny",
        "one": "B",
        "some": ["A", "C"],
        "boxes": ["E"],
        "choice": "G",
        "slide": 11,
        "act": "delete",
    }
    expect(page.get_by_text(f"values {values!r}")).to_be_visible()


def test_a_pin_is_read_by_attribute_and_by_item(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_input("pin_name", label="Name")
        put_buttons(["read"], lambda _: put_text(f"{pin.pin_name} {pin['pin_name']} {pin.another}"))
        hold()

    page = open_page(serve(app).url)
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("button", name="read").click()
    expect(page.get_by_text("Ada Ada None")).to_be_visible()


@TRANSPORTS
def test_a_program_counts_in_a_pin(serve: Serve, open_page: Open, init: str) -> None:
    def app() -> None:
        put_input("counter", type="number", value=0, label="Counter")
        for _ in range(5):
            pin.counter = pin.counter + 1
        pin["counter"] = pin["counter"] * 10
        hold()

    page = open_page(serve(app).url, init=init)
    expect(page.get_by_label("Counter")).to_have_value("50")


def add() -> None:
    put_input("a", type="number", value=0, label="a")
    put_input("b", type="number", value=0, label="b")
    while True:
        changed = pin_wait_change("a", "b")
        with use_scope("res", clear=True):
            put_text(f"changed {changed!r}")
            put_text(f"a + b = {pin.a + pin.b}")


async def add_in_a_coroutine() -> None:
    put_input("a", type="number", value=0, label="a")
    put_input("b", type="number", value=0, label="b")
    while True:
        changed = await pin_wait_change(["a", "b"])
        with use_scope("res", clear=True):
            put_text(f"changed {changed!r}")
            put_text(f"a + b = {await pin.a + await pin['b']}")


@TRANSPORTS
@pytest.mark.parametrize("app", [add, add_in_a_coroutine], ids=["plain", "coroutine"])
def test_an_app_waits_for_changes_of_pins(serve: Serve, open_page: Open, init: str, app: Any) -> None:
    page = open_page(serve(app).url, init=init)
    page.get_by_label("a", exact=True).fill("3")
    expect(page.get_by_text("changed {'name': 'a', 'value': 3}")).to_be_visible()
    page.get_by_label("b", exact=True).fill("4")
    expect(page.get_by_text("a + b = 7")).to_be_visible()
    expect(page.get_by_text("changed {'name': 'b', 'value': 4}")).to_be_visible()


def test_waiting_for_a_change_has_a_timeout_and_the_program_s_changes_do_not_count(
    serve: Serve, open_page: Open
) -> None:
    def app() -> None:
        put_input("a", label="a")
        pin.a = "by the program"
        put_text(f"changed {pin_wait_change('a', timeout=0.3)!r}")
        hold()

    page = open_page(serve(app).url)
    expect(page.get_by_text("changed None")).to_be_visible()
    expect(page.get_by_label("a", exact=True)).to_have_value("by the program")


def hear() -> None:
    put_input("a", label="a", value="begun")
    pin_on_change("a", onchange=lambda value: put_text(f"first {value}"), init_run=True)
    pin_on_change("a", onchange=lambda value: put_text(f"second {value} {pin.a}"))
    hold()


async def hear_in_a_coroutine() -> None:
    async def second(value: str) -> None:
        put_text(f"second {value} {await pin.a}")

    put_input("a", label="a", value="begun")
    pin_on_change("a", onchange=lambda value: put_text(f"first {value}"), init_run=True)
    pin_on_change("a", onchange=second)
    await asyncio.Event().wait()


@TRANSPORTS
@pytest.mark.parametrize("app", [hear, hear_in_a_coroutine], ids=["plain", "coroutine"])
def test_functions_are_called_with_a_pin_s_changes(
    serve: Serve, open_page: Open, init: str, app: Callable[[], Any]
) -> None:
    page = open_page(serve(app).url, init=init)
    expect(page.get_by_text("first begun")).to_be_visible()
    page.get_by_label("a", exact=True).fill("now")
    expect(page.get_by_text("second now now")).to_be_visible()
    expect(page.get_by_text("first now")).to_be_visible()


def test_functions_of_a_pin_may_be_replaced(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_select("a", ["A", "B"], label="a")
        pin_on_change("a", onchange=lambda value: put_text(f"first {value}"))
        pin_on_change("a", onchange=lambda value: put_text(f"second {value}"), clear=True)
        hold()

    page = open_page(serve(app).url)
    page.get_by_label("a", exact=True).select_option("B")
    expect(page.get_by_text("second B")).to_be_visible()
    expect(page.get_by_text("first B")).to_have_count(0)


@TRANSPORTS
def test_a_pin_follows_another(serve: Serve, open_page: Open, init: str) -> None:
    cities = {"China": ["Beijing", "Shanghai"], "USA": ["New York", "Los Angeles"]}

    def app() -> None:
        put_select("country", list(cities), label="Country")
        put_select("city", cities["China"], label="City")
        pin_on_change("country", lambda country: pin_update("city", options=cities[country]))
        put_buttons(["read"], lambda _: put_text(f"city {pin.city}"))
        hold()

    page = open_page(serve(app).url, init=init)
    page.get_by_label("Country").select_option("USA")
    expect(page.get_by_label("City").locator("option")).to_have_text(cities["USA"])
    page.get_by_label("City").select_option("Los Angeles")
    page.get_by_role("button", name="read").click()
    expect(page.get_by_text("city Los Angeles")).to_be_visible()


@TRANSPORTS
def test_a_pin_takes_a_file_when_it_is_chosen(serve: Serve, open_page: Open, init: str) -> None:
    def app() -> None:
        put_file_upload("file", label="File", accept=".txt")
        changed = pin_wait_change("file")
        put_text(f"{changed['value']['filename']}: {changed['value']['content']!r}")
        hold()

    page = open_page(serve(app).url, init=init)
    page.get_by_label("File").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"content"}
    )
    expect(page.get_by_text("a.txt: b'content'")).to_be_visible()


def test_a_second_pin_with_a_name_takes_the_first_one_s_place(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_input("a", label="older", value="older")
        put_input("a", label="newer", value="newer")
        put_text(f"a is {pin.a}")
        hold()

    page = open_page(serve(app).url)
    expect(page.get_by_text("a is newer")).to_be_visible()


def test_a_reload_keeps_what_the_reader_has_entered(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_input("a", label="a")
        put_checkbox("c", ["C", "D"], label="c")
        put_buttons(["read"], lambda _: put_text(f"values {get_pin_values()!r}"))
        hold()

    page = open_page(serve(app, resume_on_reload=True).url)
    page.get_by_label("a", exact=True).fill("typed")
    page.get_by_role("checkbox", name="D").check()
    page.reload()
    expect(page.get_by_label("a", exact=True)).to_have_value("typed")
    expect(page.get_by_role("checkbox", name="D")).to_be_checked()
    page.get_by_role("button", name="read").click()
    expect(page.get_by_text(f"values { ({'a': 'typed', 'c': ['D']})!r}")).to_be_visible()

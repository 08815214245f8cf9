"""Programs with pins."""

from __future__ import annotations

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

CITIES = {"China": ["Beijing", "Shanghai"], "USA": ["New York", "Los Angeles"]}

# -- values --------------------------------------------------------------------------------------


def place_pins() -> None:
    put_scope("search-area")
    put_text("below")
    put_table([[put_input("first", label="First"), put_select("second", options=["A", "B"], label="Second")]])
    with use_scope("search-area"):
        put_input("search", label="Search", placeholder="What")


def read_each_kind() -> None:
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


def read_by_name() -> None:
    put_input("pin_name", label="Name")
    put_buttons(["read"], lambda _: put_text(f"{pin.pin_name} {pin['pin_name']} {pin.another}"))


async def await_by_name() -> None:
    async def read(_: str) -> None:
        several = await get_pin_values(["pin_name", "another"])
        put_text(f"{await pin.pin_name} {several['pin_name']} {several.get('another')}")

    put_input("pin_name", label="Name")
    put_buttons(["read"], read)


def count() -> None:
    put_input("counter", type="number", value=0, label="Counter")
    for _ in range(5):
        pin.counter = pin.counter + 1
    pin["counter"] = pin["counter"] * 10


def put_two_of_a_name() -> None:
    put_input("a", label="older", value="older")
    put_input("a", label="newer", value="newer")
    put_text(f"a is {pin.a}")


# -- changes -------------------------------------------------------------------------------------


def add() -> None:
    put_input("a", type="number", value=0, label="a")
    put_input("b", type="number", value=0, label="b")
    while True:
        changed = pin_wait_change("a", "b")
        with use_scope("res", clear=True):
            put_text(f"changed {changed!r}")
            put_text(f"a + b = {pin.a + pin.b}")


async def await_and_add() -> None:
    put_input("a", type="number", value=0, label="a")
    put_input("b", type="number", value=0, label="b")
    while True:
        changed = await pin_wait_change(["a", "b"])
        with use_scope("res", clear=True):
            put_text(f"changed {changed!r}")
            put_text(f"a + b = {await pin.a + await pin['b']}")


def wait_in_vain() -> None:
    put_input("a", label="a")
    pin.a = "by the program"
    put_text(f"changed {pin_wait_change('a', timeout=0.3)!r}")


def hear() -> None:
    put_input("a", label="a", value="begun")
    pin_on_change("a", onchange=lambda value: put_text(f"first {value} {pin.a}"))
    pin_on_change("a", onchange=lambda value: put_text(f"second {value}"), init_run=True)


async def hear_in_a_coroutine() -> None:
    async def first(value: str) -> None:
        put_text(f"first {value} {await pin.a}")

    put_input("a", label="a", value="begun")
    pin_on_change("a", onchange=first)
    pin_on_change("a", onchange=lambda value: put_text(f"second {value}"), init_run=True)


def replace_a_function() -> None:
    put_select("a", ["A", "B"], label="a")
    pin_on_change("a", onchange=lambda value: put_text(f"first {value}"))
    pin_on_change("a", onchange=lambda value: put_text(f"second {value}"), clear=True)


def follow() -> None:
    put_select("country", list(CITIES), label="Country")
    put_select("city", CITIES["China"], label="City")
    pin_on_change("country", lambda country: pin_update("city", options=CITIES[country]))
    put_buttons(["read"], lambda _: put_text(f"city {pin.city}"))


def wait_for_a_file() -> None:
    put_file_upload("file", label="File", accept=".txt")
    changed = pin_wait_change("file")
    put_text(f"{changed['value']['filename']}: {changed['value']['content']!r}")

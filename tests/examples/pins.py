"""What a reader does with the programs that have pins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from . import pin_programs as programs
from .example import Example
from .reader import Shown, expect_text

if TYPE_CHECKING:
    from playwright.sync_api import Locator

CORNERS = """(_, elements) => elements.map((element) => {
    const { x, y } = element.getBoundingClientRect();
    return [x, y];
})"""


def pin(shown: Shown, label: str) -> Locator:
    """The control of the pin with this label."""
    return shown.get_by_label(label, exact=True)


def press(shown: Shown, button: str) -> None:
    shown.get_by_role("button", name=button, exact=True).click()


# -- values --------------------------------------------------------------------------------------


def a_pin_stands_among_the_outputs(shown: Shown) -> None:
    places = [pin(shown, "First"), pin(shown, "Second"), pin(shown, "Search"), shown.get_by_text("below")]
    # In one step: the page may scroll.
    handles = [place.element_handle() for place in places]
    first, second, search, below = places[0].evaluate(CORNERS, handles)
    assert first[0] < second[0]
    assert search[1] < below[1] < first[1]


def a_button_reads_each_kind_of_pin(shown: Shown) -> None:
    pin(shown, "Text").fill("hello")
    pin(shown, "Number").fill("3")
    pin(shown, "Area").fill("x\ny")
    pin(shown, "One").select_option("B")
    pin(shown, "Some").select_option(["A", "C"])
    pin(shown, "E").check()
    pin(shown, "G").check()
    pin(shown, "Slide").press("ArrowRight")
    press(shown, "delete")
    press(shown, "read")
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
    expect_text(shown, f"values {values!r}")


def a_pin_is_read_by_attribute_and_by_item(shown: Shown) -> None:
    pin(shown, "Name").fill("Ada")
    press(shown, "read")
    expect_text(shown, "Ada Ada None")


def a_program_counts_in_a_pin(shown: Shown) -> None:
    expect(pin(shown, "Counter")).to_have_value("50")


def a_second_pin_with_a_name_takes_the_first_ones_place(shown: Shown) -> None:
    expect_text(shown, "a is newer")


# -- changes -------------------------------------------------------------------------------------


def a_program_waits_for_changes_of_pins(shown: Shown) -> None:
    pin(shown, "a").fill("3")
    expect_text(shown, "changed {'name': 'a', 'value': 3}")
    pin(shown, "b").fill("4")
    expect_text(shown, "a + b = 7")
    expect_text(shown, "changed {'name': 'b', 'value': 4}")


def waiting_for_a_change_has_a_timeout_and_the_programs_changes_do_not_count(shown: Shown) -> None:
    expect_text(shown, "changed None")
    expect(pin(shown, "a")).to_have_value("by the program")


def functions_are_called_with_a_pins_changes(shown: Shown) -> None:
    expect_text(shown, "second begun")
    pin(shown, "a").fill("now")
    expect_text(shown, "first now now")
    expect_text(shown, "second now")


def functions_of_a_pin_may_be_replaced(shown: Shown) -> None:
    pin(shown, "a").select_option("B")
    expect_text(shown, "second B")
    expect(shown.get_by_text("first B")).to_have_count(0)


def a_pin_follows_another(shown: Shown) -> None:
    pin(shown, "Country").select_option("USA")
    expect(pin(shown, "City").locator("option")).to_have_text(programs.CITIES["USA"])
    pin(shown, "City").select_option("Los Angeles")
    press(shown, "read")
    expect_text(shown, "city Los Angeles")


def a_pin_takes_a_file_when_it_is_chosen(shown: Shown) -> None:
    pin(shown, "File").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"content"})
    expect_text(shown, "a.txt: b'content'")


PINS = [
    Example(programs.place_pins, a_pin_stands_among_the_outputs),
    Example(programs.read_each_kind, a_button_reads_each_kind_of_pin, over_http=True),
    Example(programs.read_by_name, a_pin_is_read_by_attribute_and_by_item),
    Example(programs.await_by_name, a_pin_is_read_by_attribute_and_by_item),
    Example(programs.count, a_program_counts_in_a_pin, over_http=True),
    Example(programs.put_two_of_a_name, a_second_pin_with_a_name_takes_the_first_ones_place),
    Example(programs.add, a_program_waits_for_changes_of_pins, over_http=True, endless=True),
    Example(programs.await_and_add, a_program_waits_for_changes_of_pins, over_http=True, endless=True),
    Example(programs.wait_in_vain, waiting_for_a_change_has_a_timeout_and_the_programs_changes_do_not_count),
    Example(programs.hear, functions_are_called_with_a_pins_changes, over_http=True),
    Example(programs.hear_in_a_coroutine, functions_are_called_with_a_pins_changes, over_http=True),
    Example(programs.replace_a_function, functions_of_a_pin_may_be_replaced),
    Example(programs.follow, a_pin_follows_another, over_http=True),
    Example(programs.wait_for_a_file, a_pin_takes_a_file_when_it_is_chosen, over_http=True),
]

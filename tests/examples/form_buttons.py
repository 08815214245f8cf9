"""What a reader does with the programs that ask with buttons, or for files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from . import form_button_programs as programs
from .example import Example
from .reader import Shown, expect_answer, expect_fault, field, form, press, submit

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload

# -- a button beside a field ---------------------------------------------------------------------


def a_button_beside_a_field_sets_its_value(shown: Shown) -> None:
    press(shown, "Now")
    expect(field(shown, "Time")).to_have_value("1700000000")
    submit(shown)
    expect_answer(shown, 1_700_000_000)


def a_field_shows_a_label_for_a_value_that_only_python_has(shown: Shown) -> None:
    asked = field(shown, "Date")
    press(shown, "Select")
    shown.get_by_role("button", name="Today").click()
    expect(asked).to_have_value("Today")
    shown.get_by_role("button", name="Yesterday").click()
    expect(asked).to_have_value("Yesterday")
    expect(asked).to_have_attribute("readonly", "")
    submit(shown)
    expect_answer(shown, date(2030, 4, 30))


def a_value_with_a_label_makes_the_field_read_only(shown: Shown) -> None:
    expect(field(shown, "It")).to_be_editable()
    press(shown, "Set")
    expect(field(shown, "It")).to_have_value("two")
    expect(field(shown, "It")).not_to_be_editable()
    submit(shown)
    expect_answer(shown, [1, 2])


# -- buttons -------------------------------------------------------------------------------------


def one_press_answers_a_question_of_buttons(shown: Shown) -> None:
    expect(form(shown).get_by_role("button", name="Submit")).to_be_hidden()
    expect(form(shown).get_by_text("It cannot be recovered")).to_be_visible()
    press(shown, "confirm")
    expect_answer(shown, "confirm")


def fill_in_a_user(shown: Shown) -> None:
    field(shown, "username").fill("ada")
    field(shown, "password").fill("secret")


def buttons_replace_the_button_that_submits(shown: Shown) -> None:
    expect(form(shown).get_by_role("button", name="Submit")).to_be_hidden()
    press(shown, "Save")
    expect_fault(shown, "fill out this field")
    fill_in_a_user(shown)
    press(shown, "Save and add next")
    expect_answer(shown, {"username": "ada", "password": "secret", "action": "save_and_continue"})


def a_button_resets_the_form_to_its_initial_values(shown: Shown) -> None:
    fill_in_a_user(shown)
    press(shown, "Reset")
    expect(field(shown, "username")).to_have_value("guest")
    expect(field(shown, "password")).to_have_value("")
    field(shown, "password").fill("other")
    press(shown, "Save")
    expect_answer(shown, {"username": "guest", "password": "other", "action": "save"})


def a_button_cancels_the_form(shown: Shown) -> None:
    press(shown, "Cancel")
    expect_answer(shown, None)


# -- files ---------------------------------------------------------------------------------------


def files_arrive_with_what_the_browser_knows_of_them(shown: Shown) -> None:
    chosen: list[FilePayload] = [
        {"name": name, "mimeType": "image/png", "buffer": name.encode()} for name in ("a.png", "b.png")
    ]
    field(shown, "Pictures").set_input_files(chosen)
    submit(shown)
    expect_answer(shown, [("a.png", b"a.png", "image/png", True), ("b.png", b"b.png", "image/png", True)])


def no_file_is_no_answer_or_an_empty_list(shown: Shown) -> None:
    submit(shown)
    expect_answer(shown, {"one": None, "some": []})


FORM_BUTTONS = [
    Example(programs.ask_for_a_time, a_button_beside_a_field_sets_its_value, over_http=True),
    Example(programs.await_a_time, a_button_beside_a_field_sets_its_value, over_http=True),
    Example(programs.ask_for_a_date, a_field_shows_a_label_for_a_value_that_only_python_has),
    Example(programs.ask_for_a_list, a_value_with_a_label_makes_the_field_read_only),
    Example(programs.ask_whether, one_press_answers_a_question_of_buttons),
    Example(programs.await_whether, one_press_answers_a_question_of_buttons),
    Example(programs.ask_for_a_user, buttons_replace_the_button_that_submits, over_http=True),
    Example(programs.ask_for_a_user, a_button_resets_the_form_to_its_initial_values),
    Example(programs.ask_for_a_user, a_button_cancels_the_form),
    Example(programs.ask_for_files, files_arrive_with_what_the_browser_knows_of_them, over_http=True),
    Example(programs.await_files, files_arrive_with_what_the_browser_knows_of_them, over_http=True),
    Example(programs.ask_for_no_file, no_file_is_no_answer_or_an_empty_list),
]

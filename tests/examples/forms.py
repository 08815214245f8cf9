"""What a reader does with the programs that ask."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from . import form_programs as programs
from .example import Example
from .reader import Shown, expect_answer, expect_fault, expect_text, field, form, press, submit

TYPED: dict[str, tuple[str, object]] = {
    "text": ("some text", "some text"),
    "number": ("-3", -3),
    "float": ("2.5", 2.5),
    "password": ("se cret", "se cret"),
    "url": ("https://example.org/", "https://example.org/"),
    "email": ("ada@example.org", "ada@example.org"),
    "date": ("2030-12-31", "2030-12-31"),
    "time": ("13:30", "13:30"),
    "datetime-local": ("2030-12-31T13:30", "2030-12-31T13:30"),
    "color": ("#ff8800", "#ff8800"),
}
"""What the reader types by the type of the input, and its value."""

# -- single questions ----------------------------------------------------------------------------


def code_asks_one_question_after_the_other(shown: Shown) -> None:
    field(shown, "How old are you?").fill("36")
    submit(shown)
    field(shown, "Your word").fill("secret")
    field(shown, "Your word").press("Enter")
    choose_among_options(shown)
    field(shown, "Notes").fill("one\ntwo")
    submit(shown)
    for answer in ("age 36", "word 'secret'", *CHOSEN, r"text 'one\ntwo'"):
        expect_text(shown, answer)


CHOSEN = ("gift 'tablet'", "agreed ['I agree']", "chosen 'B'")


def choose_among_options(shown: Shown) -> None:
    field(shown, "Which gift?").select_option("tablet")
    submit(shown)
    form(shown).get_by_role("checkbox", name="I agree").check()
    submit(shown)
    form(shown).get_by_role("radio", name="B").check()
    submit(shown)


def a_coroutine_awaits_its_questions(shown: Shown) -> None:
    field(shown, "Your name").fill("Ada")
    submit(shown)
    field(shown, "Age").fill("5")
    submit(shown)
    expect_fault(shown, "Too young")
    field(shown, "Age").fill("36")
    submit(shown)
    expect_text(shown, "Ada is 36")


def each_kind_of_question_is_awaited(shown: Shown) -> None:
    choose_among_options(shown)
    field(shown, "Notes").fill("one\ntwo")
    submit(shown)
    field(shown, "How much?").press("ArrowRight")
    submit(shown)
    for answer in (*CHOSEN, r"text 'one\ntwo'", "slid 51"):
        expect_text(shown, answer)


def each_type_of_input_has_its_control_and_its_value(shown: Shown) -> None:
    assert list(TYPED) == programs.TYPES
    for type_, (text, _) in TYPED.items():
        asked = field(shown, type_)
        expect(asked).to_have_attribute("type", "number" if type_ == "float" else type_)
        asked.fill(text)
    submit(shown)
    expect_answer(shown, {type_: value for type_, (_, value) in TYPED.items()})


def what_is_not_of_the_type_is_refused_at_its_field(shown: Shown) -> None:
    for type_, wrong, message in (
        ("url", "nowhere", "URL"),
        ("email", "no_address", "email|@"),
        ("number", "1.5", "valid value|whole|nearest"),
    ):
        field(shown, type_).fill(wrong)
        submit(shown)
        expect(field(shown, type_)).to_have_attribute("aria-invalid", "true")
        expect(shown.get_by_role("alert").filter(visible=True)).to_have_text(re.compile(message))
        text, _ = TYPED[type_]
        field(shown, type_).fill(text)
        submit(shown)
    expect_answer(shown, [TYPED[type_][1] for type_ in ("url", "email", "number")])


def a_slider_answers_a_float_if_one_of_its_numbers_is(shown: Shown) -> None:
    field(shown, "Whole").press("ArrowRight")
    field(shown, "Share").press("End")
    submit(shown)
    expect_answer(shown, {"whole": 15, "share": 1.0})


def a_label_a_hint_and_a_help_text_are_shown_and_nothing_is_no_answer(shown: Shown) -> None:
    asked = field(shown, "This is the label")
    expect(asked).to_have_attribute("placeholder", "A hint")
    expect(asked).to_have_accessible_description("Some help")
    submit(shown)
    expect_fault(shown, "fill out this field")
    asked.fill("now")
    submit(shown)
    expect_answer(shown, "now")


def a_field_suggests_what_may_be_typed(shown: Shown) -> None:
    asked = field(shown, "City")
    assert asked.evaluate("(input) => [...input.list.options].map((each) => each.value)") == ["Rome", "Paris"]
    asked.fill("Oslo")
    submit(shown)
    expect_answer(shown, "Oslo")


def a_value_is_checked_when_the_reader_leaves_its_field(shown: Shown) -> None:
    field(shown, "Your age").fill("5")
    field(shown, "Your age").press("Tab")
    expect_fault(shown, "Too young")
    field(shown, "Your age").fill("61")
    submit(shown)
    expect_fault(shown, "Too old")
    field(shown, "Your age").fill("60")
    submit(shown)
    expect_answer(shown, 60)


def an_editor_of_code_answers_its_text(shown: Shown) -> None:
    editor = form(shown).locator(".cm-content")
    expect(editor).to_contain_text("import something")
    editor.press("Control+End")
    editor.press_sequentially(" now")
    submit(shown)
    expect_answer(shown, "import something\n# Write here now")


# -- groups --------------------------------------------------------------------------------------


def a_group_is_checked_field_by_field_and_then_as_a_whole(shown: Shown) -> None:
    expect(form(shown).get_by_role("heading", name="Basic info")).to_be_visible()
    field(shown, "Your name").fill("Augusta")
    field(shown, "Your age").fill("5")
    submit(shown)
    expect_fault(shown, "Too young")
    field(shown, "Your age").fill("36")
    submit(shown)
    expect_fault(shown, "Name too long")
    expect(field(shown, "Your name")).to_be_focused()
    expect(field(shown, "Your age")).to_have_value("36")
    field(shown, "Your name").fill("Ada")
    submit(shown)
    expect_answer(shown, {"name": "Ada", "age": 36})


def a_group_may_be_cancelled(shown: Shown) -> None:
    press(shown, "Cancel")
    expect_answer(shown, None)


def one_fields_choice_gives_another_its_options(shown: Shown) -> None:
    field(shown, "Country").select_option("USA")
    expect(field(shown, "City").locator("option")).to_have_text(programs.CITIES["USA"])
    field(shown, "City").select_option("Los Angeles")
    submit(shown)
    expect_answer(shown, {"country": "USA", "city": "Los Angeles"})


def a_field_may_update_itself(shown: Shown) -> None:
    field(shown, "Text").press_sequentially("abc")
    expect(field(shown, "Text")).to_have_accessible_description("3 characters")
    expect(field(shown, "Text")).to_have_value("abc")
    submit(shown)
    expect_answer(shown, "abc")


def the_newest_of_two_forms_is_active_and_the_other_a_button(shown: Shown) -> None:
    field(shown, "First").fill("one")
    shown.get_by_role("button", name="ask").click()
    field(shown, "Second").fill("two")
    shown.get_by_role("button", name="First").click()
    expect(field(shown, "First")).to_have_value("one")
    submit(shown)
    expect_answer(shown, "one")
    submit(shown)
    expect_text(shown, "second 'two'")


FORMS = [
    Example(programs.ask_one_after_the_other, code_asks_one_question_after_the_other, over_http=True),
    Example(programs.await_one_after_the_other, a_coroutine_awaits_its_questions, over_http=True),
    Example(programs.await_each_kind, each_kind_of_question_is_awaited),
    Example(programs.ask_for_each_type, each_type_of_input_has_its_control_and_its_value),
    Example(programs.ask_for_what_has_a_form, what_is_not_of_the_type_is_refused_at_its_field),
    Example(programs.ask_with_sliders, a_slider_answers_a_float_if_one_of_its_numbers_is),
    Example(programs.ask_with_hints, a_label_a_hint_and_a_help_text_are_shown_and_nothing_is_no_answer),
    Example(programs.ask_with_suggestions, a_field_suggests_what_may_be_typed),
    Example(programs.ask_for_an_age, a_value_is_checked_when_the_reader_leaves_its_field),
    Example(programs.ask_for_code, an_editor_of_code_answers_its_text),
    Example(programs.ask_about_you, a_group_is_checked_field_by_field_and_then_as_a_whole, over_http=True),
    Example(programs.ask_cancelably, a_group_may_be_cancelled),
    Example(programs.ask_for_a_place, one_fields_choice_gives_another_its_options, over_http=True),
    Example(programs.await_a_place, one_fields_choice_gives_another_its_options, over_http=True),
    Example(programs.ask_and_count, a_field_may_update_itself),
    Example(programs.ask_twice_at_once, the_newest_of_two_forms_is_active_and_the_other_a_button),
]

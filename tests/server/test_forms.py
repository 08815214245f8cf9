"""The input functions on served pages: what PyWebIO's documentation shows, as a reader meets it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from nbsession import hold
from nbsession.input import (
    COLOR,
    DATE,
    DATETIME,
    EMAIL,
    FLOAT,
    NUMBER,
    PASSWORD,
    TEXT,
    TIME,
    URL,
    checkbox,
    input,  # noqa: A004 -- PyWebIO's name
    input_group,
    input_update,
    radio,
    select,
    slider,
    textarea,
)
from nbsession.output import put_buttons, put_text

from .forms import TRANSPORTS, answering, expect_answer, expect_fault, field, form, open_form, submit

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Serve
    from .window import Open


def check_age(age: int) -> str | None:
    if age < 10:
        return "Too young"
    return "Too old" if age > 60 else None


# -- single questions ----------------------------------------------------------------------------


@TRANSPORTS
def test_code_asks_one_question_after_the_other(serve: Serve, open_page: Open, init: str) -> None:
    def app() -> None:
        put_text(f"age {input('How old are you?', type=NUMBER)!r}")
        put_text(f"word {input('Your word', type=PASSWORD)!r}")
        put_text(f"gift {select('Which gift?', ['keyboard', 'tablet'])!r}")
        put_text(f"agreed {checkbox('Terms', options=['I agree'])!r}")
        put_text(f"chosen {radio('Choose one', options=['A', 'B', 'C'])!r}")
        put_text(f"text {textarea('Notes', rows=3, placeholder='Some text')!r}")

    page = open_page(serve(app).url, init=init)
    field(page, "How old are you?").fill("36")
    submit(page)
    field(page, "Your word").fill("secret")
    field(page, "Your word").press("Enter")
    field(page, "Which gift?").select_option("tablet")
    submit(page)
    page.get_by_role("checkbox", name="I agree").check()
    submit(page)
    page.get_by_role("radio", name="B").check()
    submit(page)
    field(page, "Notes").fill("one\ntwo")
    submit(page)
    for answer in (
        "age 36",
        "word 'secret'",
        "gift 'tablet'",
        "agreed ['I agree']",
        "chosen 'B'",
        r"text 'one\ntwo'",
    ):
        expect(page.get_by_text(answer, exact=True)).to_be_visible()


@TRANSPORTS
def test_a_coroutine_awaits_its_questions(serve: Serve, open_page: Open, init: str) -> None:
    async def app() -> None:
        name = await input("Your name")
        about = await input_group("About you", [input("Age", name="age", type=NUMBER, validate=check_age)])
        put_text(f"{name} is {about['age']}")

    page = open_page(serve(app).url, init=init)
    field(page, "Your name").fill("Ada")
    submit(page)
    field(page, "Age").fill("5")
    submit(page)
    expect_fault(page, "Too young")
    field(page, "Age").fill("36")
    submit(page)
    expect(page.get_by_text("Ada is 36")).to_be_visible()


TYPES: list[tuple[str, str, object]] = [
    (TEXT, "some text", "some text"),
    (NUMBER, "-3", -3),
    (FLOAT, "2.5", 2.5),
    (PASSWORD, "se cret", "se cret"),
    (URL, "https://example.org/", "https://example.org/"),
    (EMAIL, "ada@example.org", "ada@example.org"),
    (DATE, "2030-12-31", "2030-12-31"),
    (TIME, "13:30", "13:30"),
    (DATETIME, "2030-12-31T13:30", "2030-12-31T13:30"),
    (COLOR, "#ff8800", "#ff8800"),
]


def test_each_type_of_input_has_its_control_and_its_value(serve: Serve, open_page: Open) -> None:
    def ask() -> Any:
        return input_group("Types", [input(type_, type_, name=type_) for type_, _, _ in TYPES])

    page = open_form(serve, open_page, ask)
    for type_, entered, _ in TYPES:
        shown = field(page, type_)
        assert shown.get_attribute("type") == ("number" if type_ == FLOAT else type_)
        shown.fill(entered)
    submit(page)
    expect_answer(page, {type_: value for type_, _, value in TYPES})


@pytest.mark.parametrize(
    ("type_", "wrong", "message"),
    [(URL, "nowhere", "URL"), (EMAIL, "nobody", "email|@"), (NUMBER, "1.5", "valid value|whole|nearest")],
)
def test_what_is_not_of_the_type_is_refused_at_its_field(
    serve: Serve, open_page: Open, type_: str, wrong: str, message: str
) -> None:
    page = open_form(serve, open_page, lambda: input("It", type_))
    field(page, "It").fill(wrong)
    submit(page)
    expect(field(page, "It")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(re.compile(message))


def test_a_slider_answers_a_float_if_one_of_its_numbers_is(serve: Serve, open_page: Open) -> None:
    def ask() -> Any:
        return input_group(
            "Sliders",
            [
                slider("Whole", name="whole", min_value=10, max_value=20, step=5),
                slider("Share", name="share", value=0.5, max_value=1),
            ],
        )

    page = open_form(serve, open_page, ask)
    field(page, "Whole").press("ArrowRight")
    field(page, "Share").press("End")
    submit(page)
    expect_answer(page, {"whole": 15, "share": 1.0})


def test_a_label_a_hint_and_a_help_text_are_shown_and_nothing_is_no_answer(
    serve: Serve, open_page: Open
) -> None:
    def ask() -> Any:
        return input("This is the label", placeholder="A hint", help_text="Some help", required=True)

    page = open_form(serve, open_page, ask)
    shown = field(page, "This is the label")
    expect(shown).to_be_focused()
    expect(shown).to_have_attribute("placeholder", "A hint")
    expect(shown).to_have_accessible_description("Some help")
    submit(page)
    expect_fault(page, "fill out this field")
    shown.fill("now")
    submit(page)
    expect_answer(page, "now")


def test_a_value_is_checked_when_the_reader_leaves_its_field(serve: Serve, open_page: Open) -> None:
    page = open_form(serve, open_page, lambda: input("Your age", type=NUMBER, validate=check_age))
    field(page, "Your age").fill("5")
    field(page, "Your age").press("Tab")
    expect_fault(page, "Too young")
    field(page, "Your age").fill("61")
    submit(page)
    expect_fault(page, "Too old")
    field(page, "Your age").fill("60")
    submit(page)
    expect_answer(page, 60)


def test_an_editor_of_code_answers_its_text(serve: Serve, open_page: Open) -> None:
    def ask() -> Any:
        return textarea(
            "Code", code={"mode": "python", "theme": "darcula"}, value="import something\n# Write here"
        )

    page = open_form(serve, open_page, ask)
    editor = page.locator(".cm-content")
    expect(editor).to_contain_text("import something")
    editor.press("Control+End")
    editor.press_sequentially(" now")
    submit(page)
    expect_answer(page, "import something\n# Write here now")


# -- groups --------------------------------------------------------------------------------------


def ask_about_you() -> Any:
    def check(about: dict[str, Any]) -> tuple[str, str] | None:
        return ("name", "Name too long") if len(about["name"]) > 6 else None

    return input_group(
        "Basic info",
        [input("Your name", name="name"), input("Your age", name="age", type=NUMBER, validate=check_age)],
        validate=check,
    )


@TRANSPORTS
def test_a_group_is_checked_field_by_field_and_then_as_a_whole(
    serve: Serve, open_page: Open, init: str
) -> None:
    page = open_form(serve, open_page, ask_about_you, init=init)
    expect(form(page).get_by_role("heading", name="Basic info")).to_be_visible()
    field(page, "Your name").fill("Augusta")
    field(page, "Your age").fill("5")
    submit(page)
    expect_fault(page, "Too young")
    field(page, "Your age").fill("36")
    submit(page)
    expect_fault(page, "Name too long")
    expect(field(page, "Your name")).to_be_focused()
    expect(field(page, "Your age")).to_have_value("36")
    field(page, "Your name").fill("Ada")
    submit(page)
    expect_answer(page, {"name": "Ada", "age": 36})


def test_a_group_may_be_cancelled(serve: Serve, open_page: Open) -> None:
    page = open_form(
        serve, open_page, lambda: input_group("It", [input("a", name="a", required=True)], cancelable=True)
    )
    form(page).get_by_role("button", name="Cancel").click()
    expect_answer(page, None)


CITIES = {"China": ["Beijing", "Shanghai"], "USA": ["New York", "Los Angeles"]}


def ask_for_a_place() -> Any:
    return input_group(
        "Where",
        [
            select(
                "Country",
                options=list(CITIES),
                name="country",
                onchange=lambda country: input_update("city", options=CITIES[country]),
            ),
            select("City", options=CITIES["China"], name="city"),
        ],
    )


async def await_a_place() -> Any:
    async def changed(country: str) -> None:
        input_update("city", options=CITIES[country])

    return await input_group(
        "Where",
        [
            select("Country", options=list(CITIES), name="country", onchange=changed),
            select("City", options=CITIES["China"], name="city"),
        ],
    )


@TRANSPORTS
@pytest.mark.parametrize("ask", [ask_for_a_place, await_a_place], ids=["plain", "coroutine"])
def test_one_field_s_choice_gives_another_its_options(
    serve: Serve, open_page: Open, init: str, ask: Callable[[], Any]
) -> None:
    page = open_form(serve, open_page, ask, init=init)
    field(page, "Country").select_option("USA")
    expect(field(page, "City").locator("option")).to_have_text(CITIES["USA"])
    field(page, "City").select_option("Los Angeles")
    submit(page)
    expect_answer(page, {"country": "USA", "city": "Los Angeles"})


def test_a_field_may_update_itself(serve: Serve, open_page: Open) -> None:
    def count(text: str) -> None:
        input_update(help_text=f"{len(text)} characters")

    page = open_form(serve, open_page, lambda: input("Text", onchange=count))
    field(page, "Text").press_sequentially("abc")
    expect(field(page, "Text")).to_have_accessible_description("3 characters")
    expect(field(page, "Text")).to_have_value("abc")


# -- the page ------------------------------------------------------------------------------------


def test_the_newest_of_two_forms_is_active_and_the_other_a_button(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_buttons(["ask"], onclick=lambda _: put_text(f"second {input('Second')!r}"))
        answering(lambda: input("First"))()
        hold()

    page = open_page(serve(app).url)
    field(page, "First").fill("one")
    page.get_by_role("button", name="ask").click()
    field(page, "Second").fill("two")
    page.get_by_role("button", name="First").click()
    expect(field(page, "First")).to_have_value("one")
    submit(page)
    expect_answer(page, "one")
    submit(page)
    expect(page.get_by_text("second 'two'")).to_be_visible()


def test_a_reload_keeps_the_form_and_what_was_typed(serve: Serve, open_page: Open) -> None:
    server = serve(answering(ask_about_you), resume_on_reload=True)
    page = open_page(server.url)
    field(page, "Your name").fill("Ada")
    page.reload()
    expect(field(page, "Your name")).to_have_value("Ada")
    field(page, "Your age").fill("36")
    submit(page)
    expect_answer(page, {"name": "Ada", "age": 36})

"""Buttons and files of forms on served pages."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from nbsession.input import (
    NUMBER,
    PASSWORD,
    TEXT,
    actions,
    file_upload,
    input,  # noqa: A004 -- PyWebIO's name
    input_group,
)
from nbsession.output import put_buttons, put_scope, use_scope

from .forms import TRANSPORTS, expect_answer, expect_fault, field, form, open_form, submit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FilePayload, Page

    from .conftest import Serve
    from .window import Open


# -- a button beside a field ---------------------------------------------------------------------


def set_now(set_value: Callable[..., None]) -> None:
    set_value(1_700_000_000)


async def set_now_later(set_value: Callable[..., None]) -> None:
    set_value(1_700_000_000)


async def await_a_time() -> Any:
    return await input("Time", type=NUMBER, action=("Now", set_now_later))


@TRANSPORTS
@pytest.mark.parametrize(
    "ask",
    [lambda: input("Time", type=NUMBER, action=("Now", set_now)), await_a_time],
    ids=["plain", "coroutine"],
)
def test_a_button_beside_a_field_sets_its_value(
    serve: Serve, open_page: Open, init: str, ask: Callable[[], Any]
) -> None:
    page = open_form(serve, open_page, ask, init=init)
    form(page).get_by_role("button", name="Now").click()
    expect(field(page, "Time")).to_have_value("1700000000")
    submit(page)
    expect_answer(page, 1_700_000_000)


def test_a_field_shows_a_label_for_a_value_that_only_python_has(serve: Serve, open_page: Open) -> None:
    today = date(2030, 5, 1)

    def choose(set_value: Callable[..., None]) -> None:
        with use_scope("choice", clear=True):
            put_buttons(["Today"], onclick=[lambda: set_value(today, "Today")])
            put_buttons(["Yesterday"], onclick=[lambda: set_value(today - timedelta(days=1), "Yesterday")])

    def ask() -> Any:
        put_scope("choice")
        return input("Date", action=("Select", choose), readonly=True)

    page = open_form(serve, open_page, ask)
    shown = field(page, "Date")
    form(page).get_by_role("button", name="Select").click()
    page.get_by_role("button", name="Today").click()
    expect(shown).to_have_value("Today")
    page.get_by_role("button", name="Yesterday").click()
    expect(shown).to_have_value("Yesterday")
    expect(shown).to_have_attribute("readonly", "")
    submit(page)
    expect_answer(page, date(2030, 4, 30))


def test_a_value_with_a_label_makes_the_field_read_only(serve: Serve, open_page: Open) -> None:
    page = open_form(serve, open_page, lambda: input("It", action=("Set", lambda set_: set_([1, 2], "two"))))
    expect(field(page, "It")).to_be_editable()
    form(page).get_by_role("button", name="Set").click()
    expect(field(page, "It")).to_have_value("two")
    expect(field(page, "It")).not_to_be_editable()
    submit(page)
    expect_answer(page, [1, 2])


# -- buttons -------------------------------------------------------------------------------------


def test_one_press_answers_a_question_of_buttons(serve: Serve, open_page: Open) -> None:
    def ask() -> Any:
        return actions("Delete the file?", ["confirm", "cancel"], help_text="It cannot be recovered")

    page = open_form(serve, open_page, ask)
    expect(form(page).get_by_role("button", name="Submit")).to_be_hidden()
    expect(form(page).get_by_text("It cannot be recovered")).to_be_visible()
    form(page).get_by_role("button", name="confirm").click()
    expect_answer(page, "confirm")


def ask_for_a_user() -> Any:
    return input_group(
        "Add user",
        [
            input("username", type=TEXT, name="username", required=True, value="guest"),
            input("password", type=PASSWORD, name="password", required=True),
            actions(
                "actions",
                [
                    {"label": "Save", "value": "save"},
                    {"label": "Save and add next", "value": "save_and_continue"},
                    {"label": "Reset", "type": "reset", "color": "warning"},
                    {"label": "Cancel", "type": "cancel", "color": "danger"},
                ],
                name="action",
                help_text="help",
            ),
        ],
    )


def fill_in_a_user(page: Page) -> None:
    field(page, "username").fill("ada")
    field(page, "password").fill("secret")


@TRANSPORTS
def test_buttons_replace_the_button_that_submits(serve: Serve, open_page: Open, init: str) -> None:
    page = open_form(serve, open_page, ask_for_a_user, init=init)
    expect(form(page).get_by_role("button", name="Submit")).to_be_hidden()
    form(page).get_by_role("button", name="Save", exact=True).click()
    expect_fault(page, "fill out this field")
    fill_in_a_user(page)
    form(page).get_by_role("button", name="Save and add next").click()
    expect_answer(page, {"username": "ada", "password": "secret", "action": "save_and_continue"})


def test_a_button_resets_the_form_to_its_initial_values(serve: Serve, open_page: Open) -> None:
    page = open_form(serve, open_page, ask_for_a_user)
    fill_in_a_user(page)
    form(page).get_by_role("button", name="Reset").click()
    expect(field(page, "username")).to_have_value("guest")
    expect(field(page, "password")).to_have_value("")
    form(page)


def test_a_button_cancels_the_form(serve: Serve, open_page: Open) -> None:
    page = open_form(serve, open_page, ask_for_a_user)
    form(page).get_by_role("button", name="Cancel").click()
    expect_answer(page, None)


# -- files ---------------------------------------------------------------------------------------


async def await_files() -> Any:
    return [_told(each) for each in await file_upload("Pictures", accept="image/*", multiple=True)]


def _told(file: Any) -> tuple[str, bytes, str, bool]:
    return file["filename"], file["content"], file["mime_type"], 0 < file["last_modified"] <= time.time() + 60


@TRANSPORTS
@pytest.mark.parametrize(
    "ask",
    [lambda: [_told(each) for each in file_upload("Pictures", accept="image/*", multiple=True)], await_files],
    ids=["plain", "coroutine"],
)
def test_files_arrive_with_what_the_browser_knows_of_them(
    serve: Serve, open_page: Open, init: str, ask: Callable[[], Any]
) -> None:
    page = open_form(serve, open_page, ask, init=init)
    chosen: list[FilePayload] = [
        {"name": name, "mimeType": "image/png", "buffer": name.encode()} for name in ("a.png", "b.png")
    ]
    field(page, "Pictures").set_input_files(chosen)
    submit(page)
    expect_answer(page, [("a.png", b"a.png", "image/png", True), ("b.png", b"b.png", "image/png", True)])


def test_no_file_is_no_answer_or_an_empty_list(serve: Serve, open_page: Open) -> None:
    def ask() -> Any:
        return input_group(
            "Files", [file_upload("One", name="one"), file_upload("Some", name="some", multiple=True)]
        )

    page = open_form(serve, open_page, ask)
    submit(page)
    expect_answer(page, {"one": None, "some": []})

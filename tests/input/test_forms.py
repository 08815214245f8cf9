"""Forms: what is asked, how answers are checked, and how a form ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import SessionClosedException
from nbsession.input import NUMBER, actions, input_group, input_update, select
from nbsession.input import input as ask

from .reader import Asked, Reader

if TYPE_CHECKING:
    from nbsession._core.session import Session


def test_a_submitted_form_returns_its_value_and_goes(reader: Reader) -> None:
    asked = Asked(lambda: ask("Your age", type=NUMBER))
    reader.answer("36")
    assert (asked.result(), reader.nodes("form")) == (36, [])


def test_the_label_of_a_single_question_is_the_heading_of_its_form(reader: Reader) -> None:
    asked = Asked(lambda: ask("Your name"))
    form = reader.form()
    assert (form["label"], form["fields"][0]["label"]) == ("Your name", "")
    reader.answer("Ada")
    asked.result()


def test_a_group_returns_a_dictionary_by_name(reader: Reader) -> None:
    asked = Asked(lambda: input_group("You", [ask("Name", name="name"), ask("Age", name="age", type=NUMBER)]))
    reader.submit({"name": "Ada", "age": "36"})
    assert asked.result() == {"name": "Ada", "age": 36}


def test_a_cancelled_group_returns_none(reader: Reader) -> None:
    asked = Asked(lambda: input_group("You", [ask("Name", name="name")], cancelable=True))
    reader.send(reader.form()["key"], "cancel")
    assert asked.result() is None


def test_a_group_that_cannot_be_cancelled_ignores_a_page_that_cancels(reader: Reader) -> None:
    asked = Asked(lambda: input_group("You", [ask("Name", name="name")]))
    reader.send(reader.form()["key"], "cancel")
    reader.submit({"name": "Ada"})
    assert asked.result() == {"name": "Ada"}


def test_a_cancel_button_of_actions_cancels_its_form(reader: Reader) -> None:
    asked = Asked(lambda: actions("Delete?", ["Yes", {"label": "No", "type": "cancel"}]))
    reader.send(reader.form()["key"], "cancel")
    assert asked.result() is None


def test_the_first_field_that_takes_text_wants_the_focus(reader: Reader) -> None:
    asked = Asked(
        lambda: input_group(
            "You", [actions(name="go", buttons=["a"]), ask("Name", name="name"), ask(name="x")]
        )
    )
    fields = reader.form()["fields"]
    assert [field.get("focus", False) for field in fields] == [False, True, False]
    reader.submit({"go": 0, "name": "", "x": ""})
    asked.result()


# -- validation ----------------------------------------------------------------------------------


def too_young(age: int) -> str | None:
    return "Too young" if age < 10 else None


def test_an_invalid_value_keeps_the_form_with_the_message_at_its_field(reader: Reader) -> None:
    asked = Asked(lambda: ask("Age", type=NUMBER, validate=too_young))
    reader.answer("5")
    assert list(reader.errors().values()) == ["Too young"]
    reader.answer("12")
    assert asked.result() == 12


def test_each_submission_is_answered_even_if_the_errors_are_the_same(reader: Reader) -> None:
    asked = Asked(lambda: ask("Age", type=NUMBER, validate=too_young))
    reader.answer("5")
    reader.wait_for(lambda: [form for form in reader.nodes("form") if form["turn"] == 1])
    reader.answer("5")
    reader.wait_for(lambda: [form for form in reader.nodes("form") if form["turn"] == 2])
    reader.answer("12")
    asked.result()


def test_constraints_are_checked_again_in_python(reader: Reader) -> None:
    asked = Asked(lambda: ask("Name", required=True, maxlength=3))
    reader.answer("")
    assert list(reader.errors().values()) == ["Please fill out this field."]
    reader.answer("Ada")
    asked.result()


def test_a_group_is_checked_when_its_fields_are_valid(reader: Reader) -> None:
    def check(data: dict[str, Any]) -> tuple[str, str] | None:
        return ("again", "They differ") if data["once"] != data["again"] else None

    asked = Asked(lambda: input_group("Password", [ask(name="once"), ask(name="again")], validate=check))
    reader.submit({"once": "a", "again": "b"})
    assert reader.errors() == {"again": "They differ"}
    reader.submit({"once": "a", "again": "a"})
    asked.result()


def test_a_group_check_that_returns_something_else_raises(reader: Reader) -> None:
    asked = Asked(lambda: input_group("You", [ask(name="name")], validate=lambda _: "wrong"))
    reader.submit({"name": "Ada"})
    with pytest.raises(ValueError, match="the name of a field and an error message"):
        asked.result()


def test_a_check_that_raises_shows_its_traceback_and_keeps_the_form(reader: Reader) -> None:
    def check(value: str) -> None:
        if value == "bad":
            raise LookupError(value)

    asked = Asked(lambda: ask("Name", validate=check))
    reader.answer("bad")
    assert list(reader.errors().values()) == ["Your input is not valid."]
    reader.answer("good")
    asked.result()
    assert "LookupError" in reader.nodes("error")[0]["name"]


def test_a_check_may_be_a_coroutine_of_plain_code(reader: Reader) -> None:
    async def check(age: int) -> str | None:
        await asyncio.sleep(0)
        return too_young(age)

    asked = Asked(lambda: ask("Age", type=NUMBER, validate=check))
    reader.answer("5")
    assert list(reader.errors().values()) == ["Too young"]
    reader.answer("12")
    asked.result()


def test_a_field_is_checked_when_the_reader_leaves_it(reader: Reader) -> None:
    asked = Asked(lambda: ask("Age", type=NUMBER, validate=too_young))
    form = reader.form()
    reader.send(form["key"], "blur", form["fields"][0]["name"], "5")
    assert list(reader.errors().values()) == ["Too young"]
    reader.send(form["key"], "blur", form["fields"][0]["name"], "12")
    reader.wait_for(lambda: not reader.nodes("form")[0]["errors"])
    reader.answer("12")
    asked.result()


# -- what follows a change ------------------------------------------------------------------------


def test_onchange_updates_another_field(reader: Reader) -> None:
    cities = {"France": ["Paris", "Lyon"], "Italy": ["Rome", "Milan"]}
    asked = Asked(
        lambda: input_group(
            "Place",
            [
                select(
                    "Country",
                    list(cities),
                    name="country",
                    onchange=lambda country: input_update("city", options=cities[country]),
                ),
                select("City", cities["France"], name="city"),
            ],
        )
    )
    reader.send(reader.form()["key"], "change", "country", [1])
    reader.wait_for(lambda: reader.form()["fields"][1]["options"][0]["label"] == "Rome")
    reader.submit({"country": [1], "city": [1]})
    assert asked.result() == {"country": "Italy", "city": "Milan"}


def test_input_update_outside_of_onchange_raises() -> None:
    with pytest.raises(RuntimeError, match="onchange"):
        input_update("city", options=[])


def test_a_button_beside_a_field_sets_its_value(reader: Reader) -> None:
    asked = Asked(lambda: ask("Time", type=NUMBER, action=("Now", lambda set_value: set_value(42))))
    form = reader.form()
    reader.send(form["key"], "action", form["fields"][0]["name"])
    reader.wait_for(lambda: reader.form()["fields"][0]["value"] == "42")
    reader.answer("42")
    assert asked.result() == 42


def test_a_label_stands_for_any_value(reader: Reader) -> None:
    there = object()
    asked = Asked(lambda: ask("Place", action=("Here", lambda set_value: set_value(there, "where I am"))))
    form = reader.form()
    reader.send(form["key"], "action", form["fields"][0]["name"])
    reader.wait_for(lambda: reader.form()["fields"][0].get("readonly"))
    reader.answer("where I am")
    assert asked.result() is there


# -- waiting ---------------------------------------------------------------------------------------


def test_a_coroutine_awaits_its_answer(reader: Reader) -> None:
    async def main() -> Any:
        return await ask("Name")

    asked = Asked(lambda: asyncio.run(main()))
    reader.answer("Ada")
    assert asked.result() == "Ada"


def test_two_threads_ask_at_the_same_time(reader: Reader) -> None:
    one, two = Asked(lambda: ask("One")), Asked(lambda: ask("Two"))
    reader.answer("2", label="Two")
    reader.answer("1", label="One")
    assert (one.result(), two.result()) == ("1", "2")


def test_the_end_of_the_session_ends_the_wait(reader: Reader, session: Session) -> None:
    asked = Asked(lambda: ask("Name"))
    reader.form()
    session.close("its cell was run again")
    with pytest.raises(SessionClosedException, match="run again"):
        asked.result()


def test_an_interrupt_removes_the_form(reader: Reader, session: Session) -> None:
    asked = Asked(lambda: ask("Name"))
    reader.form()
    session.interrupt()
    with pytest.raises(KeyboardInterrupt):
        asked.result()
    assert reader.nodes("form") == []


def test_a_lost_page_does_not_end_the_wait(reader: Reader, session: Session) -> None:
    asked = Asked(lambda: ask("Name"))
    reader.form()
    session.lost([], [])
    reader.answer("Ada")
    assert asked.result() == "Ada"


def test_what_was_typed_is_kept_for_the_next_page(reader: Reader) -> None:
    asked = Asked(lambda: ask("Name"))
    form = reader.form()
    name = form["fields"][0]["name"]
    reader.send(form["key"], "typed", {name: "Ad"})
    assert reader.form()["typed"] == {name: "Ad"}
    reader.answer("Ada")
    asked.result()


def test_a_program_cannot_clear_a_form_that_waits(reader: Reader, session: Session) -> None:
    asked = Asked(lambda: ask("Name"))
    reader.form()
    session.outputs.clear(0)
    reader.answer("Ada")
    assert asked.result() == "Ada"


# -- hostile pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "submitted", [None, [], "x", {}, {"other": 1}, {"data": None}, {"data": {"a": 1}}, {"data": ["x"] * 100}]
)
def test_an_impossible_submission_is_an_invalid_one(reader: Reader, submitted: object) -> None:
    asked = Asked(lambda: ask("Age", type=NUMBER))
    reader.send(reader.form()["key"], "submit", submitted)
    assert list(reader.errors().values()) == ["Your input is not valid."]
    reader.answer("36")
    asked.result()


@pytest.mark.parametrize(
    "event",
    [
        [],
        [None],
        ["submit"],
        [-1, "submit", {}],
        [True, "submit", {}],
        ["1", "submit", {}],
        [1, 5],
        [1, "blur", "nothing", "x"],
        [1, "change", ["x"], "x"],
        [1, "action"],
        [1, "typed", 5],
        [1, "typed", {"nothing": "x"}],
        [1, "unknown", "data"],
    ],
)
def test_other_events_are_ignored(reader: Reader, session: Session, event: list[Any]) -> None:
    asked = Asked(lambda: ask("Name", validate=lambda _: None))
    reader.form()
    session.receive(["input", *event], (), reader.page)
    reader.answer("Ada")
    assert asked.result() == "Ada"


def test_a_flood_of_drafts_keeps_a_bounded_amount(reader: Reader) -> None:
    asked = Asked(lambda: ask("Name"))
    form = reader.form()
    name = form["fields"][0]["name"]
    reader.send(form["key"], "typed", {name: "short"})
    reader.send(form["key"], "typed", {name: "x" * 2_000_000})
    assert reader.form()["typed"] == {name: "short"}
    reader.answer("Ada")
    asked.result()


def test_events_of_an_answered_form_are_ignored(reader: Reader) -> None:
    asked = Asked(lambda: ask("Name"))
    key = reader.form()["key"]
    reader.answer("Ada")
    asked.result()
    reader.send(key, "submit", {"data": "Eve"})
    assert asked.result() == "Ada"


# -- arguments -------------------------------------------------------------------------------------


def test_two_fields_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two have the name 'a'"):
        input_group("You", [ask(name="a"), ask(name="a")])


def test_a_field_without_a_name_is_refused_in_a_group() -> None:
    with pytest.raises(TypeError, match="give each call"):
        input_group("You", ["Your name"])


def test_a_choice_among_options_that_have_changed_meanwhile_is_not_taken(reader: Reader) -> None:
    cities = {"France": ["Paris"], "Italy": ["Rome"]}
    asked = Asked(
        lambda: input_group(
            "Place",
            [
                select(
                    options=list(cities),
                    name="country",
                    onchange=lambda country: input_update("city", options=cities[country]),
                ),
                select(options=cities["France"], name="city"),
            ],
        )
    )
    key = reader.form()["key"]
    reader.send(key, "change", "country", [1], 0)
    reader.send(key, "submit", {"country": [1], "city": [0]}, {"country": 0, "city": 0})
    assert "options have just changed" in reader.errors()["city"]
    reader.send(key, "submit", {"country": [1], "city": [0]}, {"country": 0, "city": 1})
    assert asked.result() == {"country": "Italy", "city": "Rome"}


def test_the_page_cannot_change_a_field_that_is_readonly(reader: Reader) -> None:
    asked = Asked(lambda: ask("Price", value="100", readonly=True))
    reader.answer("1")
    assert asked.result() == "100"


def test_a_password_is_not_kept_for_the_next_page(reader: Reader) -> None:
    asked = Asked(lambda: input_group("You", [ask(name="name"), ask(name="secret", type="password")]))
    reader.send(reader.form()["key"], "typed", {"name": "Ada", "secret": "hush"})
    assert reader.form()["typed"] == {"name": "Ada"}
    reader.submit({"name": "Ada", "secret": "hush"})
    asked.result()

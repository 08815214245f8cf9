"""Pins: inputs that stay, their values, and what follows their changes."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from typing import TYPE_CHECKING, Any, cast

import pytest

from nbsession import SessionClosedException, UnansweredInputError
from nbsession._apps.function_app import FunctionApp
from nbsession._core.scope import SessionScope, scope_var
from nbsession.output import use_scope
from nbsession.pin import (
    get_pin_values,
    pin,
    pin_on_change,
    pin_update,
    pin_wait_change,
    put_actions,
    put_checkbox,
    put_input,
    put_radio,
    put_select,
    put_slider,
    put_textarea,
)
from nbsession.pin._pins import Pins

from .reader import WITHIN, Asked, Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session
    from tests.session.fake_platform import FakePlatform


def change(reader: Reader, name: str, raw: object) -> None:
    """Change a pin as the reader does."""
    node = next(node for node in reader.nodes("pin") if node["field"]["name"] == name)
    reader.send(node["key"], "change", name, raw)


@pytest.mark.parametrize(
    ("put", "initial", "raw", "value"),
    [
        (lambda: put_input("p"), "", "x", "x"),
        (lambda: put_input("p", type="number"), None, "7", 7),
        (lambda: put_input("p", type="number", value=3), 3, "1.5", 1.5),
        (lambda: put_input("p", type="url"), "", "not yet", "not yet"),
        (lambda: put_textarea("p", value="a\nb"), "a\nb", "c", "c"),
        (lambda: put_select("p", ["A", "B"]), "A", [1], "B"),
        (lambda: put_select("p", ["A", "B"], multiple=True), [], [0, 1], ["A", "B"]),
        (lambda: put_checkbox("p", ["A", "B"], value=["B"]), ["B"], [], []),
        (lambda: put_radio("p", ["A", "B"]), None, [0], "A"),
        (lambda: put_slider("p", value=5), 5, 9, 9),
        (lambda: put_actions("p", buttons=["A", "B"]), None, 1, "B"),
    ],
)
def test_a_pin_has_its_initial_value_and_then_the_readers(
    reader: Reader, put: Callable[[], object], initial: object, raw: object, value: object
) -> None:
    put()
    before = pin.p
    change(reader, "p", raw)
    assert (before, pin.p, pin["p"]) == (initial, value, value)


def test_a_name_without_a_pin_is_none(reader: Reader) -> None:
    assert pin.nothing is None


def test_strict_reading_raises_for_a_name_without_a_pin(reader: Reader) -> None:
    strict = Pins()
    strict.use_strict()
    put_input("city")
    with pytest.raises(AssertionError, match=r"'nothing'.*'city'"):
        strict.nothing  # noqa: B018 -- it raises


def test_a_coroutine_awaits_the_value(reader: Reader) -> None:
    put_input("city", value="Rome")

    async def main() -> tuple[Any, Any]:
        return await pin.city, await get_pin_values("city")

    assert asyncio.run(main()) == ("Rome", {"city": "Rome"})


@pytest.mark.parametrize(
    ("names", "values"),
    [
        ((), {"a": "1", "b": "2"}),
        ((["b", "none"],), {"b": "2"}),
        (("a",), {"a": "1"}),
        (("b", "a"), {"b": "2", "a": "1"}),
        (([],), {}),
    ],
)
def test_several_pins_are_read_at_once(
    reader: Reader, names: tuple[Any, ...], values: dict[str, str]
) -> None:
    put_input("a", value="1")
    put_input("b", value="2")
    assert list(get_pin_values(*names).items()) == list(values.items())


def test_setting_a_pin_changes_it_on_the_page(reader: Reader) -> None:
    put_input("count", type="number", value=0)
    pin.count = 5
    [node] = reader.nodes("pin")
    assert (pin.count, node["field"]["value"], node["field"]["set"]) == (5, "5", 1)


def test_an_update_changes_parameters_and_keeps_the_value(reader: Reader) -> None:
    put_input("city", value="Rome")
    change(reader, "city", "Milan")
    pin_update("city", label="Where?", placeholder="a city")
    [node] = reader.nodes("pin")
    assert (node["field"]["label"], pin.city, node["typed"]) == ("Where?", "Milan", "Milan")


def test_new_options_select_anew(reader: Reader) -> None:
    put_select("city", ["Paris"])
    pin_update("city", options=["Rome", "Milan"], value="Milan")
    assert pin.city == "Milan"


def test_what_was_typed_is_kept_for_the_next_page(reader: Reader) -> None:
    put_input("city")
    change(reader, "city", "Rome")
    assert reader.nodes("pin")[0]["typed"] == "Rome"


def test_of_two_pins_with_one_name_the_newer_counts(reader: Reader) -> None:
    put_input("city", value="old")
    put_input("city", value="new")
    older, newer = reader.nodes("pin")
    reader.send(older["key"], "change", "city", "typed into the older")
    assert (pin.city, older["field"].get("disabled"), newer["field"].get("disabled")) == ("new", True, None)


def test_a_pin_that_was_cleared_is_gone(reader: Reader) -> None:
    with use_scope("form"):
        put_input("city", value="Rome")
    with use_scope("form", clear=True):
        pass
    assert pin.city is None


def test_a_cell_reads_a_pin_of_another_cell(reader: Reader, platform: FakePlatform) -> None:
    put_input("city", value="Rome")
    other = platform.session()
    Reader(other)
    token = scope_var.set(SessionScope(other))
    try:
        assert pin.city == "Rome"
    finally:
        scope_var.reset(token)


def test_the_pin_of_a_closed_session_is_gone(
    reader: Reader, platform: FakePlatform, session: Session
) -> None:
    put_input("city", value="Rome")
    session.close()
    other = platform.session()
    token = scope_var.set(SessionScope(other))
    try:
        assert pin.city is None
    finally:
        scope_var.reset(token)


def test_code_of_a_closed_session_reads_no_pin(reader: Reader, session: Session) -> None:
    put_input("count", type="number", value=0)
    session.close("the page was closed")
    with pytest.raises(SessionClosedException, match="the page was closed"):
        _ = pin.count


def test_a_change_ends_the_wait_for_it(reader: Reader) -> None:
    put_input("a", type="number")
    put_input("b")
    waiting = threading.Event()

    def wait() -> Any:
        waiting.set()
        return pin_wait_change("a", "b")

    asked = Asked(wait)
    assert waiting.wait(WITHIN)
    found = None
    while found is None:  # until the wait has begun
        change(reader, "a", "7")
        found = asked.peek(0.05)
    assert found == {"name": "a", "value": 7}


def test_a_wait_with_a_time_limit_returns_none(reader: Reader) -> None:
    put_input("a")
    assert pin_wait_change("a", timeout=0.01) is None


def test_a_function_is_called_with_each_change(reader: Reader) -> None:
    put_input("a", type="number")
    seen: list[object] = []
    called = threading.Event()

    def note(value: object) -> None:
        seen.append(value)
        if value == 2:
            called.set()

    pin_on_change("a", onchange=note)
    change(reader, "a", "1")
    change(reader, "a", "2")
    assert called.wait(WITHIN)
    assert seen == [1, 2]


def test_cleared_functions_are_called_no_more(reader: Reader) -> None:
    put_input("a")
    called = threading.Event()
    pin_on_change("a", onchange=lambda _: pytest.fail("called"))
    pin_on_change("a", onchange=lambda _: called.set(), clear=True)
    change(reader, "a", "x")
    assert called.wait(WITHIN)


@pytest.mark.parametrize("raw", [None, 5, [], {"a": 1}, [9], [True], "x" * 3_000_000])
def test_what_no_page_sends_changes_nothing(reader: Reader, raw: object) -> None:
    put_select("city", ["Paris", "Rome"], value="Rome")
    change(reader, "city", raw)
    assert pin.city in {"Rome", None if raw == [] else "Rome"}


@pytest.mark.parametrize("name", ["", "a b", "ä", 5])
def test_an_impossible_name_is_refused(name: object) -> None:
    with pytest.raises((TypeError, ValueError), match="name of a pin"):
        put_input(name)  # type: ignore[arg-type]


def test_a_choice_among_former_options_changes_nothing(reader: Reader) -> None:
    put_select("city", ["Paris", "Lyon"])
    key = reader.nodes("pin")[0]["key"]
    pin_update("city", options=["Rome", "Milan"])
    reader.send(key, "change", "city", [1], 0)
    before = pin.city
    reader.send(key, "change", "city", [1], 1)
    assert (before, pin.city) == ("Rome", "Milan")


def test_an_updated_output_shows_its_new_value(reader: Reader) -> None:
    shown = put_input("city", value="Rome")
    change(reader, "city", "Milan")
    shown.update(value="Paris")
    [node] = reader.nodes("pin")
    assert (pin.city, node["field"]["value"], node["field"]["set"], node["typed"]) == (
        "Paris",
        "Paris",
        1,
        None,
    )


def test_new_options_leave_no_draft_for_the_next_page(reader: Reader) -> None:
    put_select("city", ["Paris", "Lyon"])
    change(reader, "city", [1])
    pin_update("city", options=["Rome", "Milan"])
    assert reader.nodes("pin")[0]["typed"] is None


def test_a_password_is_not_kept_for_the_next_page(reader: Reader) -> None:
    put_input("secret", type="password")
    change(reader, "secret", "hush")
    assert (pin.secret, reader.nodes("pin")[0]["typed"]) == ("hush", None)


def test_the_page_cannot_change_a_pin_that_is_readonly(reader: Reader) -> None:
    put_input("price", value="100", readonly=True)
    change(reader, "price", "1")
    assert pin.price == "100"


def test_a_function_is_called_for_several_pins(reader: Reader) -> None:
    for name in "ab":
        put_input(name, value=name)
    seen: list[object] = []
    pin_on_change(["a", "b"], onchange=seen.append, init_run=True)
    assert seen == ["a", "b"]


def test_the_first_call_is_made_before_pin_on_change_returns(reader: Reader) -> None:
    put_input("a", value="x")
    seen: list[object] = []
    pin_on_change("a", onchange=seen.append, init_run=True)
    assert seen == ["x"]


def test_a_wait_that_nobody_can_end_raises(
    reader: Reader, platform: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "unattended", lambda session: True)
    put_input("a")
    with pytest.raises(UnansweredInputError, match="timeout="):
        pin_wait_change("a")


def test_nothing_of_an_app_is_kept_after_its_session(platform: FakePlatform) -> None:
    session = platform.session()
    Reader(session)
    app = FunctionApp(session, "app", cast("Any", None), lambda: None)
    token = scope_var.set(SessionScope(session))
    try:
        put_input("a")
        pin_on_change("a", onchange=print)
    finally:
        scope_var.reset(token)
    kept = weakref.ref(session)
    session.close()
    platform.closed_sessions.clear()
    del session, app, token
    gc.collect()
    assert kept() is None

"""A browser that a test plays, around plain functions."""

from __future__ import annotations

import asyncio
import doctest
import math
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from nbsession import (
    JSError,
    SessionClosedException,
    SessionException,
    defer_call,
    download,
    eval_js,
    info,
    local,
    register_thread,
    run_js,
    session,
)
from nbsession._core.current import runtime
from nbsession.output import put_scope, put_text, use_scope
from nbsession.testing import FakeBrowser, UnansweredError
from nbsession.testing import _fake_browser as fake_browser
from nbsession.testing._tab import Tab
from tests.session.fake_platform import FakePlatform


@pytest.fixture
def browser() -> Iterator[FakeBrowser]:
    with FakeBrowser() as browser:
        yield browser


def test_code_is_answered_by_its_text(browser: FakeBrowser) -> None:
    browser.answer("navigator.language", "de-DE")
    assert eval_js("  navigator.language\n") == "de-DE"


def test_code_is_answered_by_a_regular_expression(browser: FakeBrowser) -> None:
    browser.answer(re.compile(r"^fetch\("), {"status": 200})
    assert eval_js("fetch('x')") == {"status": 200}


def test_code_is_answered_by_a_function_of_it(browser: FakeBrowser) -> None:
    browser.answer(lambda code: "inner" in code, 800)
    assert eval_js("innerWidth") == 800


def test_an_answer_may_be_a_function_of_the_arguments(browser: FakeBrowser) -> None:
    browser.answer("a * b", lambda a, b: a * b)
    assert eval_js("a * b", a=6, b=7) == 42


def test_arrays_and_large_integers_reach_a_rule_as_lists_and_integers(browser: FakeBrowser) -> None:
    browser.answer("sum", lambda small, large, total: [sum(small), sum(large), total])
    small, large = np.array([1.5, 2.5], "f4"), np.array([1, 2**64 - 1], "u8")
    assert eval_js("sum", small=small, large=large, total=2**60) == [4.0, 2**64, 2**60]


def test_the_rule_that_was_added_last_counts(browser: FakeBrowser) -> None:
    browser.answer(re.compile(""), "any")
    browser.answer("x", "this")
    assert (eval_js("x"), eval_js("y")) == ("this", "any")


def test_rules_can_be_given_at_once() -> None:
    with FakeBrowser({"1 + 1": 2}):
        assert eval_js("1 + 1") == 2


def test_an_eval_without_an_answer_fails_the_test(browser: FakeBrowser) -> None:
    with pytest.raises(UnansweredError, match=r"no answer for eval_js\('missing'\)"):
        eval_js("missing")


@pytest.mark.parametrize("end", [pytest.fail, pytest.skip], ids=["fail", "skip"])
def test_a_rule_may_end_the_test(browser: FakeBrowser, end: Callable[[str], object]) -> None:
    browser.answer("x", lambda: end("not this one"))
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception), match="not this one"):
        eval_js("x")
    assert browser.evaluated == [("x", {})]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_page_that_has_broken_down_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Tab, "handle", break_down)
    browser = FakeBrowser().__enter__()
    run_js("x")
    with pytest.raises(SessionException, match="page has ended") as told:
        browser.close()
    assert isinstance(told.value.__cause__, ZeroDivisionError)
    assert browser.ran == []


def test_an_answer_that_javascript_could_not_give_fails_the_test(browser: FakeBrowser) -> None:
    browser.answer("x", object())
    with pytest.raises(UnansweredError, match="not a value that JavaScript can return"):
        eval_js("x")


def test_a_rule_that_is_none_is_refused(browser: FakeBrowser) -> None:
    with pytest.raises(TypeError, match="not int: 5"):
        browser.answer(5, "x")  # type: ignore[arg-type]


def test_what_json_cannot_say_comes_through(browser: FakeBrowser) -> None:
    browser.answer("x => x", lambda x: x)
    value = {"bytes": b"\x00\xff", "infinity": math.inf, "big": 2**80, "none": None}
    assert eval_js("x => x", x=value) == value


def test_a_javascript_error_can_be_raised(browser: FakeBrowser) -> None:
    def fail() -> None:
        name, message = "ReferenceError", "x is not defined"
        raise JSError(name, message)

    browser.answer("x", fail)
    assert eval_js("x") is None
    assert [(node["kind"], node["message"]) for node in browser.outputs] == [("error", "x is not defined")]
    with pytest.raises(JSError, match="ReferenceError: x is not defined"):
        eval_js("x", errors_="raise")


def test_a_coroutine_awaits(browser: FakeBrowser) -> None:
    browser.answer("n * n", lambda n: n * n)

    async def squares() -> list[int]:
        return list(await asyncio.gather(*[eval_js("n * n", n=n) for n in range(5)]))

    assert asyncio.run(squares()) == [0, 1, 4, 9, 16]


def test_a_thread_belongs_to_it(browser: FakeBrowser) -> None:
    browser.answer("x", 1)
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(eval_js("x")))
    register_thread(thread)
    thread.start()
    thread.join()
    assert seen == [1]


def test_commands_are_noted_in_order(browser: FakeBrowser) -> None:
    for number in range(1000):
        run_js("mark(n)", n=number)
    assert browser.ran == [("mark(n)", {"n": number}) for number in range(1000)]


def test_evals_are_noted(browser: FakeBrowser) -> None:
    browser.answer("a", 1)
    eval_js("a", b=b"2")
    assert browser.evaluated == [("a", {"b": b"2"})]


def test_downloads_are_noted(browser: FakeBrowser) -> None:
    download("a.txt", "ä")
    large = download("b.bin", bytes(9_000_000))
    large.wait(60)
    assert browser.downloads == {"a.txt": "ä".encode(), "b.bin": bytes(9_000_000)}


def test_an_iterator_is_read_to_its_end(browser: FakeBrowser) -> None:
    download("c.bin", (bytes([number]) * 500_000 for number in range(20)))
    assert len(browser.downloads["c.bin"]) == 10_000_000


def test_what_is_shown_can_be_read(browser: FakeBrowser) -> None:
    put_scope("here")
    with use_scope("here"):
        first, gone = put_text("first"), put_text("gone")
    first.update("changed")
    gone.remove()
    put_text("top", position=0)
    assert [(node["kind"], node.get("text")) for node in browser.outputs] == [
        ("text", "top"),
        ("scope", None),
        ("text", "changed"),
    ]


def test_info_is_what_the_page_tells() -> None:
    with FakeBrowser(info={"language": "pt-BR"}):
        assert info.user_language == "pt-BR"
        assert info.user_agent.browser.family == "Chrome"
        assert info.frontend == "fake"


def test_local_is_kept_as_long_as_the_browser(browser: FakeBrowser) -> None:
    local.count = 1
    with FakeBrowser():
        assert local.count is None
    assert local.count == 1  # type: ignore[unreachable]


def test_its_end_runs_deferred_functions() -> None:
    seen: list[str] = []
    with FakeBrowser():
        defer_call(lambda: seen.append("deferred"))
    assert seen == ["deferred"]


def test_a_bound_function_learns_that_it_was_closed() -> None:
    with FakeBrowser() as browser:
        bound = session.bind(lambda: eval_js("x"))
    browser.close()
    with pytest.raises(SessionClosedException, match="the fake browser was closed"):
        bound()


def test_what_it_has_seen_can_be_read_when_it_is_closed() -> None:
    with FakeBrowser() as browser:
        run_js("last words")
    assert browser.ran == [("last words", {})]


def test_the_platform_is_as_it_was_when_it_is_closed() -> None:
    before: Any = FakePlatform()
    former = runtime.replace(before)
    try:
        with FakeBrowser():
            assert runtime.platform is not before
        assert runtime.platform is before
    finally:
        runtime.replace(former)


def test_it_leaves_no_thread() -> None:
    before = threading.active_count()
    for _ in range(5):
        with FakeBrowser({"1": 1}):
            eval_js("1")
    browsers = [thread for thread in threading.enumerate() if "fake browser" in thread.name]
    assert browsers == []
    assert threading.active_count() <= before + 1  # the alarm of the last one may be about to end


def test_the_examples_are_true() -> None:
    outcome = doctest.testmod(fake_browser)
    assert outcome.attempted
    assert not outcome.failed


def test_a_rule_calls_a_function_that_was_passed() -> None:
    with FakeBrowser() as browser:
        browser.answer("add(2, 3)", lambda add: add(2, 3))
        assert eval_js("add(2, 3)", add=lambda a, b: a + b) == 5


def test_a_function_in_a_list_is_called_too() -> None:
    with FakeBrowser() as browser:
        browser.answer("fs[0]()", lambda fs: fs[0]())
        assert eval_js("fs[0]()", fs=[lambda: b"bytes"]) == b"bytes"


def test_the_test_calls_a_function_that_was_passed() -> None:
    pressed: list[int] = []
    with FakeBrowser() as browser:
        run_js("element.onclick = () => press(1)", press=pressed.append)
        browser.ran[0].args["press"](1)
    assert pressed == [1]


def test_a_function_that_raises_is_a_rejected_promise() -> None:
    with FakeBrowser() as browser:
        run_js("f()", f={}.__getitem__)
        with pytest.raises(JSError, match="KeyError: 'x'"):
            browser.ran[0].args["f"]("x")


def test_a_function_s_exception_reaches_the_eval_that_waits_for_it() -> None:
    with FakeBrowser() as browser:
        browser.answer("f()", lambda f: f())
        with pytest.raises(JSError, match="ZeroDivisionError"):
            eval_js("f()", f=lambda: 1 / 0, errors_="raise")

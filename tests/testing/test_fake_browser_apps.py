"""A browser that a test plays, around apps."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nbsession import (
    SessionException,
    defer_call,
    eval_js,
    go_app,
    hold,
    local,
    run_async,
    run_js,
    session,
    start_server,
)
from nbsession.output import put_buttons, put_file, put_text
from nbsession.testing import FakeBrowser


@pytest.fixture
def browser() -> Iterator[FakeBrowser]:
    with FakeBrowser({"name": "Ada"}) as browser:
        yield browser


def texts(browser: FakeBrowser) -> list[str]:
    return [node["text"] for node in browser.outputs if node["kind"] == "text"]


def test_go_app_opens_the_index_in_place_of_an_unknown_app(browser: FakeBrowser) -> None:
    visits: list[None] = []

    def index() -> None:
        visits.append(None)
        if len(visits) == 1:
            go_app("nowhere", new_window=False)

    with pytest.warns(UserWarning, match=r"go_app\(\) found no app 'nowhere' and opens 'index'"):
        browser.run(index)
    assert len(visits) == 2


def function_app() -> None:
    put_text(eval_js("name"))


async def coroutine_app() -> None:
    put_text(await eval_js("name"))


def function_that_holds() -> None:
    put_text(eval_js("name"))
    hold()


async def coroutine_that_holds() -> None:
    put_text(await eval_js("name"))
    await hold()


@pytest.mark.parametrize("app", [function_app, coroutine_app, function_that_holds, coroutine_that_holds])
def test_an_app_runs(browser: FakeBrowser, app: Callable[[], Any]) -> None:
    browser.run(app)
    assert texts(browser) == ["Ada"]


@pytest.mark.parametrize("app", [function_app, coroutine_app])
def test_a_session_ends_with_its_app(browser: FakeBrowser, app: Callable[[], Any]) -> None:
    session = browser.run(app)
    closed = asyncio.run(_closed(session))
    assert closed == "the app has ended"


async def _closed(session: Any) -> str:
    wake: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    loop = asyncio.get_running_loop()
    session.on_close(lambda reason: loop.call_soon_threadsafe(wake.set_result, reason))
    return await asyncio.wait_for(wake, 60)


def test_an_app_that_holds_stays_open(browser: FakeBrowser) -> None:
    assert browser.run(function_that_holds).closed is None


def failing_function() -> None:
    msg = "broken"
    raise ValueError(msg)


async def failing_coroutine() -> None:
    failing_function()


@pytest.mark.parametrize("app", [failing_function, failing_coroutine])
def test_what_an_app_raises_is_raised(browser: FakeBrowser, app: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match="broken"):
        browser.run(app)


def test_an_eval_without_an_answer_fails_the_test(browser: FakeBrowser) -> None:
    with pytest.raises(AssertionError, match="no answer for eval_js"):
        browser.run(lambda: eval_js("unknown"))


def test_an_app_that_takes_too_long_is_told(browser: FakeBrowser) -> None:
    async def slow() -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError, match=r"'slow' has not returned within 0\.1 s"):
        browser.run(slow, timeout=0.1)


class Deferring:
    """Apps that defer a function; ``ends`` is what ends their session."""

    def __init__(self, ends: Callable[[], object] = lambda: None) -> None:
        self.ran: list[str] = []
        self.ends = ends

    def function(self) -> None:
        defer_call(lambda: self.ran.append("deferred"))
        put_text("x")
        self.ends()

    async def coroutine(self) -> None:
        self.function()

    def page(self) -> None:
        put_text("the page")


@pytest.mark.parametrize("kind", ["function", "coroutine"])
def test_what_an_app_defers_has_run_when_it_has_ended(browser: FakeBrowser, kind: str) -> None:
    for _ in range(100):
        app = Deferring()
        browser.run(getattr(app, kind))
        assert app.ran == ["deferred"]


@pytest.mark.parametrize("kind", ["function", "coroutine"])
def test_what_an_app_defers_that_fails_has_run(browser: FakeBrowser, kind: str) -> None:
    for _ in range(100):
        app = Deferring(failing_function)
        with pytest.raises(ValueError, match="broken"):
            browser.run(getattr(app, kind))
        assert app.ran == ["deferred"]


def test_what_an_app_defers_that_goes_elsewhere_has_run(browser: FakeBrowser) -> None:
    for _ in range(20):
        app = Deferring(lambda: go_app("page", new_window=False))
        browser.run([app.function, app.page])
        assert app.ran == ["deferred"]


@pytest.mark.parametrize("kind", ["function", "coroutine"])
@pytest.mark.parametrize("order", ["in turn", "beside others"])
def test_what_is_deferred_has_run_when_a_click_has_ended_the_session(
    browser: FakeBrowser, kind: str, order: str
) -> None:
    def button() -> None:
        def end() -> None:
            shown.remove()

        shown = put_buttons(["End"], onclick=[end], serial_mode=order == "in turn")

    for _ in range(50):
        app = Deferring(button)
        browser.run(getattr(app, kind))
        assert app.ran == []
        browser.click("End")
        assert app.ran == ["deferred"]


def test_what_is_deferred_has_run_when_a_click_closes_the_session(browser: FakeBrowser) -> None:
    app = Deferring(lambda: put_buttons(["End"], onclick=[session.close]))
    browser.run(app.function)
    browser.click("End")
    assert app.ran == ["deferred"]


def test_a_deferred_function_that_takes_too_long_is_told(browser: FakeBrowser) -> None:
    ended = threading.Event()
    with pytest.raises(TimeoutError, match=r"has not ended within 0\.1 s: .* deferred"):
        browser.run(lambda: defer_call(ended.wait), timeout=0.1)
    ended.set()


@pytest.mark.parametrize("kind", ["function", "coroutine"])
def test_an_app_may_end_the_test(browser: FakeBrowser, kind: str) -> None:
    app = Deferring(lambda: pytest.fail("not this one"))
    with pytest.raises(pytest.fail.Exception, match="not this one"):
        browser.run(getattr(app, kind))


def counter() -> None:
    put_buttons(["Add", "Show"], onclick=[_add, lambda: put_text(local.count)])


def _add() -> None:
    local.count = (local.count or 0) + 1


async def coroutine_counter() -> None:
    async def add() -> None:
        await asyncio.sleep(0)
        _add()

    put_buttons(["Add", "Show"], onclick=[add, lambda: put_text(local.count)])


@pytest.mark.parametrize("app", [counter, coroutine_counter])
def test_buttons_are_pressed(browser: FakeBrowser, app: Callable[[], Any]) -> None:
    browser.run(app)
    browser.click("Add")
    browser.click("Add")
    browser.click("Show")
    assert texts(browser) == ["2"]


def test_each_run_has_a_local_of_its_own(browser: FakeBrowser) -> None:
    for _ in range(2):
        browser.run(counter)
        browser.click("Add")
        browser.click("Show")
    assert texts(browser) == ["1", "1"]


def test_what_a_button_raises_is_raised(browser: FakeBrowser) -> None:
    browser.run(lambda: put_buttons(["Break"], onclick=[failing_function]))
    with pytest.raises(ValueError, match="broken"):
        browser.click("Break")


def test_a_button_that_is_not_there_is_told(browser: FakeBrowser) -> None:
    browser.run(counter)
    with pytest.raises(LookupError, match=r"no button 'Sub'; the buttons are 'Add', 'Show'"):
        browser.click("Sub")


def test_a_button_of_a_plain_function_is_pressed(browser: FakeBrowser) -> None:
    put_buttons(["Run"], onclick=[lambda: run_js("pressed")])
    browser.click("Run")
    assert browser.ran == [("pressed", {})]


def test_a_file_that_is_shown_is_saved(browser: FakeBrowser) -> None:
    put_file("a.txt", b"content", "Save")
    browser.click("Save")
    assert browser.downloads == {"a.txt": b"content"}


def test_a_task_goes_on_beside_the_app(browser: FakeBrowser) -> None:
    async def app() -> None:
        run_async(coroutine_that_holds())
        await asyncio.sleep(0)

    session = browser.run(app)
    assert session.closed is None


def test_one_app_goes_to_another(browser: FakeBrowser) -> None:
    def index() -> None:
        put_buttons(["Open"], onclick=[lambda: go_app("page", new_window=False)])

    def page() -> None:
        put_text("the page")

    session = browser.run([index, page])
    browser.click("Open")
    assert texts(browser) == ["the page"]
    assert session.closed == "another app was opened in its place"


def test_a_function_that_runs_beside_others_is_waited_for(browser: FakeBrowser) -> None:
    names: list[str] = []

    def ask() -> None:
        for _ in range(100):
            names.append(eval_js("name"))  # noqa: PERF401 -- counted by whoever does not wait

    put_buttons(["Run"], onclick=[ask], serial_mode=False)
    browser.click("Run")
    assert len(names) == 100


def test_what_a_function_raises_that_runs_beside_others_is_raised(browser: FakeBrowser) -> None:
    def fail_late() -> None:
        for _ in range(100):
            eval_js("name")
        failing_function()

    put_buttons(["Break"], onclick=[fail_late], serial_mode=False)
    with pytest.raises(ValueError, match="broken"):
        browser.click("Break")


def test_one_that_runs_beside_others_and_takes_too_long_is_told(browser: FakeBrowser) -> None:
    ended = threading.Event()
    put_buttons(["Run"], onclick=[ended.wait], serial_mode=False)
    with pytest.raises(TimeoutError, match=r"'Run' has not returned within 0\.1 s"):
        browser.click("Run", timeout=0.1)
    ended.set()


def test_a_file_that_has_gone_fails_the_test(browser: FakeBrowser, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("content")
    put_file("a.txt", path, "Save")
    path.unlink()
    with pytest.raises(FileNotFoundError):
        browser.click("Save")


@pytest.mark.parametrize("code", ["plain", "app"])
def test_start_server_says_how_an_app_is_run(browser: FakeBrowser, code: str) -> None:
    def serve() -> None:
        start_server(function_app, port=0)

    with pytest.raises(SessionException, match=r"does not work in a test .* fake_browser\.run\(app\)"):
        serve() if code == "plain" else browser.run(serve)

"""Tracebacks of calls that fail: the lines of users, and one of ours."""

# What is passed is wrong on purpose.
# mypy: disable-error-code="arg-type, call-arg"

from __future__ import annotations

import asyncio
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import nbsession
from nbsession import (
    JSError,
    JSTimeoutError,
    SessionClosedException,
    SessionException,
    config,
    download,
    eval_js,
    go_app,
    info,
    run_async,
    run_js,
    session,
    set_env,
    start_server,
)
from nbsession._core.delivery import Delivery
from nbsession.output import (
    clear,
    close_popup,
    get_scope,
    popup,
    put_grid,
    put_link,
    put_loading,
    put_progressbar,
    put_row,
    put_scope,
    put_scrollable,
    put_table,
    put_tabs,
    put_text,
    put_widget,
    remove,
    scroll_to,
    set_progressbar,
    set_scope,
    toast,
    use_scope,
)
from nbsession.platform import (
    aiohttp,
    django,
    flask,
    path_deploy,
    path_deploy_http,
    starlette,
    tornado,
    tornado_http,
)
from nbsession.testing import FakeBrowser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OURS = str(Path(nbsession.__file__).parent)
# Python 3.10 raises again with the lines that it had.
ONE_MORE = 1 if sys.version_info < (3, 11) else 0


@pytest.fixture
def browser() -> Iterator[FakeBrowser]:
    with FakeBrowser() as browser:
        browser.answer("broken", _broken)
        yield browser


def _broken(**_: object) -> object:
    raise JSError("TypeError", "broken")  # noqa: EM101 -- its name


def lines(error: BaseException) -> list[str]:
    """Return the functions of ours in a traceback."""
    return [
        frame.name for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(OURS)
    ]


def close_and(call: Callable[[], object]) -> object:
    session.close()
    return call()


CALLS: dict[str, tuple[Callable[[], Any], type[Exception]]] = {
    "eval_js": (lambda: eval_js("broken", errors_="raise"), JSError),
    "eval_js, awaited": (lambda: asyncio.run(_awaited()), JSError),
    "eval_js, too late": (lambda: eval_js("1", timeout_=-1), ValueError),
    "eval_js, bad argument": (lambda: eval_js("a", a=object()), TypeError),
    "eval_js, misspelt": (lambda: eval_js("1", timeout=1), TypeError),
    "eval_js, closed": (lambda: close_and(lambda: eval_js("1")), SessionClosedException),
    "run_js, bad argument": (lambda: run_js("a", a={"b": [object()]}), TypeError),
    "run_js, closed": (lambda: close_and(lambda: run_js("1")), SessionClosedException),
    "download, bad name": (lambda: download("", b""), ValueError),
    "download, closed": (lambda: close_and(lambda: download("a", b"")), SessionClosedException),
    "session.close": (lambda: close_and(lambda: session.defer_call(print)), SessionClosedException),
}


# All that take something that may be wrong, or need an open session.
OTHERS: dict[str, tuple[Callable[[], Any], type[Exception]]] = {
    "use_scope, bad name": (lambda: use_scope(3), TypeError),
    "use_scope, closed": (lambda: close_and(use_scope("a").__enter__), SessionClosedException),
    "put_scope, bad name": (lambda: put_scope(3), TypeError),
    "put_scope, closed": (lambda: close_and(lambda: put_scope("a")), SessionClosedException),
    "clear, closed": (lambda: close_and(clear), SessionClosedException),
    "remove, closed": (lambda: close_and(lambda: remove("a")), SessionClosedException),
    "remove, the root": (lambda: remove("ROOT"), ValueError),
    "scroll_to, closed": (lambda: close_and(scroll_to), SessionClosedException),
    "put_progressbar, bad value": (lambda: put_progressbar("a", init="b"), ValueError),
    "set_progressbar, bad value": (lambda: set_progressbar("a", "b"), ValueError),
    "put_row, no list": (lambda: put_row(3), TypeError),
    "put_grid, bad size": (lambda: put_grid([[None]], cell_width="}"), ValueError),
    "put_widget, a section without an end": (lambda: put_widget("{{#a}}", {}), ValueError),
    "put_tabs, no content": (lambda: put_tabs([{"title": "a"}]), ValueError),
    "put_scrollable, bad height": (lambda: put_scrollable("a", height="b"), ValueError),
    "put_loading, bad shape": (lambda: put_loading("square"), ValueError),
    "put_link, nowhere": (lambda: put_link("a"), TypeError),
    "popup, bad size": (lambda: popup("a", size="b"), ValueError),
    "popup, closed": (lambda: close_and(lambda: popup("a")), SessionClosedException),
    "close_popup, closed": (lambda: close_and(close_popup), SessionClosedException),
    "toast, bad colour": (lambda: toast("a", color="b"), ValueError),
    "toast, closed": (lambda: close_and(lambda: toast("a")), SessionClosedException),
    "set_scope, bad choice": (lambda: set_scope("a", if_exist="b"), ValueError),
    "get_scope, closed": (lambda: close_and(get_scope), SessionClosedException),
    "style, no text": (lambda: put_text("a").style(3), TypeError),
    "onclick, no function": (lambda: put_text("a").onclick(3), TypeError),
    "a with block, no container": (lambda: put_text("a").__enter__(), RuntimeError),
    "config, bad theme": (lambda: config(theme="a"), ValueError),
    "go_app, no app": (lambda: go_app("a"), SessionException),
    "go_app, closed": (lambda: close_and(lambda: go_app("a")), SessionClosedException),
    "run_async, no coroutine": (lambda: run_async(3), TypeError),
    "run_async, closed": (lambda: close_and(lambda: run_async(_awaited())), SessionClosedException),
    "set_env, unknown": (lambda: set_env(colour="red"), TypeError),
    "set_env, bad value": (lambda: set_env(title=3), TypeError),
    "set_env, closed": (lambda: close_and(lambda: set_env(title="a")), SessionClosedException),
    "start_server, no function": (lambda: start_server(3), TypeError),
    "start_server, unknown": (lambda: start_server(print, colour="red"), TypeError),
    "tornado.start_server, no function": (lambda: tornado.start_server(3), TypeError),
    "tornado_http.start_server, no function": (lambda: tornado_http.start_server(3), TypeError),
    "tornado_http.webio_handler, unknown": (
        lambda: tornado_http.webio_handler(print, colour="red"),
        TypeError,
    ),
    "path_deploy, no folder": (lambda: path_deploy("/no/such/folder"), ValueError),
    "path_deploy_http, unknown": (lambda: path_deploy_http(".", colour="red"), TypeError),
    "tornado.webio_handler, unknown": (lambda: tornado.webio_handler(print, colour="red"), TypeError),
    "aiohttp.start_server, no port": (lambda: aiohttp.start_server(print, port="a"), TypeError),
    "aiohttp.handler, unknown": (lambda: aiohttp.handler(print, colour="red"), TypeError),
    "starlette.start_server, no port": (lambda: starlette.start_server(print, port="a"), TypeError),
    "starlette.routes, unknown": (lambda: starlette.routes(print, colour="red"), TypeError),
    "starlette.asgi_app, unknown": (lambda: starlette.asgi_app(print, colour="red"), TypeError),
    "flask.start_server, no port": (lambda: flask.start_server(print, port="a"), TypeError),
    "flask.view, unknown": (lambda: flask.view(print, colour="red"), TypeError),
    "flask.wsgi_app, unknown": (lambda: flask.wsgi_app(print, colour="red"), TypeError),
    "django.start_server, no port": (lambda: django.start_server(print, port="a"), TypeError),
    "django.view, unknown": (lambda: django.view(print, colour="red"), TypeError),
    "django.wsgi_app, unknown": (lambda: django.wsgi_app(print, colour="red"), TypeError),
}


async def _awaited() -> object:
    return await eval_js("broken", errors_="raise")


@pytest.mark.usefixtures("browser")
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.parametrize(("call", "kind"), [*CALLS.values(), *OTHERS.values()], ids=[*CALLS, *OTHERS])
def test_there_is_one_line_of_ours(call: Callable[[], Any], kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        call()
    assert len(lines(caught.value)) == 1


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize(
    "call", [lambda: put_text(1, scope=1), lambda: put_table(3), lambda: info.user_language]
)
def test_what_stands_between_is_left_out_too(call: Callable[[], Any]) -> None:
    with pytest.raises((SessionClosedException, TypeError)) as caught:
        close_and(call)
    assert len(lines(caught.value)) <= 1 + 2 * ONE_MORE


@pytest.mark.usefixtures("browser")
def test_pytest_shows_none_of_ours() -> None:
    with pytest.raises(JSError) as caught:
        eval_js("broken", errors_="raise")
    shown = caught.traceback.filter(caught)
    assert [Path(entry.path).name for entry in shown] == [Path(__file__).name]


@pytest.mark.usefixtures("browser")
def test_a_pool_adds_the_line_of_the_bound_function() -> None:
    def work(code: str) -> object:
        return eval_js(code, errors_="raise")

    with ThreadPoolExecutor(1) as pool, pytest.raises(JSError) as caught:
        list(pool.map(session.bind(work), ["broken"]))
    assert lines(caught.value) == ["bound", "eval_js"]


@pytest.mark.usefixtures("browser")
def test_lines_of_the_user_below_ours_stay() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"first"
        raise LookupError

    with pytest.raises(LookupError) as caught:
        download("a", pieces())
    assert [frame.name for frame in traceback.extract_tb(caught.tb)][-2:] == ["download", "pieces"]


@pytest.mark.usefixtures("browser")
def test_a_fault_of_ours_keeps_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Delivery, "run", lambda delivery, command: delivery.no_such_attribute)
    monkeypatch.setattr("nbsession.session._commands.encode_command", lambda *_: dict[str, int]()["absent"])
    with pytest.raises(KeyError) as caught:
        run_js("1")
    assert len(traceback.extract_tb(caught.tb)) == 3


def test_the_time_that_is_over_is_told_in_one_line_of_ours() -> None:
    with FakeBrowser() as browser:
        browser.answer("never", lambda **_: __import__("threading").Event().wait(0.2))
        with pytest.raises(JSTimeoutError) as caught:
            eval_js("never", timeout_=0)
    assert lines(caught.value) == ["eval_js"]

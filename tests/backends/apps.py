"""The apps that every backend serves to the tests: the documentation's examples, and what shows the rest."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from threading import Thread
from typing import Any

from nbsession.output import put_button, put_buttons, put_code, put_text
from nbsession.session import (
    defer_call,
    download,
    eval_js,
    go_app,
    hold,
    info,
    local,
    register_thread,
    run_async,
    run_asyncio_coroutine,
    run_js,
    set_env,
)

# -- the documentation's examples -----------------------------------------------------------------


def example_download() -> None:
    put_button("Click to download", lambda: download("hello-world.txt", b"hello world!"))


def example_run_js() -> None:
    run_js("console.log(a + b)", a=1, b=2)
    put_text(f"done {eval_js('0')}")


def example_eval_js() -> None:
    current_url = eval_js("window.location.href")

    function_res = eval_js(
        """(function(){
        var a = 1;
        a += b;
        return a;
    })()""",
        b=100,
    )

    promise_res = eval_js("""new Promise(resolve => {
        setTimeout(() => {
            resolve('Returned inside callback.');
        }, 2000);
    });""")
    put_text(f"{current_url} {function_res} {promise_res}")


def example_local() -> None:
    local.name = "Wang"
    local.age = 22
    assert local.foo is None
    local[10] = "10"
    keys = list(local)
    assert "bar" not in local
    assert "name" in local
    put_text(f"{keys} {local._dict}")


def counter_by_local() -> None:
    def add() -> None:
        local.cnt = (local.cnt or 0) + 1

    def show() -> None:
        put_text(local.cnt or 0)

    put_buttons(["Add counter", "Show counter"], [add, show])


def counter_by_parameters() -> None:
    def add(cnt: list[int]) -> None:
        cnt[0] += 1

    def show(cnt: list[int]) -> None:
        put_text(cnt[0])

    cnt = [0]  # Trick: to pass by reference
    put_buttons(["Add counter", "Show counter"], [partial(add, cnt), partial(show, cnt)])


def counter_by_a_closure() -> None:
    cnt = 0

    def add() -> None:
        nonlocal cnt
        cnt += 1

    def show() -> None:
        put_text(cnt)

    put_buttons(["Add counter", "Show counter"], [add, show])


def example_defer_call() -> None:
    @defer_call
    def cleanup() -> None:
        print("cleaned up")

    put_text("here")
    hold()


def example_set_env() -> None:
    set_env(title="Awesome PyWebIO!!", output_animation=False)
    put_text("shown")


async def example_run_asyncio_coroutine() -> None:
    put_text("hello")
    await run_asyncio_coroutine(asyncio.sleep(1))
    put_text("world")


def example_info() -> None:
    session_info = info
    put_code(
        json.dumps(
            {
                k: str(getattr(session_info, k))
                for k in [
                    "user_agent",
                    "user_language",
                    "server_host",
                    "origin",
                    "user_ip",
                    "backend",
                    "protocol",
                    "request",
                ]
            },
            indent=4,
        ),
        "json",
    )


def example_go_app() -> None:
    put_buttons(["here", "in a window"], [lambda: go_app("two", new_window=False), lambda: go_app("two")])


def two() -> None:
    put_text("this is two")


# -- the rest ------------------------------------------------------------------------------------


def index() -> None:
    put_text("this is the index")


def more_info() -> None:
    """Tell what the framework's own request is, and what each framework knows of it."""
    request: Any = info.request
    kind = type(request)
    agent = info.user_agent
    put_code(
        json.dumps(
            {
                "request": f"{kind.__module__}.{kind.__name__}",
                "headers": request.headers.get("User-Agent"),
                "cookies": _cookie(request, "tests"),
                "browser": agent.browser.family,
                "os": agent.os.family,
                "mobile": agent.is_mobile,
                "frontend": info.frontend,
                "timezone": str(info.timezone),
            }
        )
    )


def _cookie(request: Any, name: str) -> str:
    cookies = getattr(request, "cookies", None)
    value = (request.COOKIES if cookies is None else cookies)[name]
    return str(getattr(value, "value", value))


async def coroutine_lasting() -> None:
    """Defer in a coroutine."""
    defer_call(lambda: print("cleaned up"))
    put_text("here")
    await hold()


async def coroutine() -> None:
    """Do in a coroutine what blocks in a function."""

    async def beside() -> None:
        put_text(f"beside {await eval_js('3')}")

    run_async(beside())
    values = await asyncio.gather(eval_js("1"), eval_js("2"))
    await asyncio.sleep(0)
    put_text(f"gathered {values}")
    await download("a.txt", b"from a coroutine")
    put_text("saved")
    put_buttons(["go"], onclick=lambda label: put_text(f"pressed {label}"))


def thread() -> None:
    beside = Thread(target=lambda: put_text(f"from a thread {eval_js('1 + 1')}"))
    register_thread(beside)
    beside.start()


def chain() -> None:
    put_text(f"{[eval_js('n + 1', n=n) for n in range(50)]}")


def large_file() -> None:
    download("large.bin", (bytes([number]) * 2**20 for number in range(20)))
    put_text("sent")


def lasting() -> None:
    """Stay until the page is closed, and tell of the session's end."""
    defer_call(lambda: print("lasting has closed"))
    put_buttons(["go"], onclick=lambda label: put_text(f"pressed {label}"))
    put_text("here")


APPS = [
    index,
    example_download,
    example_run_js,
    example_eval_js,
    example_local,
    counter_by_local,
    counter_by_parameters,
    counter_by_a_closure,
    example_defer_call,
    example_set_env,
    example_run_asyncio_coroutine,
    example_info,
    example_go_app,
    two,
    more_info,
    coroutine,
    coroutine_lasting,
    thread,
    chain,
    large_file,
    lasting,
]

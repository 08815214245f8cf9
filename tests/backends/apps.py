"""The apps that every backend serves to the tests: the documentation's examples, and what shows the rest."""

from __future__ import annotations

import asyncio
import json
from threading import Thread
from typing import TYPE_CHECKING, Any

from nbsession.output import put_buttons, put_code, put_text
from nbsession.session import (
    defer_call,
    download,
    eval_js,
    go_app,
    hold,
    info,
    register_thread,
    run_async,
)
from tests.documentation import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.documentation import Example


# -- the documentation's examples -----------------------------------------------------------------


def _example(example: Example) -> Callable[[], Any]:
    """Return an example as an app."""
    if example.app is not None:
        names: dict[str, Any] = {}
        exec(example.source, names)
        app: Callable[[], Any] = names[example.app]
        return app
    return lambda: exec(example.source, {})


def go() -> None:
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


SQUARES = "Promise.all([1, 2, 3, 4].map(n => square(n)))"
"""JavaScript that calls the function ``square`` four times."""


def functions() -> None:
    put_text(f"squares: {eval_js(SQUARES, square=lambda n: n * n)}")
    put_text(f"bytes: {eval_js('f(new Uint8Array([1, 2]))', f=lambda content: content + b'3')}")


async def coroutine_functions() -> None:
    async def square(n: int) -> int:
        await asyncio.sleep(0.01)
        return n * n

    put_text(f"squares: {await eval_js(SQUARES, square=square)}")


def deferring() -> None:
    """Defer in a function that lasts."""
    defer_call(lambda: print("cleaned up"))
    put_text("here")
    hold()


def lasting() -> None:
    """Stay until the page is closed, and tell of the session's end."""
    defer_call(lambda: print("lasting has closed"))
    put_buttons(["go"], onclick=lambda label: put_text(f"pressed {label}"))
    put_text("here")


APPS = {
    **{name: _example(example) for name, example in EXAMPLES.items()},
    **{
        app.__name__: app
        for app in (
            index,
            go,
            two,
            more_info,
            coroutine,
            coroutine_lasting,
            deferring,
            thread,
            chain,
            functions,
            coroutine_functions,
            large_file,
            lasting,
        )
    },
}

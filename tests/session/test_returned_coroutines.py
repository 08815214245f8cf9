"""Functions that return a coroutine, as decorated ``async def`` functions do: it is run."""

from __future__ import annotations

import asyncio
import functools
import threading
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import hold, local
from nbsession import session as sessions
from nbsession._core.current import current_session
from nbsession._core.scope import inside
from nbsession.output import use_scope
from nbsession.output._placement import entered

from .fake_platform import FakePage
from .test_apps import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from .fake_platform import FakePlatform

did: list[str] = []


async def main(what: str = "ran") -> None:
    await asyncio.sleep(0)
    current_session().check_open()
    did.append(what)


def decorated(function: Callable[[], Any]) -> Callable[[], Any]:
    """A decorator that knows nothing of coroutines."""

    @functools.wraps(function)
    def call() -> Any:
        return function()

    return call


class Tool:
    async def __call__(self) -> None:
        await main()

    async def method(self) -> None:
        await main()

    def plain(self) -> Any:
        return main()


KINDS: dict[str, Callable[[], Any]] = {
    "async def": main,
    "decorated async def": decorated(main),
    "lambda": lambda: main("ran"),
    "partial": functools.partial(main, "ran"),
    "partial of a decorated one": functools.partial(decorated(main)),
    "object": Tool(),
    "partial of an object": functools.partial(Tool()),
    "method": Tool().method,
    "method that returns one": Tool().plain,
}


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    did.clear()


@pytest.mark.parametrize("app", KINDS.values(), ids=KINDS)
def test_an_app_whose_function_returns_a_coroutine_runs_it(
    platform: FakePlatform, app: Callable[[], Any]
) -> None:
    assert Run(platform, app).start().wait_closed() == "the app has ended"
    assert did == ["ran"]


def test_an_exception_of_the_returned_coroutine_is_the_apps(platform: FakePlatform) -> None:
    async def fails() -> None:
        msg = "broken"
        raise LookupError(msg)

    assert Run(platform, decorated(fails), FakePage()).start().wait_closed() == "the app failed: LookupError"


def test_the_function_and_its_coroutine_share_local(platform: FakePlatform) -> None:
    async def rest() -> None:
        did.append(local.word)

    def app() -> Any:
        local.word = "kept"
        return rest()

    Run(platform, app).start().wait_closed()
    assert did == ["kept"]


def test_a_returned_coroutine_holds_its_session(platform: FakePlatform) -> None:
    holds = threading.Event()

    async def lasting() -> None:
        held = hold()
        assert held is not None
        holds.set()
        await held

    run = Run(platform, decorated(lasting)).start()
    assert holds.wait(60)
    assert run.session.closed is None
    run.session.close("enough")
    assert run.wait_closed() == "enough"


def test_an_app_that_returns_a_generator_says_that_it_has_not_run(platform: FakePlatform) -> None:
    run = Run(platform, lambda: (each for each in "abc"), FakePage()).start()
    assert run.wait_closed() == "the app failed: TypeError"


def test_a_bound_function_that_returns_a_coroutine_is_bound_to_its_end(platform: FakePlatform) -> None:
    async def whose() -> object:
        return current_session()

    session = platform.session()
    with inside(session):
        bound = sessions.bind(decorated(whose))
    assert asyncio.run(bound()) is session


def test_a_scope_around_a_function_that_returns_a_coroutine_holds_what_that_puts(
    platform: FakePlatform,
) -> None:
    async def put() -> None:
        await asyncio.sleep(0)
        did.extend(entered(current_session()))

    with inside(platform.session()):
        asyncio.run(use_scope("place")(decorated(put))())
    assert did[-1] == "place"

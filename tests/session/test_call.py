"""What a call that waits for the page comes to, for a thread and for a coroutine."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from typing import TYPE_CHECKING

import pytest

from nbsession import eval_js
from nbsession._core.call import Call
from nbsession._core.scope import inside
from nbsession._core.values import Encoded
from nbsession.exceptions import FrontendNotFoundException, JSError, JSTimeoutError, PageLostError

from .fake_platform import TIMEOUT, FakePage

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

    from .fake_platform import FakePlatform

    Wait = Callable[[Session, Callable[[Call], object], float | None], object]


@pytest.fixture
def session(platform: FakePlatform) -> Session:
    """A session with a page that answers nothing by itself."""
    session = platform.session()
    session.delivery.attach(FakePage())  # type: ignore[arg-type]
    return session


def block(session: Session, settle: Callable[[Call], object], timeout: float | None = None) -> object:
    call = Call(session)
    settle(call)
    return call.result(timeout)


def await_it(session: Session, settle: Callable[[Call], object], timeout: float | None = None) -> object:
    async def main() -> object:
        call = Call(session, awaited=True)
        settle(call)
        return await call if timeout is None else await call.within(timeout)

    return asyncio.run(main())


@pytest.fixture(params=[block, await_it], ids=["blocked", "awaited"])
def wait(request: pytest.FixtureRequest) -> Wait:
    """``wait(session, settle, timeout)`` makes a call, settles it or not, and waits for it."""
    wait: Wait = request.param
    return wait


def later(settle: Callable[[Call], object]) -> Callable[[Call], object]:
    return lambda call: threading.Timer(0.05, settle, [call]).start()


def test_it_comes_to_a_value(session: Session, wait: Wait) -> None:
    assert wait(session, lambda call: call.settle(2), TIMEOUT) == 2


def test_another_thread_settles_it(session: Session, wait: Wait) -> None:
    assert wait(session, later(lambda call: call.settle(2)), None) == 2


def test_it_comes_to_an_exception(session: Session, wait: Wait) -> None:
    with pytest.raises(PageLostError, match="gone"):
        wait(session, later(lambda call: call.settle(error=PageLostError("gone"))), TIMEOUT)


def test_it_is_settled_once(session: Session, wait: Wait) -> None:
    def settle(call: Call) -> None:
        call.settle(1)
        call.settle(error=PageLostError("too late"))

    assert wait(session, settle, TIMEOUT) == 1


@pytest.mark.parametrize("timeout", [0, 0.05])
def test_it_waits_no_longer_than_it_is_told(session: Session, wait: Wait, timeout: float) -> None:
    with pytest.raises(JSTimeoutError, match=f"no answer within {timeout} s: the page has not answered"):
        wait(session, lambda _: None, timeout)


def test_without_a_page_it_says_that_none_has_attached(platform: FakePlatform, wait: Wait) -> None:
    with pytest.raises(JSTimeoutError, match="no page has attached yet"):
        wait(platform.session(), lambda _: None, 0.05)


def test_it_waits_for_the_first_page_as_long_as_the_platform_says(
    platform: FakePlatform, monkeypatch: pytest.MonkeyPatch, wait: Wait
) -> None:
    monkeypatch.setattr(platform, "attach_timeout", lambda _session, awaited: 0.05)
    with pytest.raises(FrontendNotFoundException, match="no front end"):
        wait(platform.session(), lambda _: None, None)


def test_an_interrupt_wakes_threads_and_no_coroutines(session: Session) -> None:
    async def main() -> object:
        blocked, awaited = Call(session), Call(session, awaited=True)
        session.delivery.ask(1, Encoded('["eval",1,"1",{}]', ()), blocked)
        session.delivery.ask(2, Encoded('["eval",2,"1",{}]', ()), awaited)
        session.interrupt()
        with pytest.raises(KeyboardInterrupt):
            blocked.result()
        assert not awaited.released
        session.settle(2, "a value")
        return await awaited

    assert asyncio.run(main()) == "a value"


def test_a_loop_that_has_been_closed_keeps_nobody_from_settling_it(session: Session) -> None:
    async def main() -> Call:
        return Call(session, awaited=True)

    call = asyncio.run(main())
    call.settle(1)
    assert call.released


class FailingPage(FakePage):
    """A page in which all code fails, at once."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def send(self, channel: int, text: str, buffers: object = ()) -> None:
        message = json.loads(text)
        if message[0] == "eval":
            self._session.receive(["error", message[1], {"name": "TypeError", "message": "broken"}], [], self)


def living() -> int:
    return sum(type(each) is Call or type(each) is JSError for each in gc.get_objects())


def test_a_call_whose_code_has_failed_is_let_go_of_at_once(platform: FakePlatform) -> None:
    session = platform.session()
    session.delivery.attach(FailingPage(session))  # type: ignore[arg-type]
    gc.collect()
    gc.disable()
    try:
        before = living()
        with inside(session):
            assert eval_js("broken()") is None
        assert living() == before
    finally:
        gc.enable()

"""Apps and how long their sessions live."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import SessionException, eval_js, go_app, hold, local, register_thread, run_async
from nbsession._apps.apps import make_app, name_apps
from nbsession._core.scope import inside
from nbsession._core.session import Session

from .fake_platform import TIMEOUT, FakePage, FakePlatform

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator


class FakeHost:
    """Remembers where apps went."""

    loop = None

    def __init__(self) -> None:
        self.went: list[tuple[str, bool]] = []

    def go(self, session: Session, name: str, *, new_window: bool) -> None:
        self.went.append((name, new_window))


class Run:
    """A run of an app in a session of its own."""

    def __init__(
        self, platform: FakePlatform, function: Callable[[], Any], page: FakePage | None = None
    ) -> None:
        self.session = platform.session()
        self.host = FakeHost()
        self.reasons: list[str] = []
        self._closed = threading.Event()
        self.session.on_close(self._note)
        self._app = make_app(self.session, "app", self.host, function)
        if page is not None:
            self.session.delivery.attach(page)  # type: ignore[arg-type]

    def start(self) -> Run:
        self._app.start()
        return self

    def _note(self, reason: str) -> None:
        self.reasons.append(reason)
        self._closed.set()

    def wait_closed(self) -> str:
        """Return the reason, when the session has closed."""
        assert self._closed.wait(TIMEOUT), "the session is still open"
        return self.reasons[0]


def test_the_session_closes_when_the_app_has_returned(platform: FakePlatform) -> None:
    assert Run(platform, lambda: None).start().wait_closed() == "the app has ended"


def test_a_coroutine_apps_session_closes_when_it_has_returned(platform: FakePlatform) -> None:
    async def app() -> None:
        await asyncio.sleep(0)

    assert Run(platform, app).start().wait_closed() == "the app has ended"


def test_an_exception_closes_the_session_and_is_shown(platform: FakePlatform) -> None:
    def app() -> None:
        msg = "broken"
        raise ValueError(msg)

    platform.keeps = True
    run = Run(platform, app, FakePage()).start()
    assert run.wait_closed() == "the app failed: ValueError"
    assert "broken" in str(run.session.outputs.snapshot())


def test_an_exception_of_a_coroutine_app_closes_the_session(platform: FakePlatform) -> None:
    async def app() -> None:
        msg = "broken"
        raise ValueError(msg)

    assert Run(platform, app, FakePage()).start().wait_closed() == "the app failed: ValueError"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SystemExit, "the app has ended"),
        (KeyboardInterrupt, "the app failed: KeyboardInterrupt"),
        (asyncio.CancelledError, "the app failed: CancelledError"),
    ],
)
def test_a_coroutine_app_may_raise_what_asyncio_lets_through(
    platform: FakePlatform, error: type[BaseException], reason: str
) -> None:
    async def app() -> None:
        raise error

    assert Run(platform, app, FakePage()).start().wait_closed() == reason


def test_a_task_of_an_app_may_exit(platform: FakePlatform) -> None:
    async def task() -> None:
        raise SystemExit

    async def app() -> None:
        run_async(task())

    assert Run(platform, app, FakePage()).start().wait_closed() == "the app has ended"


def test_a_registered_thread_keeps_the_session_until_it_ends(platform: FakePlatform) -> None:
    go = threading.Event()
    open_at_the_end: list[bool] = []

    def work() -> None:
        go.wait(TIMEOUT)
        open_at_the_end.append(run.session.closed is None)

    def app() -> None:
        thread = threading.Thread(target=work)
        register_thread(thread)
        thread.start()

    run = Run(platform, app)
    run.start()
    go.set()
    run.wait_closed()
    assert open_at_the_end == [True]


def test_a_callback_keeps_the_session_until_it_is_removed(platform: FakePlatform) -> None:
    numbers: list[int] = []
    added = threading.Event()

    def app() -> None:
        numbers.append(run.session.callbacks.add(lambda _: None))
        added.set()

    run = Run(platform, app)
    run.start()
    assert added.wait(TIMEOUT)
    assert not run.reasons
    run.session.callbacks.remove(numbers[0])
    assert run.wait_closed() == "the app has ended"


def test_a_task_keeps_the_session_until_it_ends(platform: FakePlatform) -> None:
    ended: list[bool] = []

    async def work() -> None:
        await asyncio.sleep(0)
        ended.append(True)

    async def app() -> None:
        run_async(work())

    Run(platform, app).start().wait_closed()
    assert ended == [True]


def test_hold_blocks_a_function_app_until_its_session_is_closed(platform: FakePlatform) -> None:
    held, after = threading.Event(), threading.Event()

    def app() -> None:
        held.set()
        hold()
        after.set()

    run = Run(platform, app)
    run.start()
    assert held.wait(TIMEOUT)
    assert not after.is_set()
    run.session.close("the page was closed")
    assert after.wait(TIMEOUT)


def test_hold_is_awaited_in_a_coroutine_app(platform: FakePlatform) -> None:
    held, after = threading.Event(), threading.Event()

    async def app() -> None:
        held.set()
        await hold()
        after.set()

    run = Run(platform, app).start()
    assert held.wait(TIMEOUT)
    run.session.close("the page was closed")
    assert after.wait(TIMEOUT)


def test_what_the_page_has_not_been_sent_keeps_the_session(platform: FakePlatform) -> None:
    page = FakePage()
    page.unsent = 1000
    returned = threading.Event()
    run = Run(platform, returned.set, page).start()
    assert returned.wait(TIMEOUT)
    while not page.on_drained_wakes:  # the app's thread is about to ask for it
        pass
    assert not run.reasons
    page.unsent = 0
    page.on_drained_wakes.pop()()
    assert run.wait_closed() == "the app has ended"


def test_each_app_has_a_local_of_its_own(platform: FakePlatform) -> None:
    seen: list[object] = []

    def app() -> None:
        seen.append(local.visits)
        local.visits = (local.visits or 0) + 1

    Run(platform, app).start().wait_closed()
    Run(platform, app).start().wait_closed()
    assert seen == [None, None]


def test_eval_in_a_thread_of_a_coroutine_app_blocks(platform: FakePlatform) -> None:
    async def app() -> None:
        await asyncio.to_thread(eval_js, "1", timeout_=0)

    assert Run(platform, app, FakePage()).start().wait_closed() == "the app failed: JSTimeoutError"


def test_go_app_goes_by_the_host(platform: FakePlatform) -> None:
    run = Run(platform, lambda: go_app("other", new_window=False)).start()
    run.wait_closed()
    assert run.host.went == [("other", False)]


def test_go_app_outside_of_apps_says_so(session: Session) -> None:
    with inside(session), pytest.raises(SessionException, match="does not belong to an app"):
        go_app("other")


def one() -> None: ...


def two() -> None: ...


def test_one_app_goes_by_its_name() -> None:
    assert name_apps(one) == {"one": one}


def test_apps_of_a_list_go_by_their_names() -> None:
    assert name_apps([one, two]) == {"one": one, "two": two}


def test_a_mapping_names_its_apps() -> None:
    assert name_apps({"first": one, "second": two}) == {"first": one, "second": two}


def test_a_partial_goes_by_its_functions_name() -> None:
    app = partial(one)
    assert name_apps(app) == {"one": app}


@pytest.mark.parametrize("bad", [5, "one", [one, 5], {"a": "b"}], ids=repr)
def test_what_is_no_app_is_refused(bad: object) -> None:
    with pytest.raises(TypeError, match="start_server"):
        name_apps(bad)


def test_a_generator_is_refused_by_name() -> None:
    def steps() -> Iterator[int]:
        yield 1

    async def beats() -> AsyncIterator[int]:
        yield 1

    for app in (steps, beats):
        with pytest.raises(TypeError, match=f"without yield, unlike app '{app.__name__}'"):
            name_apps([app])


def test_two_apps_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two apps named 'one'"):
        name_apps([one, one])


def test_no_app_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        name_apps([])

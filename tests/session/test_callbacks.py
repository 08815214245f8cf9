"""Callbacks of a session of functions: on its own thread, in order."""

from __future__ import annotations

import threading
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest

from nbsession._core.current import current_session

from .fake_platform import TIMEOUT, FakePage

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session


class Called:
    """What callbacks say, in order."""

    def __init__(self) -> None:
        self._said: Queue[Any] = Queue()
        self.say: Callable[[Any], None] = self._said.put

    def take(self, count: int) -> list[Any]:
        return [self._said.get(timeout=TIMEOUT) for _ in range(count)]


@pytest.fixture
def called() -> Called:
    """What the callbacks of a test said."""
    return Called()


def test_a_callback_is_called_with_the_value(session: Session, called: Called) -> None:
    session.callbacks.call(session.callbacks.add(called.say), "clicked")
    assert called.take(1) == ["clicked"]


def test_fifty_clicks_are_answered_in_order(session: Session, called: Called) -> None:
    number = session.callbacks.add(called.say)
    for click in range(50):
        session.callbacks.call(number, click)
    assert called.take(50) == list(range(50))


def test_one_that_raises_is_shown_and_the_next_goes_on(session: Session, called: Called) -> None:
    session.callbacks.call(session.callbacks.add(lambda _: 1 / 0), None)
    session.callbacks.call(session.callbacks.add(called.say), "after")
    assert called.take(1) == ["after"]
    assert "ZeroDivisionError" in str(session.outputs.snapshot())


def test_one_that_exits_does_not_end_the_others(session: Session, called: Called) -> None:
    def leave(_: object) -> None:
        raise SystemExit

    session.callbacks.call(session.callbacks.add(leave), None)
    session.callbacks.call(session.callbacks.add(called.say), "after")
    assert called.take(1) == ["after"]


def test_an_unknown_number_is_ignored(session: Session, called: Called) -> None:
    for number in (99, "1", None, True, [1]):
        session.callbacks.call(number, None)
    session.callbacks.call(session.callbacks.add(called.say), "after")
    assert called.take(1) == ["after"]


def test_a_removed_one_is_not_called(session: Session, called: Called) -> None:
    removed = session.callbacks.add(called.say)
    session.callbacks.remove(removed)
    session.callbacks.call(removed, "removed")
    session.callbacks.call(session.callbacks.add(called.say), "kept")
    assert called.take(1) == ["kept"]


def test_while_one_blocks_those_after_it_wait(session: Session, called: Called) -> None:
    go = threading.Event()
    session.callbacks.call(session.callbacks.add(lambda _: called.say(go.wait(TIMEOUT))), None)
    session.callbacks.call(session.callbacks.add(called.say), "after")
    go.set()
    assert called.take(2) == [True, "after"]


def test_while_one_blocks_those_that_are_not_serial_go_on(session: Session, called: Called) -> None:
    go = threading.Event()
    session.callbacks.call(session.callbacks.add(lambda _: called.say(go.wait(TIMEOUT))), None)
    session.callbacks.call(session.callbacks.add(called.say, serial=False), "beside")
    assert called.take(1) == ["beside"]
    go.set()


def test_all_serial_ones_share_one_thread(session: Session, called: Called) -> None:
    number = session.callbacks.add(lambda _: called.say(threading.get_ident()))
    for _ in range(3):
        session.callbacks.call(number, None)
    assert len(set(called.take(3))) == 1


def test_a_coroutine_function_is_awaited(session: Session, called: Called) -> None:
    async def clicked(value: object) -> None:
        called.say(value)

    session.callbacks.call(session.callbacks.add(clicked), "awaited")
    assert called.take(1) == ["awaited"]


def test_its_calls_belong_to_its_session(session: Session, called: Called) -> None:
    session.callbacks.call(session.callbacks.add(lambda _: called.say(current_session())), None)
    assert called.take(1) == [session]


def test_the_thread_ends_with_the_session(session: Session, called: Called) -> None:
    session.callbacks.call(session.callbacks.add(lambda _: called.say(threading.current_thread())), None)
    (thread,) = called.take(1)
    session.close()
    thread.join(TIMEOUT)
    assert not thread.is_alive()


@pytest.fixture
def busy(session: Session) -> Any:
    """Let the session's callbacks wait until ``release`` is called."""
    go_on = threading.Event()
    started = threading.Semaphore(0)

    def wait(_: object) -> None:
        started.release()
        go_on.wait(TIMEOUT)

    class Busy:
        release = go_on.set
        begun = started

        def add(self, *, serial: bool) -> int:
            return session.callbacks.add(wait, serial=serial)

    yield Busy()
    go_on.set()


def test_more_calls_than_a_reader_makes_are_a_violation(session: Session, busy: Any) -> None:
    page = FakePage()
    session.delivery.attach(page)  # type: ignore[arg-type]
    number = busy.add(serial=True)
    for _ in range(1000):
        session.callbacks.call(number, None)
    assert page.violations == []
    session.callbacks.call(number, None)
    assert page.violations == ["more than 1000 calls of callbacks wait"]


def test_callbacks_beside_others_have_32_threads_at_most(session: Session, busy: Any) -> None:
    number = busy.add(serial=False)
    before = set(threading.enumerate())
    for _ in range(200):
        session.callbacks.call(number, None)
    assert len(set(threading.enumerate()) - before) == 32


def test_those_that_find_no_thread_run_when_one_is_free(session: Session, busy: Any) -> None:
    number = busy.add(serial=False)
    for _ in range(100):
        session.callbacks.call(number, None)
    busy.release()
    assert all(busy.begun.acquire(timeout=TIMEOUT) for _ in range(100))

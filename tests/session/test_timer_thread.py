"""The alarm: deadlines are met, later ones cost nothing, and nothing that fails stops it."""

from __future__ import annotations

import os
import threading
import weakref
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from nbsession._sync.timer_thread import TimerThread

if TYPE_CHECKING:
    from collections.abc import Callable

SOON = 0.02


class Calls:
    """A callback that remembers when it was called, and can be waited for."""

    def __init__(self, *answers: float | None) -> None:
        self.times: list[float] = []
        self.threads: list[str] = []
        self._answers = list(answers)
        self.called = threading.Semaphore(0)

    def __call__(self, now: float) -> float | None:
        self.times.append(now)
        self.threads.append(threading.current_thread().name)
        self.called.release()
        return self._answers.pop(0) if self._answers else None

    def wait(self, count: int = 1) -> None:
        for _ in range(count):
            assert self.called.acquire(timeout=60)


def test_a_callback_iscalled_at_its_deadline_in_the_alarms_thread() -> None:
    calls = Calls()
    when = monotonic() + SOON
    TimerThread().handle(calls).at(when)
    calls.wait()
    assert calls.times[0] >= when
    assert calls.threads == ["nbsession-alarm"]


def test_a_deadline_in_the_past_is_due_at_once() -> None:
    calls = Calls()
    TimerThread().handle(calls).at(0.0)
    calls.wait()


def test_an_earlier_deadline_replaces_a_later_one() -> None:
    calls = Calls()
    handle = TimerThread().handle(calls)
    handle.at(monotonic() + 3600)
    handle.at(monotonic() + SOON)
    calls.wait()


def test_a_later_deadline_does_not_replace_an_earlier_one() -> None:
    calls = Calls()
    handle = TimerThread().handle(calls)
    handle.at(monotonic() + SOON)
    handle.at(monotonic() + 3600)
    calls.wait()


def test_a_later_deadline_does_not_wake_the_thread() -> None:
    alarm = TimerThread()
    first, second = alarm.handle(Calls()), alarm.handle(Calls())
    first.at(monotonic() + 3600)
    rings: list[None] = []
    alarm.ring = lambda: rings.append(None)  # type: ignore[method-assign]
    for step in range(100):
        second.at(monotonic() + 3700 + step)
        first.at(monotonic() + 3700 + step)
    assert rings == []


def test_the_answer_is_the_next_deadline() -> None:
    following = monotonic() + 2 * SOON
    calls = Calls(following)
    TimerThread().handle(calls).at(monotonic() + SOON)
    calls.wait(2)
    assert calls.times[1] >= following


def test_a_deadline_set_while_the_callback_runs_counts() -> None:
    entered, leave = threading.Event(), threading.Event()
    calls = Calls()

    def slow(now: float) -> float | None:
        calls(now)
        entered.set()
        assert leave.wait(60)
        return monotonic() + 3600

    handle = TimerThread().handle(slow)
    handle.at(0.0)
    assert entered.wait(60)
    handle.at(monotonic() + SOON)
    leave.set()
    calls.wait(2)


def test_each_handle_iscalled_at_its_own_deadline() -> None:
    alarm = TimerThread()
    order: list[int] = []
    done = threading.Event()

    def note(number: int) -> Callable[[float], None]:
        def call(now: float) -> None:
            order.append(number)
            if len(order) == 3:
                done.set()

        return call

    now = monotonic()
    for number, delay in ((2, 3), (0, 1), (1, 2)):
        alarm.handle(note(number)).at(now + delay * SOON)
    assert done.wait(60)
    assert order == [0, 1, 2]


def test_a_callback_that_raises_is_logged_and_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    def fail(now: float) -> None:
        msg = "on purpose"
        raise RuntimeError(msg)

    alarm = TimerThread()
    calls = Calls()
    alarm.handle(fail).at(0.0)
    alarm.handle(calls).at(monotonic() + SOON)
    calls.wait()
    assert "on purpose" in caplog.text


def test_a_closed_handle_is_notcalled() -> None:
    alarm = TimerThread()
    closed, calls = Calls(), Calls()
    handle = alarm.handle(closed)
    handle.at(monotonic() + SOON)
    handle.close()
    handle.at(monotonic())
    alarm.handle(calls).at(monotonic() + 2 * SOON)
    calls.wait()
    assert closed.times == []


def test_the_thread_ends_with_the_last_handle_and_starts_again() -> None:
    alarm = TimerThread()
    handle = alarm.handle(Calls())
    handle.at(monotonic() + 3600)
    thread = alarm.thread
    assert thread is not None
    handle.close()
    thread.join(60)
    assert not thread.is_alive()
    calls = Calls()
    alarm.handle(calls).at(monotonic())
    calls.wait()


def test_no_thread_runs_before_the_first_deadline() -> None:
    alarm = TimerThread()
    alarm.handle(Calls())
    assert alarm.thread is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_has_nothing_armed_and_an_alarm_that_works() -> None:
    alarm = TimerThread()
    handle = alarm.handle(Calls())
    handle.at(monotonic() + 3600)
    child = os.fork()
    if child == 0:
        armed = handle.when < float("inf")
        calls = Calls()
        alarm.handle(calls).at(monotonic())
        os._exit(1 if armed or not calls.called.acquire(timeout=60) else 0)
    assert os.waitpid(child, 0)[1] == 0


def test_a_closed_handle_keeps_nobody_alive() -> None:
    class Caller:
        def call(self, now: float) -> float | None:
            raise AssertionError(now)

    alarm, caller = TimerThread(), Caller()
    gone = weakref.ref(caller)
    other = alarm.handle(lambda _: None)  # keeps the alarm's thread
    handle = alarm.handle(caller.call)
    other.at(monotonic() + 3600)
    handle.at(monotonic() + 3600)
    handle.close()
    del caller
    assert gone() is None


def test_many_deadlines_are_met_in_their_order() -> None:
    alarm, met, entered, armed, last = TimerThread(), list[int](), *(threading.Event() for _ in range(3))

    def hold(now: float) -> None:
        entered.set()
        assert armed.wait(60)

    alarm.handle(hold).at(0.0)
    assert entered.wait(60)
    handles = [alarm.handle(lambda _, number=number: met.append(number)) for number in range(1000)]  # type: ignore[misc]
    now = monotonic()
    for number in reversed(range(1000)):
        handles[number].at(now + 3600)  # stale, soon
        handles[number].at(now + number * SOON / 1000)
    alarm.handle(lambda _: last.set()).at(now + SOON)
    armed.set()
    assert last.wait(60)
    assert met == list(range(1000))


def test_a_thread_that_cannot_be_started_now_is_started_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: threading.Thread) -> None:
        msg = "can't start new thread"
        raise RuntimeError(msg)

    calls = Calls()
    handle = TimerThread().handle(calls)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        with pytest.raises(RuntimeError, match="new thread"):
            handle.at(monotonic() + SOON)
    handle.at(monotonic() + SOON)
    calls.wait()

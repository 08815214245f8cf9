"""How long a page may be silent, on a clock whose hands the test moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nbsession._jupyter.pages.lease import VARIABLE, Lease, lease_from_environment

if TYPE_CHECKING:
    from collections.abc import Callable


class FakeAlarm:
    """One handle, rung by `advance`."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.when: float | None = None
        self.callback: Callable[[float], float | None] = lambda _: None

    def handle(self, callback: Callable[[float], float | None]) -> FakeAlarm:
        self.callback = callback
        return self

    def at(self, when: float) -> None:
        self.when = when if self.when is None else min(self.when, when)

    def close(self) -> None:
        self.when = None

    def advance(self, seconds: float) -> None:
        """Let time pass; the alarm rings on the way."""
        end = self.time + seconds
        while self.when is not None and self.when <= end:
            self.time, self.when = self.when, None
            self.when = self.callback(self.time)
        self.time = end

    def sleep(self, seconds: float) -> None:
        """Let time pass in which nothing runs; what is due rings at the end."""
        self.time += seconds
        if self.when is not None and self.when <= self.time:
            self.when = None
            self.when = self.callback(self.time)


class Pages:
    def __init__(self, seconds: float | None = 600.0, **options: Any) -> None:
        self.alarm = FakeAlarm()
        self.lapsed: list[tuple[str, str]] = []
        self.lease: Lease[str] = Lease(
            seconds,
            self.alarm,
            lambda page, reason: self.lapsed.append((page, reason)),
            clock=lambda: self.alarm.time,
            **options,
        )


def test_a_page_that_is_silent_for_the_lease_lapses_once() -> None:
    pages = Pages()
    pages.lease.heard("a")
    pages.alarm.advance(599)
    assert pages.lapsed == []
    pages.alarm.advance(5000)
    assert pages.lapsed == [("a", "its page was silent for 600 s")]


def test_a_page_that_beats_once_a_minute_never_lapses() -> None:
    pages = Pages()
    for _ in range(100):
        pages.lease.heard("a")
        pages.alarm.advance(60)
    assert pages.lapsed == []


def test_each_page_has_a_lease_of_its_own() -> None:
    pages = Pages()
    pages.lease.heard("a")
    pages.alarm.advance(300)
    pages.lease.heard("b")
    pages.alarm.advance(400)
    assert [page for page, _ in pages.lapsed] == ["a"]
    pages.alarm.advance(300)
    assert [page for page, _ in pages.lapsed] == ["a", "b"]


def test_a_page_heard_after_all_others_lapsed_is_watched_too() -> None:
    pages = Pages()
    pages.lease.heard("a")
    pages.alarm.advance(2000)
    pages.lease.heard("b")
    pages.alarm.advance(2000)
    assert [page for page, _ in pages.lapsed] == ["a", "b"]


def test_a_page_that_is_forgotten_does_not_lapse() -> None:
    pages = Pages()
    pages.lease.heard("a")
    pages.lease.forget("a")
    pages.alarm.advance(2000)
    assert pages.lapsed == []


def test_without_a_lease_nothing_lapses_and_no_heartbeat_is_asked_for() -> None:
    pages = Pages(None)
    pages.lease.heard("a")
    pages.alarm.advance(1_000_000)
    assert (pages.lapsed, pages.lease.heartbeat) == ([], None)


@pytest.mark.parametrize(("lease", "heartbeat"), [(600.0, 60.0), (240.0, 60.0), (60.0, 15.0)])
def test_heartbeats_are_a_minute_apart_or_fit_into_a_short_lease(lease: float, heartbeat: float) -> None:
    assert Pages(lease).lease.heartbeat == heartbeat


def test_heartbeats_can_be_asked_for_more_often() -> None:
    pages = Pages(longest_pause=10.0)
    assert pages.lease.heartbeat == 10.0
    pages.lease.longest_pause = 1.0
    assert pages.lease.heartbeat == 1.0


def test_a_lease_that_is_changed_counts_from_then_on() -> None:
    pages = Pages()
    pages.lease.heard("a")
    pages.alarm.advance(100)
    pages.lease.change(20.0)
    pages.alarm.advance(19)
    assert pages.lapsed == []
    pages.alarm.advance(2)
    assert pages.lapsed == [("a", "its page was silent for 20 s")]


def test_a_kernel_that_could_not_listen_calls_nobody_silent() -> None:
    listening = False
    pages = Pages(hearing=lambda: listening)
    pages.lease.heard("a")
    pages.alarm.advance(5000)
    assert pages.lapsed == []
    listening = True
    pages.lease.listen_anew()
    pages.alarm.advance(599)
    assert pages.lapsed == []
    pages.alarm.advance(1200)
    assert [page for page, _ in pages.lapsed] == ["a"]


def test_a_kernel_that_slept_gives_the_pages_their_whole_lease_again() -> None:
    pages = Pages()
    pages.lease.heard("a")
    pages.alarm.sleep(10_000)
    assert pages.lapsed == []
    pages.alarm.advance(599)
    pages.lease.heard("a")
    pages.alarm.advance(599)
    assert pages.lapsed == []


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 600.0), ("30", 30.0), ("1e3", 1000.0), ("none", None), ("None", None)]
)
def test_the_environment_sets_the_lease(
    monkeypatch: pytest.MonkeyPatch, text: str, seconds: float | None
) -> None:
    monkeypatch.setenv(VARIABLE, text)
    assert lease_from_environment() == seconds


@pytest.mark.parametrize("text", ["soon", "0", "-5", "nan", "inf"])
def test_a_lease_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(
        ValueError, match=f"{VARIABLE} must be a number of seconds above 0, or none, not '{text}'"
    ):
        lease_from_environment()


def test_a_page_in_whose_place_another_may_go_on_is_not_waited_for_so_long() -> None:
    """It is told of at three missed heartbeats, and lapses all the same at the end of its lease."""
    replaceable = True
    pages = Pages(replaceable=lambda _: replaceable)
    pages.lease.heard("a")
    pages.alarm.advance(179)
    assert pages.lapsed == []
    assert not pages.lease.silent("a")
    pages.alarm.advance(2)
    assert pages.lapsed == [("a", "its page was silent for 180 s")]
    assert pages.lease.silent("a")
    replaceable = False
    pages.alarm.advance(600)
    assert pages.lapsed[-1] == ("a", "its page was silent for 600 s")

"""Open pages that are asked whether they are still there, on a clock whose hands the test moves."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from nbsession._jupyter.pages.lease import Lease
from nbsession._jupyter.pages.liveness import Liveness

from .test_lease import FakeAlarm
from .test_takeover import Notebook

if TYPE_CHECKING:
    import pytest


class FakePage:
    def __init__(self) -> None:
        self.told: list[object] = []

    def tell(self, body: list[object]) -> None:
        self.told.append(body)


class Asked:
    """A page that has been heard, and is asked one second later."""

    def __init__(self) -> None:
        self.alarm = FakeAlarm()
        self.hearing = True
        self.page = FakePage()
        self.absent: list[FakePage] = []
        self.lease: Lease[FakePage] = Lease(
            600.0, FakeAlarm(), lambda _page, _reason: None, clock=lambda: self.alarm.time
        )
        self.liveness = Liveness(
            self.alarm,
            self.lease,
            lambda: self.hearing,
            self.absent.append,
            3.0,
            clock=lambda: self.alarm.time,
        )
        self.lease.heard(self.page)
        self.alarm.advance(1)
        self.liveness.ask(self.page)


def test_a_page_that_is_asked_gets_something_to_acknowledge() -> None:
    assert Asked().page.told == [["probe"]]


def test_a_page_that_answers_is_there() -> None:
    asked = Asked()
    asked.alarm.advance(2.9)
    asked.lease.heard(asked.page)
    asked.alarm.advance(60)
    assert asked.absent == []


def test_a_page_that_does_not_answer_is_absent() -> None:
    asked = Asked()
    asked.alarm.advance(2.9)
    before = list(asked.absent)
    asked.alarm.advance(60)
    assert (before, asked.absent) == ([], [asked.page])


def test_a_page_that_says_goodbye_meanwhile_is_not_missed() -> None:
    asked = Asked()
    asked.lease.forget(asked.page)
    asked.alarm.advance(60)
    assert asked.absent == []


def test_a_kernel_that_cannot_listen_misses_nobody() -> None:
    asked = Asked()
    asked.hearing = False
    asked.alarm.advance(60)
    assert asked.absent == []


def test_a_page_has_its_time_from_when_the_kernel_listens_again() -> None:
    asked = Asked()
    asked.hearing = False
    asked.alarm.advance(2.9)
    asked.hearing = True
    asked.lease.listen_anew()
    asked.alarm.advance(2.9)
    assert asked.absent == []


def test_a_page_that_is_opened_takes_over_from_one_that_is_gone_without_a_goodbye(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notebook = Notebook(pages=1, answer_within=0.01)
    notebook.kernel.page_registry.takeovers.polite = 0
    delivery, arrived = notebook.session.delivery, threading.Event()
    attach = delivery.attach

    def attach_and_tell(page: Any) -> None:
        attach(page)
        arrived.set()

    monkeypatch.setattr(delivery, "attach", attach_and_tell)
    notebook.pages[0].alive = False
    notebook.pages.append(notebook.page())
    assert arrived.wait(60)
    assert notebook.acting is notebook.pages[1]


def test_a_page_that_is_there_answers_when_another_is_opened() -> None:
    notebook = Notebook(pages=1, answer_within=3600)
    lease = notebook.kernel.page_registry.lease
    page = notebook.kernel.page_registry.pages["page 0"]
    notebook.settle()
    before = lease.heard_at(page)
    notebook.pages.append(notebook.page())
    notebook.settle()
    after = lease.heard_at(page)
    assert before is not None
    assert after is not None
    assert after > before

"""A command that nothing is before: it leaves with its caller, and holds up nobody."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from nbsession._core.page import Page
from nbsession._sync.interrupt_safe_lock import MAIN

from .fake_platform import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

EVAL = '["eval",1,"1+1",{}]'


class Wire:
    """Keeps what is sent. `during` is called within each sending."""

    protocol = "test"
    peer = ""
    ground = None

    def __init__(self) -> None:
        self.frames: list[Any] = []
        self.during: Callable[[], object] = lambda: None

    def send(self, envelope: Mapping[str, object], buffers: Sequence[object]) -> None:
        self.frames.append((envelope["frame"], [bytes(buffer) for buffer in buffers]))  # type: ignore[call-overload]
        self.during()


class Unwound:
    """An alarm that never rings, so that what gathers stays where it is however slow the machine is."""

    def handle(self, callback: Callable[[float], float | None]) -> Unwound:
        return self

    def at(self, when: float) -> None:
        pass


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def page(wire: Wire) -> Page:
    unwound: Any = Unwound()
    return Page("page", "context", {}, wire, unwound)


def _returns(function: Callable[[], object]) -> bool:
    """Say whether another thread gets through a function."""
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    thread.join(TIMEOUT)
    return not thread.is_alive()


def test_it_leaves_before_send_returns(wire: Wire, page: Page) -> None:
    page.send(1, EVAL)
    assert wire.frames == [({"number": 1, "ack": 0, "items": [[1, 1]]}, [f"[{EVAL}]".encode()])]


def test_its_answer_is_taken_while_it_is_being_sent(wire: Wire, page: Page) -> None:
    done: list[bool] = []
    wire.during = lambda: done.append(_returns(lambda: page.receive({"ack": 1}, [])))
    page.send(1, EVAL)
    assert done == [True]


def test_the_main_thread_is_not_interrupted_between_its_number_and_the_wire(wire: Wire, page: Page) -> None:
    depths: list[int] = []
    wire.during = lambda: depths.append(MAIN.depth)
    page.send(1, EVAL)
    assert depths == [1]


def test_what_another_thread_sends_meanwhile_has_the_next_number(wire: Wire, page: Page) -> None:
    def another() -> None:
        wire.during = lambda: None
        page.send(2, EVAL)
        page.flush()

    wire.during = lambda: _returns(another)
    page.send(1, EVAL)
    assert [(frame["number"], frame["items"]) for frame, _ in wire.frames] == [(1, [[1, 1]]), (2, [[2, 1]])]


def test_behind_one_that_is_under_way_it_gathers(wire: Wire, page: Page) -> None:
    page.send(1, EVAL)
    page.send(1, EVAL)
    assert len(wire.frames) == 1
    assert page.waiting(1) == len(EVAL)

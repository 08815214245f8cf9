"""Sessions and the kernel's own page, when that ends; the browser is a fake."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from nbsession._core.page import Page
from nbsession._core.session import Session
from nbsession._own_page.kernel_page import Opening, OwnPage
from nbsession._sync.timer_thread import TimerThread
from tests.session.fake_platform import FakePlatform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbsession._link import Buffer

CRASHED = "the browser has crashed"


class NoWire:
    """Carries nothing."""

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        pass


class FakeOpening(Opening):
    """Opens no browser."""

    def begin(self, alarm: TimerThread) -> None:
        pass


class Place(FakePlatform):
    """A kernel whose own page is being opened, for a session whose outputs no view shows."""

    def __init__(self) -> None:
        super().__init__()
        self.opening: FakeOpening
        self.own_page = OwnPage(self.alarm, lambda _page, _body: None, make_opening=self.open)
        self.own_page.attach(self.session())
        self.page = Page("a", "a", {}, NoWire(), self.alarm)  # type: ignore[arg-type]

    def open(self, own_page: OwnPage) -> FakeOpening:
        self.opening = FakeOpening(own_page)
        return self.opening

    def say_hello(self) -> None:
        visit: Any = SimpleNamespace(page=self.page)
        assert self.own_page.welcome(self.opening, visit) is None


@pytest.fixture
def place() -> Place:
    """A kernel whose own page has not said hello yet."""
    return Place()


def test_a_session_has_the_page_when_it_says_hello(place: Place) -> None:
    session = place.session()
    place.own_page.attach(session)
    place.say_hello()
    assert session.page is place.page


@pytest.mark.parametrize("waits", [False, True])
def test_a_session_whose_page_ends_at_this_moment_ends_with_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, *, waits: bool
) -> None:
    session = Session(place, 1)
    attach = session.delivery.attach

    def attach_when_it_has_ended(page: Page) -> None:
        place.own_page.over(place.opening, CRASHED)
        attach(page)

    monkeypatch.setattr(session.delivery, "attach", attach_when_it_has_ended)
    if waits:
        place.own_page.attach(session)
    place.say_hello()
    if not waits:
        place.own_page.attach(session)
    assert (session.page, session.closed) == (None, CRASHED)

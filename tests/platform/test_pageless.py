"""Sessions whose page goes while their code works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbsession._core.call import Call
from nbsession._core.session import Session
from nbsession._core.values import Encoded
from nbsession._jupyter.pages.pageless import PagelessSessions
from nbsession.exceptions import SessionClosedException

from .test_page_registry import Kernel

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def kernel() -> Kernel:
    """A kernel whose session works, and whose page says goodbye."""
    kernel = Kernel(return_within=0.01)
    kernel.works = True
    kernel.hello("a")
    return kernel


@pytest.fixture
def working(kernel: Kernel) -> Session:
    """The session, after its page has ended."""
    session = kernel.session()
    kernel.say({"context": "a", "goodbye": True, "begun": 0})
    assert kernel.page_ended.wait(60)
    return session


def test_it_stays_open_without_a_page(working: Session) -> None:
    assert (working.closed, working.page) == (None, None)


def test_the_next_page_gets_its_outputs_and_commands(kernel: Kernel, working: Session) -> None:
    working.outputs.notice("info", "in the meantime")
    working.delivery.run(Encoded('["run","1",{}]', ()))
    kernel.hello("b", peer="another connection")
    assert working.page is not None
    assert working.page.page_id == "b"
    kernel.page_registry.flush()
    names = [body[0] for body in working.page.unacknowledged(working.number)]
    assert names == ["snapshot", "run"]


def test_a_call_that_begins_without_a_page_is_answered_by_the_next_one(
    kernel: Kernel, working: Session
) -> None:
    call = Call(working)
    working.delivery.ask(1, Encoded('["eval",1,"1",{}]', ()), call)
    kernel.hello("b")
    page = working.page
    assert page is not None
    working.receive(["value", 1, 5], (), page)
    assert call.result(60) == 5


def test_it_closes_when_its_work_is_done_and_no_page_has_returned(kernel: Kernel, working: Session) -> None:
    kernel.works = False
    assert kernel.was_closed.wait(60)
    assert working.closed == "the page was closed"


def test_it_does_not_close_when_its_work_is_done_and_a_page_is_there(
    kernel: Kernel, working: Session
) -> None:
    kernel.hello("b")
    kernel.works = False
    kernel.page_registry.flush()
    assert not kernel.page_registry.works_without_page(working)


def test_the_programs_end_of_it_is_its_end(kernel: Kernel, working: Session) -> None:
    working.close("enough")
    kernel.page_registry.forget(working)
    kernel.hello("b")
    with pytest.raises(SessionClosedException, match="enough"):
        working.delivery.run(Encoded('["run","1",{}]', ()))


def test_a_page_that_comes_while_the_former_one_ends_gets_it(kernel: Kernel) -> None:
    session = kernel.session()
    kernel.before_works = lambda: kernel.hello("b")
    kernel.say({"context": "a", "goodbye": True, "begun": 0})
    assert kernel.page_ended.wait(60)
    assert session.page is not None
    assert not kernel.page_registry.works_without_page(session)


def test_a_wait_for_the_page_that_ends_the_session_ends_no_other(kernel: Kernel) -> None:
    session, other = kernel.session(), kernel.session()
    assert session.page is not None
    session.page.on_drained(lambda: session.close("enough"))
    kernel.say({"context": "a", "goodbye": True, "begun": 0})
    assert kernel.page_ended.wait(60)
    assert (session.closed, other.closed, other.page) == ("enough", None, None)


def test_a_silent_page_does_not_end_it(kernel: Kernel) -> None:
    session = kernel.session()
    [page] = [session.page]
    assert page is not None
    kernel.page_registry.lapsed(page, "its page was silent")
    assert (session.closed, session.page) == (None, None)


def test_without_work_the_session_closes_with_its_page(kernel: Kernel) -> None:
    kernel.works = False
    session = kernel.session()
    kernel.say({"context": "a", "goodbye": True, "begun": 0})
    assert kernel.was_closed.wait(60)
    assert session.closed == "the page was closed"


class Alarm:
    """A timer that the test rings."""

    def handle(self, check: Callable[[float], float | None]) -> Alarm:
        self.check = check
        return self

    def at(self, deadline: float) -> None:
        """Do nothing: the test calls `check`."""


@pytest.fixture
def alarm() -> Alarm:
    return Alarm()


@pytest.fixture
def left(kernel: Kernel, alarm: Alarm) -> Session:
    """A session that works without a page. A page may return within 20 s after its work."""
    session = kernel.session()
    assert session.page is not None
    sessions = PagelessSessions(
        alarm,  # type: ignore[arg-type]
        lambda _session: kernel.works,
        lambda: 20.0,
        lambda _session, _page: None,
        lambda _session, _page: None,
    )
    sessions.leave(session.page, 0, "the page was closed")
    return session


def test_its_time_begins_when_its_work_is_done(kernel: Kernel, alarm: Alarm, left: Session) -> None:
    alarm.check(100.0)
    kernel.works = False
    alarm.check(200.0)
    alarm.check(219.0)
    before = left.closed
    alarm.check(220.0)
    assert (before, left.closed) == (None, "the page was closed")


def test_its_time_begins_anew_when_it_works_again(kernel: Kernel, alarm: Alarm, left: Session) -> None:
    kernel.works = False
    alarm.check(100.0)
    kernel.works = True
    alarm.check(115.0)
    kernel.works = False
    alarm.check(119.0)
    alarm.check(130.0)
    assert left.closed is None


def test_its_outputs_stay_when_the_program_closes_it(kernel: Kernel, alarm: Alarm, left: Session) -> None:
    kernel.keeps = True
    left.outputs.notice("info", "kept")
    left.close("enough")
    kernel.works = False
    alarm.check(100.0)
    alarm.check(200.0)
    assert left.lingers


def test_nothing_is_checked_when_no_session_works(kernel: Kernel, alarm: Alarm, left: Session) -> None:
    again = alarm.check(100.0)
    left.close("enough")
    assert (again, alarm.check(101.0)) == (101.0, None)

"""What runs when a session has closed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from nbsession import SessionClosedException, defer_call, run_js
from nbsession import session as api
from nbsession._core.scope import inside

from .fake_platform import TIMEOUT

if TYPE_CHECKING:
    from nbsession._core.session import Session


def test_deferred_functions_run_in_the_order_in_which_they_were_set(session: Session) -> None:
    ran: list[int] = []
    for number in range(5):
        session.defer(lambda number=number: ran.append(number))  # type: ignore[misc]
    session.close()
    assert session.wait_closed(TIMEOUT)
    assert ran == [0, 1, 2, 3, 4]


def test_closing_twice_runs_them_once(session: Session) -> None:
    ran: list[str] = []
    session.defer(lambda: ran.append("ran"))
    session.close("first")
    session.close("second")
    session.wait_closed(TIMEOUT)
    assert ran == ["ran"]


def test_a_function_that_fails_stops_no_other(session: Session) -> None:
    ran: list[str] = []
    session.defer(lambda: 1 / 0)
    session.defer(lambda: ran.append("ran"))
    session.close()
    session.wait_closed(TIMEOUT)
    assert ran == ["ran"]


def test_a_function_that_fails_is_told_on_stderr(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    session.defer(lambda: 1 / 0)
    session.close()
    session.wait_closed(TIMEOUT)
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_coroutine_function_is_run_to_its_end(session: Session) -> None:
    ran: list[str] = []

    async def cleanup() -> None:
        ran.append("ran")

    session.defer(cleanup)
    session.close()
    session.wait_closed(TIMEOUT)
    assert ran == ["ran"]


def test_interactive_calls_in_them_say_why_the_session_was_closed(session: Session) -> None:
    raised: list[BaseException] = []

    def cleanup() -> None:
        try:
            run_js("1")
        except SessionClosedException as error:
            raised.append(error)

    session.defer(cleanup)
    session.close("the reader left")
    session.wait_closed(TIMEOUT)
    assert [str(error) for error in raised] == ["session closed: the reader left"]


def test_close_does_not_wait_for_them(session: Session) -> None:
    go = threading.Event()
    session.defer(lambda: go.wait(TIMEOUT))
    session.close()
    assert not session.wait_closed(0)
    go.set()
    assert session.wait_closed(TIMEOUT)


def test_close_of_the_api_waits_for_them(session: Session) -> None:
    ran: list[str] = []
    session.defer(lambda: ran.append("ran"))
    with inside(session):
        api.close()
    assert ran == ["ran"]


def test_defer_call_returns_the_function_so_that_it_decorates(session: Session) -> None:
    def cleanup() -> None:
        pass

    with inside(session):
        assert defer_call(cleanup) is cleanup


def test_what_is_no_function_is_refused_by_name(session: Session) -> None:
    with inside(session), pytest.raises(TypeError, match=r"defer_call\(\) expects a function, not int: 5"):
        defer_call(5)  # type: ignore[type-var]


def test_nothing_can_be_deferred_in_a_closed_session(session: Session) -> None:
    session.close("over")
    with inside(session), pytest.raises(SessionClosedException, match="over"):
        defer_call(lambda: None)


def test_waiting_for_a_session_waits_for_those_that_depend_on_it(session: Session) -> None:
    other = session.platform.session()  # type: ignore[attr-defined]
    session.add_dependent(other)
    session.on_close(other.close)
    go = threading.Event()
    other.defer(lambda: go.wait(TIMEOUT))
    session.close()
    assert not session.wait_closed(0)
    go.set()
    assert session.wait_closed(TIMEOUT)

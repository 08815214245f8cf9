"""The states of a session: which may follow which, and what a session goes through."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nbsession._core.state import TRANSITIONS, SessionState, StateMachine, TransitionError

from .fake_platform import FakePage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbsession._core.session import Session

    from .fake_platform import FakePlatform

CREATED, ATTACHED, MOVING, CLOSED, LINGERING, RELEASED = SessionState

ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"

# Written down once more: a change of the table is a change of what sessions do.
ALLOWED = {
    (CREATED, ATTACHED),
    (CREATED, CLOSED),
    (ATTACHED, MOVING),
    (ATTACHED, CLOSED),
    (MOVING, ATTACHED),
    (MOVING, CLOSED),
    (CLOSED, LINGERING),
    (CLOSED, RELEASED),
    (LINGERING, RELEASED),
}
PAIRS = sorted(product(SessionState, SessionState), key=str)
# The shortest way to each state.
WAYS = {
    CREATED: (),
    ATTACHED: (ATTACHED,),
    MOVING: (ATTACHED, MOVING),
    CLOSED: (CLOSED,),
    LINGERING: (CLOSED, LINGERING),
    RELEASED: (CLOSED, RELEASED),
}


def names(pairs: Iterable[tuple[SessionState, SessionState]]) -> list[str]:
    return [f"{former.value} to {state.value}" for former, state in pairs]


@pytest.mark.parametrize(("former", "state"), PAIRS, ids=names(PAIRS))
def test_what_is_in_the_table_is_done_and_all_else_refused(former: SessionState, state: SessionState) -> None:
    machine = StateMachine()
    for each in WAYS[former]:
        machine.change(each)
    if (former, state) in ALLOWED:
        machine.change(state)
        assert machine.state is state
    else:
        message = f"a session that is {former.value} cannot become {state.value}"
        with pytest.raises(TransitionError, match=message):
            machine.change(state)
        assert machine.state is former


def test_the_documentation_has_the_same_table() -> None:
    documented = set()
    former = ""
    section = ARCHITECTURE.read_text().partition("## The states of a session")[2].partition("\n## ")[0]
    for line in section.splitlines():
        if line.startswith("| ") and "---" not in line and "goes to" not in line:
            name, _, state, _ = (cell.strip(" `") for cell in line.strip("|").split("|"))
            former = name or former
            documented.add((former, state))
    ends = {(former.name, "") for former, states in TRANSITIONS.items() if not states}
    assert documented == {(former.name, state.name) for former, state in ALLOWED} | ends


def attach(session: Session) -> None:
    session.delivery.attach(FakePage())  # type: ignore[arg-type]


def depart(session: Session) -> None:
    session.delivery.depart("another browser", lambda: None)


def test_a_new_one_is_created(session: Session) -> None:
    assert (session.state, session.delivery.unattached) == (CREATED, True)


def test_a_page_attaches(session: Session) -> None:
    attach(session)
    assert (session.state, session.delivery.unattached) == (ATTACHED, False)


def test_a_second_page_changes_nothing(session: Session) -> None:
    attach(session)
    page = session.page
    attach(session)
    assert (session.state, session.page) == (ATTACHED, page)


def test_it_goes_from_a_page_to_another_one(session: Session) -> None:
    attach(session)
    depart(session)
    assert (session.state, session.page) == (MOVING, None)
    attach(session)
    assert (session.state, session.delivery.unattached) == (ATTACHED, False)


def test_one_without_a_page_does_not_leave_it(session: Session) -> None:
    depart(session)
    assert session.state is CREATED


@pytest.mark.parametrize(
    "way", [WAYS[CREATED], WAYS[ATTACHED], WAYS[MOVING]], ids=["created", "attached", "moving"]
)
def test_it_closes_wherever_it_stands(session: Session, way: tuple[SessionState, ...]) -> None:
    if ATTACHED in way:
        attach(session)
    if MOVING in way:
        depart(session)
    seen: list[SessionState] = []
    session.on_close(lambda _: seen.append(session.state))
    session.close("because")
    assert (seen, session.state, session.page) == ([CLOSED], RELEASED, None)


def test_what_a_closed_one_showed_lingers_until_it_is_released(
    platform: FakePlatform, session: Session
) -> None:
    platform.keeps = True
    attach(session)
    session.close("because")
    assert (session.state, session.lingers) == (LINGERING, True)
    session.close("the cell was run again", keep_outputs=False)
    assert (session.state, session.lingers) == (RELEASED, False)


def test_a_page_that_comes_after_the_end_does_not_open_it_again(
    platform: FakePlatform, session: Session
) -> None:
    platform.keeps = True
    session.close("because")
    attach(session)
    assert (session.state, session.page) == (LINGERING, None)


def test_one_that_is_released_while_it_closes_does_not_linger(
    platform: FakePlatform, session: Session
) -> None:
    platform.keeps = True
    session.on_close(lambda _: session.close("its output was cleared", keep_outputs=False))
    session.close("because")
    assert (session.state, platform.closed_sessions) == (RELEASED, [session])
    attach(session)
    assert session.state is RELEASED

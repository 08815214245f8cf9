"""The states of a session: which there are, and which may follow which."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class SessionState(enum.Enum):
    """Where a session stands."""

    # It has had no page yet: commands wait in Python.
    CREATED = "created"
    # It has a page: commands go there. The page may be away, after a goodbye say: its link keeps them until it is back.
    ATTACHED = "attached"
    # It has left its page and is on its way to another one, for which commands wait in Python.
    MOVING = "moving"
    # It has ended, with a reason: calls raise. Those who wait for it are being told; what it showed is still there.
    CLOSED = "closed"
    # It has ended, and what it showed can be read, on its page or on one that is still to come.
    LINGERING = "lingering"
    # It has ended, and nothing of it is kept.
    RELEASED = "released"


TRANSITIONS: Mapping[SessionState, frozenset[SessionState]] = {
    SessionState.CREATED: frozenset({SessionState.ATTACHED, SessionState.CLOSED}),
    SessionState.ATTACHED: frozenset({SessionState.MOVING, SessionState.CLOSED}),
    SessionState.MOVING: frozenset({SessionState.ATTACHED, SessionState.CLOSED}),
    SessionState.CLOSED: frozenset({SessionState.LINGERING, SessionState.RELEASED}),
    SessionState.LINGERING: frozenset({SessionState.RELEASED}),
    SessionState.RELEASED: frozenset(),
}
"""Which states may follow each; docs/architecture.md says when."""


class TransitionError(RuntimeError):
    """A session was to go to a state that does not follow its own: a fault of nbsession's."""


class StateMachine:
    """The state of one session. The caller holds the session's lock.

    Attributes
    ----------
    state : SessionState
        The state; `change` alone sets it.
    """

    def __init__(self) -> None:
        self.state = SessionState.CREATED

    def change(self, state: SessionState) -> None:
        """Go to another state.

        Raises
        ------
        TransitionError
            If it is none that may follow.
        """
        if state not in TRANSITIONS[self.state]:
            msg = f"a session that is {self.state.value} cannot become {state.value}"
            raise TransitionError(msg)
        self.state = state

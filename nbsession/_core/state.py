"""The states of a session and their transitions."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class SessionState(enum.Enum):
    """The state of a session."""

    # No page has attached yet. Commands wait in Python.
    CREATED = "created"
    # Commands go to a page. The page may be disconnected, for example after a goodbye; its link then keeps them.
    ATTACHED = "attached"
    # The session has left its page and moves to another one, or works until a page returns. Commands wait in Python.
    MOVING = "moving"
    # The session has ended, with a reason: calls raise an exception. Waiting calls are being notified; the outputs
    # still exist.
    CLOSED = "closed"
    # The session has ended. Its outputs can be read, on its page or on a page that attaches later.
    LINGERING = "lingering"
    # The session has ended, and nothing is kept.
    RELEASED = "released"


TRANSITIONS: Mapping[SessionState, frozenset[SessionState]] = {
    SessionState.CREATED: frozenset({SessionState.ATTACHED, SessionState.CLOSED}),
    SessionState.ATTACHED: frozenset({SessionState.MOVING, SessionState.CLOSED}),
    SessionState.MOVING: frozenset({SessionState.ATTACHED, SessionState.CLOSED}),
    SessionState.CLOSED: frozenset({SessionState.LINGERING, SessionState.RELEASED}),
    SessionState.LINGERING: frozenset({SessionState.RELEASED}),
    SessionState.RELEASED: frozenset(),
}
"""The allowed transitions. docs/architecture.md gives their causes."""


_OPEN = frozenset({SessionState.CREATED, SessionState.ATTACHED, SessionState.MOVING})


class TransitionError(RuntimeError):
    """A transition that is not allowed: an internal error."""


class StateMachine:
    """The state of one session. The caller holds the session's lock.

    Attributes
    ----------
    state : SessionState
        The state, which only `change` sets.
    """

    def __init__(self) -> None:
        self.state: SessionState = SessionState.CREATED

    @property
    def is_open(self) -> bool:
        """Whether the session has not ended."""
        return self.state in _OPEN

    def change(self, state: SessionState) -> None:
        """Change to another state.

        Raises
        ------
        TransitionError
            If the transition is not allowed.
        """
        if state not in TRANSITIONS[self.state]:
            msg = f"a session that is {self.state.value} cannot become {state.value}"
            raise TransitionError(msg)
        self.state = state

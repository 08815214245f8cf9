"""The scope of code: the cell, app or callback that it belongs to.

Python copies it into tasks and into ``asyncio.to_thread``.
"""

from __future__ import annotations

import weakref
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from .session import Session


class Scope(Protocol):
    """The origin of calls: a notebook cell, an app, a callback. Its session is opened at first use."""

    @property
    def session(self) -> Session:
        """The session of this scope."""
        ...


class CodeScope(Scope, Protocol):
    """The scope of code that is identified by this package's contextvar.

    Attributes
    ----------
    task : weakref.ref or None
        The asyncio task that runs the code, if any. Other tasks in this scope were started by it.
    """

    task: weakref.ref[asyncio.Task[Any]] | None

    @property
    def opened(self) -> Session | None:
        """The session, if it has been opened."""
        ...


scope_var: ContextVar[CodeScope | None] = ContextVar("nbsession_scope", default=None)


class SessionScope:
    """The scope of code that belongs to a session that is already open; see `CodeScope`."""

    def __init__(self, session: Session, task: asyncio.Task[Any] | None = None) -> None:
        self.session = session
        self.task = None if task is None else weakref.ref(task)

    def run_by(self, task: asyncio.Task[Any]) -> None:
        """Record the task that runs the code."""
        self.task = weakref.ref(task)

    @property
    def opened(self) -> Session:
        return self.session


@contextmanager
def inside(session: Session) -> Iterator[None]:
    """Run the body on behalf of ``session``, which gets its calls and prints."""
    token = scope_var.set(SessionScope(session))
    try:
        yield
    finally:
        scope_var.reset(token)

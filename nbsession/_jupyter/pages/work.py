"""The work that keeps a notebook's session open without a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession._core.current import runtime
from nbsession._sync.interrupt_safe_lock import MAIN

if TYPE_CHECKING:
    from nbsession._core.session import Session
    from nbsession._jupyter.cells.cell import Cells


def works(session: Session, cells: Cells) -> bool:
    """Return whether work that belongs to the session, or to an app in its cell, is running."""
    if session.env.get("close_with_page"):
        return False
    if cells.runs(session) and session.delivery.awaits_page and not MAIN.blocked:
        return False  # the cell may wait for a thread that waits for a page, which no page can answer
    return any(
        each.callbacks.busy or cells.runs(each) or _beside(each) for each in (session, *session.dependents)
    )


def _beside(session: Session) -> bool:
    """Return whether threads or tasks of a session run that do more than wait for its end."""
    app = session.app
    running = len(session.tasks) + len(runtime.threads_of(session))
    if app is None:
        return running > 0
    return running + app.computes > app.holders

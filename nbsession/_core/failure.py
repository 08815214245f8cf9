"""Exceptions in the code of apps, tasks and callbacks. The code has no caller, so the reader sees them."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nbsession.exceptions import SessionClosedException

if TYPE_CHECKING:
    from .outputs import Outputs

log = logging.getLogger("nbsession")

# The message for visitors, who should not see details of the code.
UNTOLD = "An internal error occurred in the application."
_OURS = str(Path(__file__).parents[1])


class _Session(Protocol):
    """The parts of a session that are used here."""

    number: int
    outputs: Outputs
    tells_failures: bool

    @property
    def closed(self) -> str | None:
        """Why it was closed, or None while it is open."""
        ...


def report(session: _Session, error: BaseException) -> None:
    """Show an exception in the session's outputs and log it.

    The exception of a closed session is not an error: it notifies the code of the end.
    """
    if isinstance(error, (SessionClosedException, SystemExit)):
        log.debug("code of session %d ended: %r", session.number, error)
        return
    log.error("an exception in the code of session %d", session.number, exc_info=error)
    if session.closed is not None:
        return
    if session.tells_failures:
        session.outputs.error(type(error).__name__, text_of(error), traceback_of(error), "")
    else:
        session.outputs.notice("error", UNTOLD)


def traceback_of(error: BaseException) -> str:
    """Return an exception's traceback, from the first frame outside of this package."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OURS):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))


def text_of(error: BaseException) -> str:
    """Return an exception's text. Its ``__str__`` is foreign code, and may fail, too."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 -- the reader must learn of the exception
        return "<exception str() failed>"

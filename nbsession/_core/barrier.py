"""Waiting until the page has run what it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .call import Call
from .values import encode_command

if TYPE_CHECKING:
    from .session import Session

# A timer, since the handlers of promises that are rejected by now run before it.
_SOON = "new Promise(done => setTimeout(done, pause))"


def wait_until_run(session: Session, timeout: float, *, pause: float = 0) -> None:
    """Wait until the page has run what the session has sent so far, and Python knows what came of it.

    That includes promises that have been rejected by then.

    Parameters
    ----------
    session : Session
        Open; the calling thread may block.
    timeout : float
        Seconds at most.
    pause : float
        Seconds for what the page says a little later: how often an error has occurred.

    Raises
    ------
    SessionException
        If the page has not run it in time, or is lost; if the session ends.
    """
    # What the page says on a channel arrives in order: the answer after the errors of all that was sent before.
    number = session.next_number()
    command = encode_command("eval_js", ("eval", number), _SOON, {"pause": 1000 * pause})
    call = Call(session)
    try:
        session.ask(number, command, call)
        call.result(timeout)
    except BaseException:
        session.withdraw(number, command)
        raise

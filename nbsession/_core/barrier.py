"""Waiting until the page has run, or has reported, everything so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession.exceptions import PageLostError

from .call import Call
from .values import Encoded, encode_command

if TYPE_CHECKING:
    from .session import Session

# A timer, because the handlers of promises that are already rejected run before it.
_SOON = "new Promise(done => setTimeout(done, pause))"


def wait_until_run(session: Session, timeout: float, *, pause: float = 0) -> None:
    """Wait until the page has run everything that the session has sent so far, and Python has received the results.

    The results include promises that have been rejected by then.

    Parameters
    ----------
    session : Session
        An open session. The calling thread must be allowed to block.
    timeout : float
        Maximum seconds to wait.
    pause : float
        Seconds to wait for delayed messages of the page, for example the count of a repeated error.

    Raises
    ------
    SessionException
        If the page has not run it in time or is lost, or if the session ends.
    """
    # Messages on a channel arrive in order. The answer therefore follows the errors of everything sent before.
    number = session.next_number()
    command = encode_command("eval_js", ("eval", number), _SOON, {"pause": 1000 * pause})
    call = Call(session)
    try:
        session.delivery.ask(number, command, call)
        call.result(timeout)
    except BaseException:
        session.delivery.withdraw(number, command)
        raise


def wait_until_reported(session: Session) -> None:
    """Block until Python has received what the reader has entered on the page so far.

    If the page is lost meanwhile, what it has reported before counts.

    Raises
    ------
    SessionException
        If the session has ended, or no page has attached in time.
    """
    call, number, command = _sync(session, awaited=False)
    try:
        session.delivery.ask(number, command, call)
        call.result()
    except PageLostError:
        return
    finally:
        if not call.released:
            session.delivery.withdraw(number, command)


async def until_reported(session: Session) -> None:
    """Await the same as `wait_until_reported`."""
    call, number, command = _sync(session, awaited=True)
    try:
        session.delivery.ask(number, command, call)
        await call
    except PageLostError:
        return
    finally:
        if not call.released:
            session.delivery.withdraw(number, command)


def _sync(session: Session, *, awaited: bool) -> tuple[Call, int, Encoded]:
    number = session.next_number()
    return Call(session, awaited=awaited), number, Encoded(f'["sync",{number}]', ())

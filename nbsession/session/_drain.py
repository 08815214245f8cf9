"""``drain``: wait until the page has caught up."""

from __future__ import annotations

from nbsession._core.backlog import wait_until_sent
from nbsession._core.current import current_session


async def drain() -> None:
    """Wait until the calling code's session has no unsent messages in Python.

    Use it after ``BacklogFullError`` in code that must not block.

    Raises
    ------
    SessionNotFoundException
        If the calling code belongs to no session.
    SessionClosedException
        If the session ends in the meantime.

    Examples
    --------
    >>> from nbsession import run_js, session
    >>> async def many():
    ...     for number in range(1_000_000):
    ...         run_js("console.log(n)", n=number)
    ...         if number % 10_000 == 0:
    ...             await session.drain()
    """
    session = current_session()
    await wait_until_sent(session, session.delivery)

"""``run_event_loop``."""

from __future__ import annotations


def run_event_loop(debug: bool = False) -> None:
    """Run the event loop of coroutine apps in WSGI applications (Flask, Django) in this thread. Does not return.

    Not necessary: without it, the first visitor's request starts such a loop in a thread of its own.

    Parameters
    ----------
    debug : bool
        Whether to use asyncio's debug mode.

    Raises
    ------
    RuntimeError
        If an event loop is already running in this thread.

    Examples
    --------
    >>> import threading
    >>> from nbsession.platform import run_event_loop
    >>> threading.Thread(target=run_event_loop, daemon=True).start()  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.platform.run_event_loop``.
    """
    from nbsession._server.run.coroutine_loop import run_coroutine_loop  # noqa: PLC0415 -- few programs need it

    run_coroutine_loop(debug=debug)

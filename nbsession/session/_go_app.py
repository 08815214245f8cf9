"""``go_app``."""

from __future__ import annotations

from nbsession._core.brief import BRIEF
from nbsession._core.current import current_session
from nbsession.exceptions import SessionException


def go_app(name: str, new_window: bool = True) -> None:  # noqa: FBT001, FBT002 -- the original's signature
    """Go to another app of the same ``start_server``.

    Parameters
    ----------
    name : str
        The app's name.
    new_window : bool
        Open it in a new window; in a notebook below the apps that are there. False replaces the calling app, whose
        session closes.

    Raises
    ------
    ValueError
        If there is no app of that name.
    SessionException
        If the calling code is no app's.

    Examples
    --------
    >>> from nbsession import go_app
    >>> go_app("settings", new_window=False)  # doctest: +SKIP

    Notes
    -----
    The original's ``pywebio.session.go_app``.
    """
    __tracebackhide__ = True
    with BRIEF:
        session = current_session()
        session.check_open()
        if session.app is None:
            msg = "go_app() goes from one app of start_server([...]) to another; this code belongs to none"
            raise SessionException(msg)
        session.app.host.go(session, name, new_window=new_window)

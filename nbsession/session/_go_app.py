"""``go_app``."""

from __future__ import annotations

from nbsession._core.brief import BRIEF
from nbsession._core.current import current_session
from nbsession.exceptions import SessionException


def go_app(name: str, new_window: bool = True) -> None:  # noqa: FBT001, FBT002 -- the original's signature
    """Open another app of the same ``start_server``.

    Parameters
    ----------
    name : str
        The app's name. If there is none of that name, the app ``index`` opens, with a warning.
    new_window : bool
        Open it in a new window; in a notebook, below the existing apps. False replaces the calling app, whose session
        closes.

    Raises
    ------
    ValueError
        If there is no app of that name, and no index.
    SessionException
        If the calling code does not belong to an app.

    Examples
    --------
    >>> from nbsession import go_app
    >>> go_app("settings", new_window=False)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.session.go_app``.
    """
    __tracebackhide__ = True
    with BRIEF:
        session = current_session()
        session.check_open()
        if session.app is None:
            msg = "go_app() opens another app of start_server([...]); this code does not belong to an app"
            raise SessionException(msg)
        session.app.host.go(session, name, new_window=new_window)

"""``start_server``: apps, wherever the code runs."""

from __future__ import annotations

import difflib
from typing import Any

from nbsession.exceptions import SessionNotFoundException
from nbsession.session.apps import name_apps
from nbsession.session.current import runtime

_SERVER_OPTIONS = frozenset(
    {
        "allowed_origins",
        "auto_open_webbrowser",
        "cdn",
        "check_origin",
        "debug",
        "host",
        "max_payload_size",
        "port",
        "reconnect_timeout",
        "remote_access",
        "session_expire_seconds",
        "static_dir",
    }
)


def start_server(applications: object, **server_options: object) -> Any:
    """Run apps: in a notebook in the output of the calling cell.

    Returns at once. Each app has a session of its own, with its own ``local``. It begins anew by the "New session"
    control of its view, and ends when the cell is run again or its output is cleared. Without an app named ``index``
    the first thing shown is a list of the apps; a single one is started at once.

    Parameters
    ----------
    applications : callable, sequence or mapping
        The app, a function without arguments, plain or ``async def``; several of them, named by their ``__name__``;
        or a mapping of names to apps.
    **server_options
        The original's options of a server (``port``, ``host``, ``debug``, ...). They have no meaning in a notebook.

    Returns
    -------
    AppHandle
        ``close()`` ends the apps; ``session`` is the session of the one that was started last.

    Raises
    ------
    TypeError
        If an app is no function, or an option unknown.
    ValueError
        If there is no app, or two have the same name.

    Examples
    --------
    >>> from nbsession import start_server
    >>> from nbsession.output import put_text
    >>> def app():
    ...     put_text("hello")
    >>> start_server(app)  # doctest: +SKIP

    Notes
    -----
    The original's ``pywebio.start_server``.
    """
    unknown = next((name for name in server_options if name not in _SERVER_OPTIONS), None)
    if unknown is not None:
        close = difflib.get_close_matches(unknown, _SERVER_OPTIONS, 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        msg = f"start_server() has no option {unknown!r}{hint}"
        raise TypeError(msg)
    apps = name_apps(applications)
    if len(apps) > 1 and "index" not in apps:
        from .index import index_of  # noqa: PLC0415 -- most have no need of it

        apps = {"index": index_of(list(apps)), **apps}
    platform = runtime.platform
    if platform is None:
        msg = "start_server() runs apps in a notebook; outside of one there is no server yet"
        raise SessionNotFoundException(msg)
    return platform.serve(apps)

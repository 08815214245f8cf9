"""The apps of ``start_server``, by name, and ``go_app``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nbsession.exceptions import SessionException

from .brief import BRIEF
from .coroutinebased import CoroutineApp
from .current import current_session
from .threadbased import FunctionApp

if TYPE_CHECKING:
    from .app import App, Host
    from .base import Session

AppFunction = Callable[[], Any]


def name_apps(applications: object) -> dict[str, AppFunction]:
    """Return the apps by name.

    Parameters
    ----------
    applications : callable, sequence or mapping
        A function, functions that are named by their ``__name__``, or a mapping of names to functions.

    Raises
    ------
    TypeError
        If it is none of these, or contains an object that is not a function.
    ValueError
        If there is no app, or two have the same name.
    """
    if isinstance(applications, Mapping):
        named = [(str(name), app) for name, app in applications.items()]
    elif isinstance(applications, Sequence) and not isinstance(applications, str):
        named = [(_name(app), app) for app in applications]
    else:
        named = [(_name(applications), applications)]
    if not named:
        msg = "start_server() expects at least one app"
        raise ValueError(msg)
    apps: dict[str, AppFunction] = {}
    for name, app in named:
        if not callable(app):
            msg = f"start_server() expects functions, not {type(app).__name__}: {app!r:.80} (app {name!r})"
            raise TypeError(msg)
        if inspect.isgeneratorfunction(app) or inspect.isasyncgenfunction(app):
            msg = (
                f"start_server() expects functions and async def functions without yield, unlike app {name!r}"
            )
            raise TypeError(msg)
        if name in apps:
            msg = f"start_server() was given two apps named {name!r}"
            raise ValueError(msg)
        apps[name] = app
    return apps


def _name(app: object) -> str:
    function = app
    while hasattr(function, "func"):  # functools.partial
        function = function.func
    return str(getattr(function, "__name__", "app"))


def make_app(session: Session, name: str, host: Host, function: AppFunction) -> App:
    """Return the app ``function`` for ``session``, ready to start."""
    kind = CoroutineApp if inspect.iscoroutinefunction(function) else FunctionApp
    return kind(session, name, host, function)


def go_app(name: str, new_window: bool = True) -> None:  # noqa: FBT001, FBT002 -- the original's signature
    """Open another app of the same ``start_server``.

    Parameters
    ----------
    name : str
        The app's name.
    new_window : bool
        Open it in a new window; in a notebook, below the existing apps. False replaces the calling app, whose session
        closes.

    Raises
    ------
    ValueError
        If there is no app of that name.
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

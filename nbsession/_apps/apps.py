"""The apps of ``start_server``, by name, and one run of them."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .app_config import configured
from .coroutine_app import CoroutineApp
from .function_app import FunctionApp

if TYPE_CHECKING:
    from nbsession._core.app import App, AppFunction, Host
    from nbsession._core.session import Session


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


def with_index(applications: object) -> dict[str, AppFunction]:
    """Return the apps by name, with an index if several apps lack one. Raises the exceptions of `name_apps`."""
    apps = name_apps(applications)
    if len(apps) > 1 and "index" not in apps:
        from .index import index_of  # noqa: PLC0415 -- most have no need of it

        return {"index": index_of(list(apps)), **apps}
    return apps


def destination(apps: Mapping[str, AppFunction], name: str) -> str:
    """Return the name of the app that ``go_app(name)`` opens: an unknown one is the index, as in PyWebIO.

    Raises
    ------
    ValueError
        If there is no such app, and no index.
    """
    if name in apps:
        return name
    given = f"go_app() found no app {name!r}"
    if "index" not in apps:
        msg = f"{given}; the apps are {', '.join(map(repr, apps))}"
        raise ValueError(msg)
    warnings.warn(f"{given} and opens 'index'", stacklevel=4)
    return "index"


def _name(app: object) -> str:
    function = app
    while hasattr(function, "func"):  # functools.partial
        function = function.func
    return str(getattr(function, "__name__", "app"))


def make_app(session: Session, name: str, host: Host, function: AppFunction) -> App:
    """Return the app ``function`` for ``session``, ready to start."""
    kind = CoroutineApp if inspect.iscoroutinefunction(function) else FunctionApp
    return kind(session, name, host, configured(function))

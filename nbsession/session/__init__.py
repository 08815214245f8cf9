"""The session API: the names of ``pywebio.session``, for notebooks.

To port an app, change its imports: ``from nbsession.session import run_js, eval_js, ...``.
"""

from __future__ import annotations

from nbsession._core.current import current_session

from . import coroutinebased
from ._bind import bind, register_thread
from ._commands import eval_js, run_js
from ._current_session import CurrentSession, get_current_session
from ._download import download
from ._drain import drain
from ._env import set_env
from ._former_names import data, get_info
from ._go_app import go_app
from ._info import info
from ._lifetime import close, defer_call, hold
from ._local import local
from ._wait_for import wait_for
from .coroutinebased import run_async, run_asyncio_coroutine

__all__ = [
    "CurrentSession",
    "bind",
    "close",
    "coroutinebased",
    "data",
    "defer_call",
    "download",
    "drain",
    "eval_js",
    "get_current_session",
    "get_info",
    "go_app",
    "hold",
    "info",
    "local",
    "register_thread",
    "run_async",
    "run_asyncio_coroutine",
    "run_js",
    "set_env",
    "wait_for",
]


def __getattr__(name: str) -> object:
    """``session.closed``: why the calling code's session was closed; None while it is open."""
    if name == "closed":
        return current_session().closed
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return [*__all__, "closed"]

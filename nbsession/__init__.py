"""nbsession: PyWebIO's session API with a Jupyter comm channel in place of the WebSocket.

>>> from nbsession import download, eval_js, info, local, run_js
>>> eval_js("navigator.language")  # doctest: +SKIP
'en-US'
"""

from __future__ import annotations

import logging

# The platform first: it registers itself with the session layer.
from . import platform as _platform  # noqa: F401
from . import session
from ._apps.app_config import config
from ._core.running_kernel import running_kernel as _running_kernel
from ._version import __version__ as __version__
from .exceptions import (
    BacklogFullError,
    ForkedProcessError,
    FrontendNotFoundException,
    JSError,
    JSTimeoutError,
    PageLostError,
    SessionClosedException,
    SessionException,
    SessionNotFoundException,
    UnansweredInputError,
    UnsupportedKernelError,
)
from .platform._enable_debug import enable_debug
from .platform._start_server import start_server
from .session import (
    defer_call,
    download,
    eval_js,
    go_app,
    hold,
    info,
    local,
    register_thread,
    run_async,
    run_asyncio_coroutine,
    run_js,
    set_env,
    wait_for,
)

if _running_kernel() is not None:
    # Without logging configuration, Python prints warnings: in a kernel, into the cell that happens to run.
    logging.getLogger(__name__).addHandler(logging.NullHandler())

__all__ = [
    "BacklogFullError",
    "ForkedProcessError",
    "FrontendNotFoundException",
    "JSError",
    "JSTimeoutError",
    "PageLostError",
    "SessionClosedException",
    "SessionException",
    "SessionNotFoundException",
    "UnansweredInputError",
    "UnsupportedKernelError",
    "config",
    "defer_call",
    "download",
    "enable_debug",
    "eval_js",
    "go_app",
    "hold",
    "info",
    "local",
    "register_thread",
    "run_async",
    "run_asyncio_coroutine",
    "run_js",
    "session",
    "set_env",
    "start_server",
    "wait_for",
]


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

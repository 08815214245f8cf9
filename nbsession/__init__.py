"""nbsession: PyWebIO's session API with a Jupyter comm channel in place of the WebSocket.

>>> from nbsession import download, eval_js, info, local, run_js
>>> eval_js("navigator.language")  # doctest: +SKIP
'en-US'
"""

from __future__ import annotations

import importlib
import logging
from pathlib import Path as _Path
from typing import TYPE_CHECKING as _TYPE_CHECKING

# The platform first: it registers itself with the session layer.
from . import platform, session
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

STATIC_PATH: str = str(_Path(__file__).parent / "static")
"""The directory of the files that pages load. Pages load them from their own path, so no server needs it."""

if _running_kernel() is not None:
    # Without logging configuration, Python prints warnings: in a kernel, into the cell that happens to run.
    logging.getLogger(__name__).addHandler(logging.NullHandler())

__all__ = [
    "STATIC_PATH",
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
    "output",
    "pin",
    "platform",
    "register_thread",
    "run_async",
    "run_asyncio_coroutine",
    "run_js",
    "session",
    "set_env",
    "start_server",
    "wait_for",
]


if _TYPE_CHECKING:
    from . import input as input  # noqa: A004 -- the original's name
    from . import output as output
    from . import pin as pin
else:

    def __getattr__(name: str) -> object:
        """``nbsession.output`` and others work without an import of their own."""
        if name in {"input", "output", "pin"}:
            return importlib.import_module(f"{__name__}.{name}")
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

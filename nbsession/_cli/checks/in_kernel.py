"""The doctor's code in the kernel that it has started."""

from __future__ import annotations

import asyncio
import json
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, cast

from nbsession._core.current import runtime
from nbsession._sync.waiter import Waiter

if TYPE_CHECKING:
    from nbsession._jupyter.jupyter_platform import JupyterPlatform
    from nbsession._jupyter.shell.shell_interceptor import ShellInterceptor

_heard = Waiter()


def listen(comm_id: str) -> str:
    """Open the interceptor for a comm and return a description of the kernel, as JSON."""
    interceptor = _interceptor()
    interceptor.open(comm_id, lambda _: _heard.release())
    patches = [name for name in ("jupyter_ui_poll",) if name in sys.modules]
    if hasattr(asyncio, "_nest_patched"):
        patches.append("nest_asyncio.apply()")
    reads = "a separate thread" if interceptor.threaded else "the waiting main thread"
    found = {"ipykernel": version("ipykernel"), "reads": reads, "patches": patches}
    return json.dumps({**found, "direct": _platform().direct_sockets.listen()})


def wait(seconds: float) -> bool:
    """Wait for the doctor's message, in a running cell; return whether it arrived."""
    return _interceptor().wait(_heard, seconds)


def _interceptor() -> ShellInterceptor:
    return _platform().interceptor


def _platform() -> JupyterPlatform:
    return cast("JupyterPlatform", runtime.platform)

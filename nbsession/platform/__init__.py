"""Platforms open sessions. The platform for this process is chosen at first use."""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING

from nbsession._core.current import runtime
from nbsession._core.running_kernel import running_kernel, when_listening
from nbsession._own_page.browser import chosen
from nbsession._own_page.foreign import foreign_place

if TYPE_CHECKING:
    from nbsession._core.interfaces.platform_protocol import Platform

# Servers need it, and Python cannot load it after the script's main thread has ended. Other threads may start a server
# after that. If it is too late here, `_server.run.executor` reports this.
with contextlib.suppress(RuntimeError):
    import concurrent.futures.thread  # noqa: F401


def _choose() -> Platform:
    kernel = running_kernel()
    place = foreign_place(kernel)
    if place is not None and chosen() is None:
        from nbsession._own_page.foreign_platform import ForeignPlatform  # noqa: PLC0415 -- kernels do not need it

        return ForeignPlatform(place)
    if place is not None or kernel is None:
        from nbsession._own_page.script_platform import ScriptPlatform  # noqa: PLC0415 -- kernels do not need it

        return ScriptPlatform()
    if chosen() is not None:
        from nbsession._jupyter.own_page_platform import OwnPagePlatform  # noqa: PLC0415 -- as below

        return OwnPagePlatform(kernel)
    from nbsession._jupyter.jupyter_platform import JupyterPlatform  # noqa: PLC0415 -- ipykernel is optional elsewhere

    return JupyterPlatform(kernel)


runtime.register(_choose)
# The cell that imports nbsession is the first that can have a session.
when_listening(lambda: runtime.platform)

# Last: they use what has been registered.
from nbsession._apps.app_config import config  # noqa: E402

from ._bokeh import install_when_imported  # noqa: E402
from ._path_deploy import path_deploy, path_deploy_http  # noqa: E402
from ._run_event_loop import run_event_loop  # noqa: E402
from ._seo import seo  # noqa: E402
from ._start_server import start_server  # noqa: E402

install_when_imported()

__all__ = ["config", "path_deploy", "path_deploy_http", "run_event_loop", "seo", "start_server"]

if TYPE_CHECKING:
    from . import aiohttp as aiohttp
    from . import django as django
    from . import fastapi as fastapi
    from . import flask as flask
    from . import starlette as starlette
    from . import tornado as tornado
    from . import tornado_http as tornado_http
else:

    def __getattr__(name: str) -> object:
        """``nbsession.platform.flask`` and others work without an import of their own."""
        if name in {"aiohttp", "django", "fastapi", "flask", "starlette", "tornado", "tornado_http"}:
            return importlib.import_module(f"{__name__}.{name}")
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)

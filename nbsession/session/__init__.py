"""The session API: the names of ``pywebio.session``, for notebooks.

Porting an app is a change of imports: ``from nbsession.session import run_js, eval_js, ...``.
"""

from __future__ import annotations

from ._info import info
from ._local import local
from .commands import eval_js, run_js
from .current import bind, register_thread
from .download import download
from .draining import drained

__all__ = ["bind", "download", "drained", "eval_js", "info", "local", "register_thread", "run_js"]

"""What the calling code is: a coroutine, code on an event loop, or a task that the cell does not wait for."""

from __future__ import annotations

import inspect
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

# Whether a task of `run_async` runs or has started the code: the cell does not wait for it.
beside_var: ContextVar[bool] = ContextVar("nbsession_beside", default=False)

_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


def called_from_coroutine(frame: FrameType | None) -> bool:
    """Return whether ``frame``, after skipping comprehensions, is that of a coroutine or an async generator.

    Comprehensions have separate frames before Python 3.12 (PEP 709), generator expressions always.
    """
    while frame is not None and frame.f_code.co_name in _COMPREHENSIONS:
        frame = frame.f_back
    return frame is not None and bool(frame.f_code.co_flags & _COROUTINE)


def caller_depth() -> int:
    """Return the ``stacklevel`` with which a warning of the calling function points at code outside of nbsession."""
    frame, depth = sys._getframe(1), 1
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).startswith("nbsession."):
        frame, depth = frame.f_back, depth + 1
    return depth


def inside_event_loop(frame: FrameType | None) -> bool:
    """Return whether code at ``frame`` runs on an event loop, in a coroutine or callback, so that it must not block.

    A cell's plain code does not count, although IPython runs cells in a coroutine.
    """
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("IPython."):
            return False
        if frame.f_code.co_flags & _COROUTINE:
            return True
        if module.startswith("asyncio."):
            return True
        frame = frame.f_back
    return False

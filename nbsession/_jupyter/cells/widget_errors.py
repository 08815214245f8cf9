"""Exceptions in callbacks of ipywidgets. They are shown in a cell, like those of this package's own buttons.

ipywidgets catches a callback's exceptions and lets IPython show them, for the event's message. This message belongs to
no cell, so JupyterLab shows them only in its log console.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from nbsession._core.current import failed_in
from nbsession._core.parts import current_part
from nbsession._core.scope import scope_var
from nbsession._jupyter.shell import _private_outputs
from nbsession.exceptions import SessionException

from .cell import CellScope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbsession._core.session import Session

    from .cell import Cells

_WIDGET = "application/vnd.jupyter.widget-view+json"
_EVENTS = frozenset({"comm_msg", "comm_open", "comm_close"})
# Modules whose frames lie between the kernel and the callback in a traceback.
_BETWEEN = ("ipywidgets.", "traitlets.", "nbsession.session.", "nbsession._core.")


class WidgetErrors:
    """Shows the exceptions.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The kernel that runs the callbacks.
    cells : Cells
        The cells and their sessions.
    page_session : callable
        Returns the session of a front-end connection, which shows notices in a toast.
    """

    def __init__(self, kernel: Any, cells: Cells, page_session: Callable[[str], Session]) -> None:
        self._kernel = kernel
        self._cells = cells
        self._page_session = page_session
        # The widgets that the last run of a cell displays, by the cell's place. ipywidgets keeps widgets forever, and
        # they must not keep the sessions of former runs alive.
        self._displayed: dict[str, tuple[CellScope, WeakSet[Any]]] = {}

    def install(self) -> None:
        """Install the hooks. Must be called once per kernel."""
        _private_outputs.watch_errors(self._kernel, self._show)

    def displayed(self, message: dict[str, Any]) -> None:
        """Record which cell displays a widget. Called with each display message."""
        found = message["content"].get("data", {}).get(_WIDGET)
        scope = scope_var.get()
        if isinstance(found, dict) and isinstance(scope, CellScope):
            widget = _private_outputs.widgets().get(found.get("model_id"))
            if widget is None:
                return
            run, widgets = self._displayed.get(scope.place, (None, WeakSet()))
            if run is not scope:
                widgets = WeakSet()
                self._displayed[scope.place] = scope, widgets
            widgets.add(widget)

    def _show(self, error: BaseException) -> bool:
        """Show a callback's exception. Return whether it was shown; others are left to IPython."""
        parent = self._kernel.get_parent()
        header = parent.get("header", {})
        if header.get("msg_type") not in _EVENTS or current_part() is not None:
            return False  # a cell's own, or the callback is inside a widget, which shows it
        session = failed_in(error)
        if session is None and isinstance(error, SessionException):
            session = self._of_cell(parent) or self._page_session(str(header.get("session", "")))
        if session is None or session.closed is not None:
            return False
        session.failed(_of_callback(error))
        return True

    def _of_cell(self, parent: dict[str, Any]) -> Session | None:
        """Return the session of the cell that displays an event's widget, directly or inside another one."""
        widget = _private_outputs.widgets().get(parent["content"].get("comm_id"))
        scopes = [
            scope
            for scope, widgets in list(self._displayed.values())
            if any(widget in _within(shown) for shown in list(widgets))
        ]
        return next((session for scope in reversed(scopes) if (session := self._cells.latest(scope))), None)


def _within(widget: Any) -> Iterator[Any]:
    """Return a widget and the widgets inside it."""
    waiting, seen = [widget], []
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.append(each)
            yield each
            waiting += getattr(each, "children", ())


def _of_callback(error: BaseException) -> BaseException:
    """Return the exception with a traceback that starts in the callback."""
    trace = error.__traceback__
    while trace is not None and str(trace.tb_frame.f_globals.get("__name__", "")).startswith(_BETWEEN):
        trace = trace.tb_next
    return error if trace is None else error.with_traceback(trace)

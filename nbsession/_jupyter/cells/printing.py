"""Prints and displays of a session's code, directed to the session's own cell.

ipykernel assigns output to the message that the printing task came from, or, in a thread, to the current message, that
of any running cell. For code of a session, the right cell is known: from this package's contextvar (a cell's code and
its tasks, apps, callbacks, bound functions), or because the thread was registered.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from nbsession._core.current import runtime
from nbsession._core.parts import current_part
from nbsession._core.scope import scope_var
from nbsession._jupyter.shell import _private_outputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from .cell import Cells


class Printing:
    """Directs stdout, stderr and displays.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The kernel whose output is directed.
    cells : Cells
        The cells, which map sessions to outputs.
    cleared : callable
        Called with the id of a message whose output code clears, before the front end is notified.
    """

    def __init__(self, kernel: Any, cells: Cells, cleared: Callable[[str], object]) -> None:
        self._kernel = kernel
        self._cells = cells
        self._cleared = cleared

    def install(self) -> None:
        """Override the kernel's own choice. Must be called once per kernel."""
        _private_outputs.direct_output(self._kernel, self.header)
        _private_outputs.watch_displays(self._kernel, self._pass)

    def header(self) -> dict[str, Any] | None:
        """Return the header of the message for the calling code's prints, if the code belongs to a session."""
        part = current_part()
        if part is not None:
            return part.header
        scope = scope_var.get()
        if scope is None:
            session = runtime.registered(threading.current_thread())
            if session is None:
                return None
            parent = self._cells.home(session)
        else:
            parent = getattr(scope, "parent", None) or self._cells.home(scope.session)
        return None if parent is None else parent.get("header")

    def _pass(self, message: dict[str, Any]) -> dict[str, Any]:
        header = self.header()
        if header is not None:
            message = {**message, "parent_header": header}
        if message["header"]["msg_type"] == "clear_output":
            self._cleared(str(message["parent_header"].get("msg_id", "")))
        return message

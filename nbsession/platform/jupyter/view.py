"""Views: where the session of a cell appears, as soon as it has something to show."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession.session.base import Session

    from .bridge import Bridge, View


class Views:
    """The views of a kernel's sessions. Any thread.

    Parameters
    ----------
    display : callable
        ``display(parent, data)`` publishes a mimebundle into the output of the cell that ``parent`` ran.
    """

    def __init__(self, display: Callable[[dict[str, Any], dict[str, object]], None]) -> None:
        self._display = display
        self._lock = threading.Lock()
        self._views: dict[int, View] = {}

    def show(self, session: Session, parent: dict[str, Any], bridge: Bridge) -> None:
        """Show the session in the cell's output."""
        from .bridge import View, mimebundle  # noqa: PLC0415 -- anywidget is imported at first use

        view = View(bridge.model_id, session.number)
        with self._lock:
            self._views[session.number] = view
        self._display(parent, mimebundle(view))

    def replace(self, former: Session, session: Session) -> None:
        """Have the view of ``former`` show ``session``."""
        with self._lock:
            view = self._views.pop(former.number, None)
            if view is not None:
                self._views[session.number] = view
        if view is not None:
            view.session = session.number

    def remove(self, session: Session) -> None:
        """Let go of a closed session's view; what it showed last stays on the page."""
        with self._lock:
            view = self._views.pop(session.number, None)
        if view is not None:
            view.close()

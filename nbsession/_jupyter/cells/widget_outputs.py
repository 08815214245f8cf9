"""``ipywidgets.Output`` as a context: outputs that a session creates inside it appear there, in a separate view.

While code is inside the widget, the front end shows outputs of one message (``msg_id``, that of the cell or of the
event whose callback is running) in the widget instead of in the message's own output. A session has one view, which is
displayed once: outputs inside a second widget would appear in the first. Therefore, the session has a separate scope
for each widget, and a view that shows only this scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from nbsession._core.importing import when_imported
from nbsession._core.parts import parts_var

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from nbsession._core.session import Session


class OutputPart:
    """One widget.

    Parameters
    ----------
    widget : ipywidgets.Output
        The widget.
    display : callable
        ``display(session, parent, name)`` displays the session's outputs of this widget as output of the message
        ``parent``.
    """

    def __init__(self, widget: Any, display: Callable[[Session, dict[str, Any], str], object]) -> None:
        self.name = f"ipywidgets.Output {widget.model_id}"
        self.parent: dict[str, Any] = {}
        self._widget = ref(widget)
        self._display = display
        self._shown: set[int] = set()

    @property
    def entered(self) -> bool:
        return bool(getattr(self._widget(), "msg_id", ""))

    @property
    def header(self) -> dict[str, Any]:
        found: dict[str, Any] = self.parent.get("header", {})
        return found

    def show(self, session: Session) -> None:
        # Outside of the widget, displays would not go there.
        if session.number not in self._shown and self.entered:
            self._shown.add(session.number)
            self._display(session, self.parent, self.name)

    def cleared(self, session: Session) -> None:
        """Called when the widget has been cleared: the next output displays the view again."""
        self._shown.discard(session.number)


class WidgetOutputs:
    """All widgets of the kernel that code has entered.

    Parameters
    ----------
    parent : callable
        Returns the message that the kernel is handling for the calling code.
    display : callable
        See `OutputPart`.
    left : callable
        Called when code has left a widget.
    """

    def __init__(
        self,
        parent: Callable[[], dict[str, Any]],
        display: Callable[[Session, dict[str, Any], str], object],
        left: Callable[[], object],
    ) -> None:
        self._parent = parent
        self._display = display
        self._left = left
        self._parts: WeakKeyDictionary[Any, OutputPart] = WeakKeyDictionary()

    def install(self) -> None:
        """Track from now on when code enters and leaves a widget. Must be called once per kernel."""
        when_imported("ipywidgets.widgets.widget_output", self._watch)

    def _watch(self, module: ModuleType) -> None:
        outputs: Any = getattr(module, "Output", None)
        if not hasattr(outputs, "__enter__"):
            return
        enter, leave = outputs.__enter__, outputs.__exit__

        def watched_enter(widget: Any) -> Any:
            entered = enter(widget)
            self._enter(widget)
            return entered

        def watched_leave(widget: Any, *error: Any) -> Any:
            try:
                return leave(widget, *error)
            finally:
                self._leave(widget)

        outputs.__enter__, outputs.__exit__ = watched_enter, watched_leave

    def _enter(self, widget: Any) -> None:
        part = self._parts.get(widget)
        if part is None:
            part = self._parts[widget] = OutputPart(widget, self._display)
        parent = self._parent()
        if parent.get("header", {}).get("msg_id") == widget.msg_id:
            part.parent = parent
            parts_var.set((*parts_var.get(), part))

    def _leave(self, widget: Any) -> None:
        parts, part = parts_var.get(), self._parts.get(widget)
        if part in parts:
            last = len(parts) - 1 - parts[::-1].index(part)
            parts_var.set((*parts[:last], *parts[last + 1 :]))
        self._left()

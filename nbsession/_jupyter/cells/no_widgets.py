"""The content of a cell's output if the page does not load this package's widget, or no widgets at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

if TYPE_CHECKING:
    from .bridge import Bridge

# The text if the cell has no output of this package yet.
NOTICE_HTML = (
    "<p>nbsession has not reached this page. If this message stays, the page cannot load nbsession's widget: run "
    "<code>pip install anywidget</code> in the environment in which the Jupyter <em>server</em> runs (the kernel's may "
    "be another), then reload the page.</p>"
)


class Notice:
    """The bridge, displayed below a text that explains why it does not work, until it does.

    The text is a widget of ipywidgets itself, so a page with ipywidgets but without anywidget shows it.

    Parameters
    ----------
    bridge : Bridge
        The kernel's bridge.

    Attributes
    ----------
    widget : ipywidgets.VBox
        The displayed widget.
    """

    def __init__(self, bridge: Bridge) -> None:
        self._text = ipywidgets.HTML(NOTICE_HTML)
        self.widget = ipywidgets.VBox([self._text, bridge])

    def retract(self) -> None:
        """Remove the text after a page has sent its hello."""
        self._text.value = ""

"""What a cell's output shows where the page loads no widget of ours, or none at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

if TYPE_CHECKING:
    from .bridge import Bridge

# Front ends show it in place of a widget that they cannot show, and so do exported notebooks. Constant, as `VIEW_TEXT`.
VIEW_HTML = (
    "<p>This output of nbsession is live: run the cell to see it. If this message stays in a trusted notebook, the "
    "page cannot load nbsession's widget: run <code>pip install anywidget</code> in the environment in which the "
    "Jupyter <em>server</em> runs (the kernel's may be another), then reload the page.</p>"
)
# The same where there is no output of ours yet.
NOTICE_HTML = (
    "<p>nbsession has not reached this page. If this message stays, the page cannot load nbsession's widget: run "
    "<code>pip install anywidget</code> in the environment in which the Jupyter <em>server</em> runs (the kernel's may "
    "be another), then reload the page.</p>"
)


class Notice:
    """The bridge, displayed below a text that tells why it does not work, until it does.

    The text is a widget of ipywidgets itself: a page that has those and no anywidget shows it.

    Parameters
    ----------
    bridge : Bridge
        The kernel's.

    Attributes
    ----------
    widget : ipywidgets.VBox
        What is displayed.
    """

    def __init__(self, bridge: Bridge) -> None:
        self._text = ipywidgets.HTML(NOTICE_HTML)
        self.widget = ipywidgets.VBox([self._text, bridge])

    def retract(self) -> None:
        """A page has said hello: take the text away."""
        self._text.value = ""

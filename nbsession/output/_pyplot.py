"""Matplotlib figures: which one to show, and that it is shown once. Never imports matplotlib."""

from __future__ import annotations

import sys
from typing import Any

from nbsession._core.figures import close


def figure_of(obj: object) -> object:
    """Return the figure of axes, such as ``DataFrame.plot()`` returns; return any other object unchanged."""
    axes: Any = sys.modules.get("matplotlib.axes")
    if axes is None or not isinstance(obj, axes.Axes):
        return obj
    # Axes may be in a subfigure, whose ``figure`` is the whole figure. Removed axes have no figure.
    figure: object = getattr(obj.figure, "figure", None)
    return obj if figure is None else figure


def close_shown(obj: object) -> None:
    """Close a figure in pyplot if it would be shown again at the end of the next cell. It can still be drawn.

    The inline backend shows every figure that is open in pyplot at the end of a cell. For that reason, its
    ``plt.show()`` closes the figures that it shows, unless ``InlineBackend.close_figures`` is off. This function
    imports nothing.
    """
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not isinstance(obj, pyplot.Figure):
        return
    made_by_pyplot = getattr(obj, "number", None) is not None
    if made_by_pyplot and _shows_open_figures(pyplot):
        close(obj)


def _shows_open_figures(pyplot: Any) -> bool:
    config: Any = sys.modules.get("matplotlib_inline.config")
    inline = "inline" in str(pyplot.get_backend())
    return inline and config is not None and bool(config.InlineBackend.instance().close_figures)

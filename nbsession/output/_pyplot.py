"""Matplotlib figures: which one to show, that it is shown once, and on which ground. Never imports matplotlib."""

from __future__ import annotations

import sys
from typing import Any, Literal

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


def ground_of(obj: object) -> Literal["light", "dark"] | None:
    """Return the ground on which the text of a transparent figure is readable; None for any other object."""
    module: Any = sys.modules.get("matplotlib.figure")
    if module is None or not isinstance(obj, module.Figure):
        return None
    figure: Any = obj
    opaque = figure.patch.get_visible() and _rgba(figure.get_facecolor())[3] >= 0.5  # noqa: PLR2004 -- half
    if opaque and not sys.modules["matplotlib"].rcParams["savefig.transparent"]:
        return None
    text: Any = sys.modules["matplotlib.text"].Text
    colours = [_rgba(each.get_color()) for each in figure.findobj(text) if each.get_text()]
    lightness = [0.3 * red + 0.6 * green + 0.1 * blue for red, green, blue, _ in colours]
    return "dark" if lightness and sum(lightness) > len(lightness) / 2 else "light"


def _rgba(colour: object) -> tuple[float, float, float, float]:
    rgba: tuple[float, float, float, float] = sys.modules["matplotlib.colors"].to_rgba(colour)
    return rgba


def _shows_open_figures(pyplot: Any) -> bool:
    config: Any = sys.modules.get("matplotlib_inline.config")
    inline = "inline" in str(pyplot.get_backend())
    return inline and config is not None and bool(config.InlineBackend.instance().close_figures)

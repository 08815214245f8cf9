"""Figures of charting libraries as content by MIME type. Recognizes them without importing a library."""

from __future__ import annotations

import importlib
import json
import sys
import uuid
from html import escape
from typing import Any


def chart_of(obj: object) -> dict[str, Any] | None:
    """Return the content of a chart; None for other objects."""
    for package, describe in (
        ("plotly", _plotly),
        ("pyecharts", _pyecharts),
        ("bokeh", _bokeh),
        ("altair", _altair),
    ):
        if package in sys.modules and any(
            kind.__module__.partition(".")[0] == package for kind in type(obj).__mro__
        ):
            return describe(obj)
    return None


def _plotly(figure: Any) -> dict[str, Any] | None:
    base: Any = getattr(sys.modules.get("plotly.basedatatypes"), "BaseFigure", ())
    if not isinstance(figure, base) or hasattr(figure, "comm"):  # a FigureWidget is a widget
        return None
    html = {"text/html": figure.to_html(full_html=False, include_plotlyjs=False)}
    return (
        {"application/vnd.plotly.v1+json": json.loads(figure.to_json()), **html} if _in_notebook() else html
    )


def _pyecharts(chart: Any) -> dict[str, Any] | None:
    # Charts, and what consists of several: Grid, Page, Timeline, Tab.
    if not callable(getattr(chart, "render_embed", None)):
        return None
    html = chart.render_embed()
    if type(chart).__name__ == "Tab":
        # Its code hides the charts of all of its document.
        html = (
            f'<iframe title="{escape(str(chart.page_title))}" srcdoc="{escape(html)}"'
            ' style="width: 100%; height: 580px; border: none"></iframe>'
        )
    return {"text/html": html}


def _bokeh(model: Any) -> dict[str, Any] | None:
    if not isinstance(model, getattr(sys.modules.get("bokeh.models"), "UIElement", ())):
        return None
    # Not loaded by `import bokeh.plotting`.
    embed: Any = importlib.import_module("bokeh.embed")
    return {"text/html": "".join(embed.components(model))}


def _altair(chart: Any) -> dict[str, Any] | None:
    base: Any = getattr(sys.modules["altair"], "TopLevelMixin", ())
    if not isinstance(chart, base):
        return None
    # Each chart needs an id of its own: the library finds its place in the document by it.
    place = f"altair-{uuid.uuid4().hex}"
    html = {"text/html": chart.to_html(fullhtml=False, output_div=place)}
    if not _in_notebook():
        return html
    specification = chart.to_dict()
    major = str(specification.get("$schema", "")).rpartition("/v")[2].partition(".")[0]
    return {f"application/vnd.vegalite.v{major or 5}+json": specification, **html}


def _in_notebook() -> bool:
    """Return whether a front end may have a renderer of its own for the chart."""
    ipython: Any = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None

"""The scripts that HTML of charting libraries needs: which of them the page loads from nbsession instead of a CDN."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from nbsession._core.libraries import library_path

from ._chart_addresses import own_files


class Charts(TypedDict):
    """The scripts and style sheets that HTML needs, by the names of `nbsession._core.libraries`."""

    addresses: dict[str, str]
    """The addresses in the HTML that files replace."""
    needs: list[str]
    """The files that its scripts use without naming an address."""


# Code of exports that name no address, because they expect the library in the page.
_USES = {
    "plotly.js": re.compile(
        r"\bPlotly\.(?:newPlot|react|plot)\(|\brequire(?:js)?\(\[\s*['\"]plotly['\"]", re.ASCII
    ),
    "bokeh.js": re.compile(r"\bBokeh\.(?:safely|embed|set_log_level)\b", re.ASCII),
    "echarts.js": re.compile(r"\becharts\.init\(", re.ASCII),
    "vega.js": re.compile(r"\bvegaEmbed\(", re.ASCII),
}
# RequireJS, which the page has none of: its part for charts plays it, and says what cannot be loaded.
_REQUIRE = re.compile(r"\brequire(?:js)?(?:\.config)?\(\s*[\[{]", re.ASCII)
_SOURCE = re.compile(r"<script\b[^>]*\ssrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_MODEL = re.compile(r"\\?\"name\\?\":\s?\\?\"(\w+)\\?\"", re.ASCII)
# Comments at the beginning of a library's own code, which an export may contain as a whole.
_BANNERS = {"plotly.js": "\n* plotly.js v", "bokeh.js": "(c) Anaconda, Inc., and Bokeh Contributors"}
_BOKEH_PARTS = ("bokeh.js", "bokeh-gl.js", "bokeh-widgets.js", "bokeh-tables.js", "bokeh-mathjax.js")


def with_charts(html: str) -> tuple[str, Charts | None]:
    """Return HTML without copies of installed libraries, and the files that it needs; None if it needs none."""
    if "<script" not in html and "srcdoc=" not in html:
        return html, None
    html, contained = _without_copies(html)
    addresses = own_files(html)
    needs = [*contained, *_used(html, addresses, contained)]
    if not addresses and not needs and not _REQUIRE.search(html):
        return html, None
    return html, {"addresses": addresses, "needs": needs}


def _without_copies(html: str) -> tuple[str, list[str]]:
    """Remove the libraries' own code, which would be sent and stored with each chart.

    ``to_html(include_plotlyjs=True)`` and bokeh's ``INLINE`` resources contain it.
    """
    found = []
    for banner, names in ((_BANNERS["plotly.js"], ("plotly.js",)), (_BANNERS["bokeh.js"], _BOKEH_PARTS)):
        if banner not in html:
            continue
        for name in names:
            path = library_path(name)
            code = None if path is None else _code(path, path.stat().st_mtime_ns)
            if code and code in html:
                html = html.replace(code, "")
                found.append(name)
    return html, found


@lru_cache(maxsize=len(_BOKEH_PARTS) + 1)
def _code(path: Path, _changed: int) -> str:
    return path.read_text(encoding="utf-8").strip()


def _used(html: str, addresses: dict[str, str], contained: list[str]) -> list[str]:
    """Return the libraries that scripts use and the HTML does not load."""
    if any(source not in addresses for source in _SOURCE.findall(html)):
        return []  # it may load them from there
    loaded = {*addresses.values(), *contained}
    names = [
        name
        for name, use in _USES.items()
        if name not in loaded and use.search(html) and _BANNERS.get(name, "\0") not in html
    ]
    if "bokeh.js" in names:
        names += _bokeh_parts(html)
    return [name for name in names if library_path(name) is not None]


def _bokeh_parts(html: str) -> list[str]:
    """Return the further scripts that the models of a bokeh document need."""
    models = sys.modules.get("bokeh.models")
    modules = {
        str(getattr(getattr(models, name, None), "__module__", "")) for name in set(_MODEL.findall(html))
    }
    parts = []
    if any(module.startswith("bokeh.models.widgets") for module in modules):
        parts.append("bokeh-widgets.js")
    if any(module.startswith("bokeh.models.widgets.tables") for module in modules):
        parts.append("bokeh-tables.js")
    if "webgl" in html:
        parts.append("bokeh-gl.js")
    if "bokeh.models.text" in modules or "$$" in html:
        parts.append("bokeh-mathjax.js")
    return parts

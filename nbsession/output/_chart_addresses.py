"""The addresses from which exports of charting libraries load scripts, and the own file that replaces each."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from nbsession._core.libraries import library_path

_NPM = r"https://(?:cdn\.jsdelivr\.net/npm|unpkg\.com)/"
_CDNJS = r"https://cdnjs\.cloudflare\.com/ajax/libs/"
_PYECHARTS = r"https://assets\.pyecharts\.org/assets/(?:v(?P<major>\d+)/)?"
_FOLIUM = r"https://cdn\.jsdelivr\.net/gh/python-visualization/folium/folium/templates/"
_MAJOR = r"(?P<major>\d+)(?:\.\d+){0,2}"
_JS = r"(?:\.min)?\.js"
_MODULE = r"(?:\.min)?(?:\.js)?"  # RequireJS adds the suffix itself
_CSS = r"(?:\.min)?\.css"
_THEMES = "(?:infographic|macarons|roma|shine|vintage)"

# By the own file. A whole address matches, or is left alone.
_KNOWN = {
    "plotly.js": (
        rf"https://cdn\.plot\.ly/plotly-(?:[a-z0-9]+-)?(?:latest|{_MAJOR}){_MODULE}",
        rf"{_NPM}plotly\.js-(?:[a-z0-9]+-)?dist(?:-min)?@{_MAJOR}(?:/plotly{_JS})?",
        rf"{_CDNJS}plotly\.js/{_MAJOR}/plotly{_JS}",
    ),
    **{
        f"bokeh{part}.js": (
            rf"https://cdn\.bokeh\.org/bokeh/(?:release|dev)/bokeh{part}-(?P<exact>\d[\w.]*?){_JS}",
        )
        for part in ("", "-gl", "-mathjax", "-tables", "-widgets")
    },
    "vega.js": (rf"{_NPM}(?:vega|vega-lite|vega-embed)@{_MAJOR}(?:/build/[a-z-]+{_JS})?(?:\?noext)?",),
    "echarts.js": (
        rf"{_PYECHARTS}(?:echarts(?:-liquidfill|-wordcloud)?|themes/{_THEMES}){_MODULE}",
        rf"{_NPM}echarts@{_MAJOR}(?:/dist/echarts{_MODULE})?",
        rf"{_CDNJS}echarts/{_MAJOR}/echarts{_MODULE}",
    ),
    "echarts-gl.js": (
        rf"{_PYECHARTS}echarts-gl{_MODULE}",
        rf"{_NPM}echarts-gl@\d+(?:\.\d+){{0,2}}(?:/dist/echarts-gl{_MODULE})?",
    ),
    "leaflet.js": (
        rf"{_NPM}leaflet@{_MAJOR}(?:/dist/leaflet\.js)?",
        rf"{_CDNJS}leaflet/{_MAJOR}/leaflet{_JS}",
    ),
    "leaflet.css": (rf"{_NPM}leaflet@{_MAJOR}/dist/leaflet\.css", rf"{_CDNJS}leaflet/{_MAJOR}/leaflet{_CSS}"),
    "jquery.js": (rf"https://code\.jquery\.com/jquery-{_MAJOR}(?:\.slim)?{_JS}",),
}
# Beside Leaflet, folium names these in each map. The own files have what its maps use of them.
_BESIDE_LEAFLET = {
    "leaflet.js": (
        rf"{_CDNJS}Leaflet\.awesome-markers/[\d.]+/leaflet\.awesome-markers{_JS}",
        rf"{_NPM}bootstrap@[\d.]+/dist/js/bootstrap\.bundle{_JS}",
    ),
    "fontawesome.css": (rf"{_NPM}@fortawesome/fontawesome-free@[56][\d.]*/css/all{_CSS}",),
    "leaflet.css": (
        rf"{_CDNJS}Leaflet\.awesome-markers/[\d.]+/leaflet\.awesome-markers{_CSS}",
        rf"{_NPM}bootstrap@[\d.]+/dist/css/bootstrap{_CSS}",
        rf"https://netdna\.bootstrapcdn\.com/bootstrap/[\d.]+/css/bootstrap(?:-glyphicons)?{_CSS}",
        rf"{_FOLIUM}leaflet\.awesome\.rotate{_CSS}",
    ),
}
# Of libraries that nbsession contains: the major versions whose charts the own copy can draw.
_MAJORS = {
    "vega.js": frozenset({5, 6, 7}),
    "echarts.js": frozenset({4, 5, 6}),
    "echarts-gl.js": frozenset({4, 5, 6}),  # of ECharts
    "leaflet.js": frozenset({1}),
    "leaflet.css": frozenset({1}),
    "jquery.js": frozenset({3}),
}
_ADDRESS = re.compile(r"https://[\w.-]+/[^\s\"'`<>&\\]+")
_ICONS = re.compile(r"(?:\"|&quot;|&#34;)prefix(?:\"|&quot;|&#34;):\s*(?:\"|&quot;|&#34;)fa\b")
# The comment at the beginning of plotly's file names its version.
_PLOTLY = re.compile(rb"plotly\.js v(\d+)\.")


def own_files(html: str) -> dict[str, str]:
    """Return the addresses in HTML that own files replace, and the names of the files."""
    addresses = set(_ADDRESS.findall(html))
    found = {address: name for address in addresses if (name := _own_file(address, _KNOWN)) is not None}
    if "leaflet.js" in found.values():
        for address in addresses - found.keys():
            name = _own_file(address, _BESIDE_LEAFLET)
            if name == "fontawesome.css" and not _ICONS.search(html):
                name = "leaflet.css"  # folium names it in maps that use no icon of it, too
            if name is not None:
                found[address] = name
    return found


def _own_file(address: str, known: dict[str, tuple[str, ...]]) -> str | None:
    for name, patterns in known.items():
        for pattern in patterns:
            match = re.fullmatch(pattern, address, re.ASCII)
            if match is not None and library_path(name) is not None and _fits(name, match.groupdict()):
                return name
    return None


def _fits(name: str, named: dict[str, str | None]) -> bool:
    """Return whether the own copy of a library can replace the version that an address names."""
    exact, major = named.get("exact"), named.get("major")
    if exact is not None:
        return exact == _installed("bokeh")
    if major is None:
        return True
    if name == "plotly.js":
        return int(major) == _plotly_major()
    return int(major) in _MAJORS[name]


@lru_cache
def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


@lru_cache
def _plotly_major() -> int | None:
    path = library_path("plotly.js")
    if path is None:
        return None
    with path.open("rb") as file:
        match = _PLOTLY.search(file.read(1000))
    return None if match is None else int(match[1])

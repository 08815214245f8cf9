"""Which addresses of scripts own files replace: those of the libraries' CDNs, and none that resembles one."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from nbsession._core.libraries import library_path
from nbsession.output._chart_addresses import own_files

PLOTLY = "https://cdn.plot.ly/plotly-{}.min.js"
BOKEH = "https://cdn.bokeh.org/bokeh/release/bokeh-{}.min.js"
LEAFLET = "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js"
BOOTSTRAP = "https://cdn.jsdelivr.net/npm/bootstrap@5.2.2/dist/css/bootstrap.min.css"
ICONS = "https://cdn.jsdelivr.net/npm/@fortawesome/fontawesome-free@6.2.0/css/all.min.css"


def plotlyjs() -> str:
    path = library_path("plotly.js")
    assert path is not None
    return path.read_text(encoding="utf-8").split("plotly.js v", 1)[1].split("\n", 1)[0]


def replaced(*addresses: str) -> dict[str, str]:
    return own_files("".join(f'<script src="{each}"></script>' for each in addresses))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://cdn.jsdelivr.net/npm/vega@6", "vega.js"),
        ("https://cdn.jsdelivr.net/npm/vega-lite@6.4.1", "vega.js"),
        ("https://cdn.jsdelivr.net/npm/vega-lite@5.20.1?noext", "vega.js"),
        ("https://unpkg.com/vega-embed@7/build/vega-embed.min.js", "vega.js"),
        ("https://assets.pyecharts.org/assets/v6/echarts.min", "echarts.js"),
        ("https://assets.pyecharts.org/assets/echarts.min.js", "echarts.js"),
        ("https://assets.pyecharts.org/assets/v5/echarts-wordcloud.min.js", "echarts.js"),
        ("https://assets.pyecharts.org/assets/v5/themes/macarons.js", "echarts.js"),
        ("https://assets.pyecharts.org/assets/v6/echarts-gl.min.js", "echarts-gl.js"),
        ("https://cdn.jsdelivr.net/npm/echarts@5.4.3/dist/echarts.min.js", "echarts.js"),
        ("https://cdnjs.cloudflare.com/ajax/libs/echarts/5.4.3/echarts.min.js", "echarts.js"),
        (LEAFLET, "leaflet.js"),
        (LEAFLET.removesuffix(".js") + ".css", "leaflet.css"),
        ("https://code.jquery.com/jquery-3.7.1.min.js", "jquery.js"),
        (PLOTLY.format("latest"), "plotly.js"),
    ],
)
def test_an_address_of_a_library_is_replaced(address: str, name: str) -> None:
    assert replaced(address) == {address: name}


def test_the_installed_version_of_plotly_replaces_those_of_its_major_version() -> None:
    present = PLOTLY.format(plotlyjs())
    older = PLOTLY.format(f"{int(plotlyjs().split('.')[0]) - 1}.0.0")
    assert replaced(present, older) == {present: "plotly.js"}


def test_the_installed_version_of_bokeh_replaces_itself_only() -> None:
    present = BOKEH.format(version("bokeh"))
    widgets = BOKEH.format(f"widgets-{version('bokeh')}")
    assert replaced(present, widgets, BOKEH.format("2.0.0")) == {
        present: "bokeh.js",
        widgets: "bokeh-widgets.js",
    }


@pytest.mark.parametrize(
    "address",
    [
        "https://cdn.plot.ly.example.org/plotly-latest.min.js",
        "https://cdn.plot.ly@example.org/plotly-latest.min.js",
        "https://example.org/https://cdn.plot.ly/plotly-latest.min.js",
        "https://example.org/cdn.plot.ly/plotly-latest.min.js",
        "https://cdn-plot.ly/plotly-latest.min.js",
        "https://cdnxplot.ly/plotly-latest.min.js",
        "http://cdn.plot.ly/plotly-latest.min.js",
        "https://cdn.plot.ly:8443/plotly-latest.min.js",
        "https://cdn.plot.ly/plotly-latest.min.js?callback=hacked",
        "https://cdn.plot.ly/plotly-latest.min.js#x",
        "https://cdn.plot.ly/../plotly-latest.min.js",
        "https://cdn.plot.ly/plotly-latest.min.jsx",
        "https://CDN.plot.ly/plotly-latest.min.js",
        "https://cdn.jsdelivr.net/npm/vega@6.evil",
        "https://cdn.jsdelivr.net/npm/vega-evil@6",
        "https://cdn.jsdelivr.net/npm/vega@4",
        "https://cdn.jsdelivr.net/gh/vega@6",
        "https://assets.pyecharts.org/assets/v6/maps/china.js",
        "https://cdn.jsdelivr.net/npm/vega@٦",
    ],
)
def test_an_address_that_resembles_one_is_left_alone(address: str) -> None:
    assert replaced(address) == {}


def test_addresses_in_the_document_of_a_frame_are_found() -> None:
    assert own_files(f"<iframe srcdoc='&lt;script src=&quot;{LEAFLET}&quot;&gt;'></iframe>") == {
        LEAFLET: "leaflet.js"
    }


def test_what_folium_names_beside_leaflet_is_replaced_beside_leaflet_only() -> None:
    assert replaced(BOOTSTRAP) == {}
    assert replaced(LEAFLET, BOOTSTRAP)[BOOTSTRAP] == "leaflet.css"


def test_the_large_set_of_icons_comes_only_to_maps_that_use_it() -> None:
    html = f'<script src="{LEAFLET}"></script><link href="{ICONS}">'
    assert own_files(html)[ICONS] == "leaflet.css"
    assert own_files(html + '{"icon": "car", "prefix": "fa"}')[ICONS] == "fontawesome.css"


def test_a_library_that_is_not_installed_replaces_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbsession.output._chart_addresses.library_path", lambda _name: None)
    assert replaced(PLOTLY.format("latest"), LEAFLET) == {}

"""Charts are shown as the content and with the scripts that draw them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from nbsession._core.libraries import LIBRARIES, library_path
from nbsession.output import put, put_html

if TYPE_CHECKING:
    from .conftest import Screen

ECHARTS = "https://assets.pyecharts.org/assets/v6/echarts.min.js"
SCRIPT = f'<script src="{ECHARTS}"></script>'


def needs(screen: Screen) -> list[str]:
    charts: dict[str, Any] = screen.only["charts"]
    return list(charts["needs"])


def plotly() -> Any:
    return pytest.importorskip("plotly.graph_objects").Figure()


def bokeh(**options: Any) -> Any:
    plot = pytest.importorskip("bokeh.plotting").figure(**options)
    plot.line([1, 2], [3, 4])
    return plot


@pytest.mark.parametrize("name", sorted(LIBRARIES))
def test_each_library_is_there(name: str) -> None:
    assert library_path(name) is not None


def test_html_of_a_chart_names_the_addresses_that_files_replace(screen: Screen) -> None:
    put_html(SCRIPT)
    assert screen.only["charts"] == {"addresses": {ECHARTS: "echarts.js"}, "needs": []}


@pytest.mark.parametrize("html", ["<script>1</script>", f"<a href='{ECHARTS}'>", "Plotly.newPlot("])
def test_html_without_charts_needs_nothing(screen: Screen, html: str) -> None:
    put_html(html)
    assert screen.only["charts"] is None


def test_an_update_without_charts_needs_nothing_more(screen: Screen) -> None:
    shown = put_html(SCRIPT)
    shown.update("<p>")
    assert screen.only["charts"] is None


def test_sanitized_html_has_no_scripts_to_replace(screen: Screen) -> None:
    put_html(SCRIPT, sanitize=True)
    assert screen.only["charts"] is None
    assert screen.only["html"] == SCRIPT


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("Plotly.newPlot('a', [])", "plotly.js"),
        ("require(['plotly'], function(Plotly) {})", "plotly.js"),
        ("echarts.init(place)", "echarts.js"),
        ("vegaEmbed('#a', {})", "vega.js"),
        ("Bokeh.safely(f)", "bokeh.js"),
    ],
)
def test_code_that_loads_no_library_gets_the_one_that_it_uses(screen: Screen, code: str, name: str) -> None:
    put_html(f"<script>{code}</script>")
    assert needs(screen) == [name]


def test_code_that_may_load_its_library_elsewhere_does_not_get_it(screen: Screen) -> None:
    put_html("<script src='/static/echarts.js'></script><script>echarts.init(place)</script>")
    assert screen.only["charts"] is None


def test_modules_of_requirejs_are_left_to_the_page(screen: Screen) -> None:
    put_html("<script>require(['anything'], function() {})</script>")
    assert screen.only["charts"] == {"addresses": {}, "needs": []}


def test_a_copy_of_plotly_in_html_is_not_sent_with_each_chart(screen: Screen) -> None:
    put_html(plotly().to_html(include_plotlyjs=True))
    assert len(screen.only["html"]) < 20_000
    assert needs(screen) == ["plotly.js"]


def test_a_copy_of_bokeh_in_html_is_not_sent_with_each_chart(screen: Screen) -> None:
    plot = bokeh()
    embed, resources = pytest.importorskip("bokeh.embed"), pytest.importorskip("bokeh.resources")
    put_html(embed.file_html(plot, resources.INLINE, "plot"))
    assert len(screen.only["html"]) < 20_000
    assert needs(screen)[0] == "bokeh.js"


def test_another_version_in_html_stays(screen: Screen) -> None:
    html = "<script>/**\n* plotly.js v0.1.0\n*/ Plotly.newPlot('a', [])</script>"
    put_html(html)
    assert screen.only["html"] == html
    assert screen.only["charts"] is None


def test_a_figure_of_plotly_is_html_that_needs_its_script(screen: Screen) -> None:
    put(plotly())
    assert set(screen.only["data"]) == {"text/html"}
    assert needs(screen) == ["plotly.js"]


def test_a_front_end_may_draw_a_figure_of_plotly(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbsession.output._chart_figures._in_notebook", lambda: True)
    put(plotly())
    assert set(screen.only["data"]) == {"application/vnd.plotly.v1+json", "text/html"}


def test_a_plot_of_bokeh_is_drawn_and_not_described(screen: Screen) -> None:
    put(bokeh())
    assert "embed_items" in screen.only["data"]["text/html"]
    assert needs(screen) == ["bokeh.js"]


def test_a_plot_of_bokeh_gets_the_parts_that_its_models_need(screen: Screen) -> None:
    models = pytest.importorskip("bokeh.models")
    table = models.DataTable(
        source=models.ColumnDataSource({"a": [1]}), columns=[models.TableColumn(field="a")]
    )
    put(pytest.importorskip("bokeh.layouts").column(bokeh(output_backend="webgl"), table))
    assert needs(screen) == ["bokeh.js", "bokeh-widgets.js", "bokeh-tables.js", "bokeh-gl.js"]


def test_a_chart_of_pyecharts_is_html(screen: Screen) -> None:
    charts = pytest.importorskip("pyecharts.charts")
    put(charts.Bar().add_xaxis(["a"]).add_yaxis("count", [1]))
    assert set(screen.only["charts"]["addresses"].values()) == {"echarts.js"}


def test_tabs_of_pyecharts_have_a_document_of_their_own(screen: Screen) -> None:
    charts = pytest.importorskip("pyecharts.charts")
    put(charts.Tab(page_title="<a>").add(charts.Bar(), "first"))
    html = screen.only["data"]["text/html"]
    assert html.startswith('<iframe title="&lt;a&gt;" srcdoc="&lt;!DOCTYPE html&gt;')
    assert "<script" not in html
    assert set(screen.only["charts"]["addresses"].values()) == {"echarts.js"}


def test_each_chart_of_altair_has_a_place_of_its_own(screen: Screen) -> None:
    chart = pytest.importorskip("altair").Chart({"values": [{"a": 1}]}).mark_point().encode(x="a:Q")
    put(chart)
    put(chart)
    first, second = (node["data"]["text/html"] for node in screen.nodes)
    assert first != second
    assert set(screen.nodes[0]["charts"]["addresses"].values()) == {"vega.js"}


def test_a_map_of_folium_brings_its_scripts(screen: Screen) -> None:
    put(pytest.importorskip("folium").Map())
    names = screen.only["charts"]["addresses"].values()
    assert set(names) == {"jquery.js", "leaflet.css", "leaflet.js"}


@pytest.mark.parametrize(
    ("face", "colour", "ground"),
    [("white", "black", None), ("none", "black", "light"), ("none", "white", "dark")],
)
def test_a_transparent_figure_gets_a_ground_for_its_text(
    screen: Screen, face: str, colour: str, ground: str | None
) -> None:
    figure = pytest.importorskip("matplotlib.figure").Figure(facecolor=face)
    figure.text(0, 0, "text", color=colour)
    put(figure)
    assert screen.only["ground"] == ground


def test_no_library_is_imported() -> None:
    code = """
import sys
from nbsession.output._anything import _anything
from nbsession.output._text import _html
from nbsession._core.libraries import LIBRARIES, library_version
_anything(object())
_html("<script>Plotly.newPlot(); Bokeh.safely(); vegaEmbed(); echarts.init()</script>")
[library_version(name) for name in LIBRARIES]
print(*{"plotly", "bokeh", "altair", "pyecharts", "folium", "matplotlib"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"

"""Programs that show charts, and how one sees that they are drawn. The tests of served pages and of cells use them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Locator, Request

# A canvas that has been drawn on. Bokeh draws on the first of several.
_DRAWN = """
async canvas => {
    const pixels = () => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    for (let frames = 0; frames < 3000; frames += 1) {
        if (canvas.width && pixels().some(each => each)) return true;
        await new Promise(requestAnimationFrame);
    }
    return false;
}
"""


class Charts(NamedTuple):
    """A program, and what its outputs consist of.

    Attributes
    ----------
    source : str
        Its code, in which each call of ``put...`` shows a chart.
    mark : str
        A part of each chart: a selector, also inside frames and of elements with a tree of their own.
    """

    source: str
    mark: str

    @property
    def number(self) -> int:
        """The number of charts."""
        return self.source.count("\nput")


CHARTS = {
    "plotly": Charts(
        """
import plotly.graph_objects
from nbsession.output import put, put_html
figure = plotly.graph_objects.Figure(plotly.graph_objects.Scatter(y=[1, 3, 2]))
put(figure)
put_html(figure.to_html(include_plotlyjs="require", full_html=False))
put_html(figure.to_html(include_plotlyjs="cdn"))
put_html(figure.to_html(include_plotlyjs=False, full_html=False))
# As plotly 5 exports it with "require".
put_html('''<div id="by-require"></div><script>require(["plotly"], function(Plotly) {
    Plotly.newPlot("by-require", [{"y": [1, 3, 2]}], {}, {"responsive": true}); });</script>''')
""",
        ".scatterlayer path.js-line",
    ),
    "pyecharts": Charts(
        """
from pyecharts.charts import Bar, Liquid, Page
from nbsession.output import put, put_html
bar = Bar().add_xaxis(["a", "b"]).add_yaxis("count", [1, 2])
put(bar)
put(bar)
put(Page().add(Liquid().add("share", [0.6])))
put_html(bar.render_notebook())
put_html(bar.render_embed())
""",
        "canvas",
    ),
    "bokeh": Charts(
        """
from bokeh.embed import components, file_html
from bokeh.plotting import figure
from bokeh.resources import CDN, INLINE
plot = figure(height=200)
plot.line([1, 2], [3, 4])
from nbsession.output import put, put_html
put(plot)
put_html(file_html(plot, CDN, "chart"))
put_html(file_html(plot, INLINE, "chart"))
put_html("".join(components(plot)))
""",
        "canvas >> nth=0",
    ),
    "altair": Charts(
        """
import altair
import pandas
from nbsession.output import put, put_html
frame = pandas.DataFrame({"a": [1, 2], "b": [3, 4]})
chart = altair.Chart(frame).mark_bar().encode(x="a", y="b")
put(chart)
put_html(chart.to_html())
put_html(chart.to_html())
put_html(chart._repr_mimebundle_()["text/html"])
""",
        ".mark-rect path",
    ),
    "matplotlib": Charts(
        """
import io
from matplotlib.figure import Figure
from nbsession.output import put, put_html
figure = Figure()
figure.subplots().plot([1, 3, 2])
text = io.StringIO()
figure.savefig(text, format="svg")
put(figure)
put_html(text.getvalue())
""",
        "img[src^='blob:'], #line2d_1",
    ),
    "folium": Charts(
        """
import folium
from nbsession.output import put, put_html
place = folium.Map([45, -122], zoom_start=10, tiles=None)
folium.Marker([45, -122], popup="here", icon=folium.Icon(color="red")).add_to(place)
folium.Circle([45, -122], radius=3000).add_to(place)
put(place)
put_html(place._repr_html_())
""",
        "iframe >> internal:control=enter-frame >> path.leaflet-interactive",
    ),
}


def assert_drawn(outputs: Locator, charts: Charts) -> None:
    """Wait until each of the outputs shows its chart."""
    for index in range(charts.number):
        found = outputs.nth(index).locator(charts.mark).first
        found.wait_for(state="attached")
        if "canvas" in charts.mark:
            assert found.evaluate(_DRAWN)


@contextmanager
def foreign_requests(browser: BrowserContext) -> Iterator[list[str]]:
    """The addresses of other servers that its pages ask, or would ask if their policy allowed it."""
    asked: list[str] = []

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname not in {"127.0.0.1", "localhost"}:
            asked.append(request.url)

    browser.on("request", note)
    yield asked
    browser.remove_listener("request", note)

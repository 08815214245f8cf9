"""Charts on a served page: their libraries come from its own server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bokeh.io import output_notebook, show
from bokeh.layouts import column
from bokeh.models.widgets.markups import Div
from bokeh.models.widgets.sliders import Slider
from playwright.sync_api import expect

from nbsession import eval_js, hold
from nbsession.output import put, put_html, put_scope, put_text
from tests.examples.charts import CHARTS, assert_drawn, foreign_requests

from .visitor import get

if TYPE_CHECKING:
    from bokeh.document import Document
    from playwright.sync_api import BrowserContext

    from .conftest import Serve
    from .window import Open

OUTPUTS = ".nbsession-outputs > .nbsession-node"
READBACK = "Canvas2D|GPU stall"  # what Chromium says of the test's look at canvases
POLICY = "Content Security Policy"
LOADED = (
    "performance.getEntriesByType('resource').map(each => new URL(each.name).searchParams.get('nbsession'))"
)
INSTANCE = "echarts.getInstanceByDom(document.querySelector('[_echarts_instance_]'))"
CHANGED = f"""
new Promise(done => {{
    const look = () => {{
        const chart = window.echarts && {INSTANCE};
        if (!chart || chart === window.former) setTimeout(look, 10);
        else done(window.former = chart);
    }};
    look();
}}).then(() => {{ (window.all ??= []).push(window.former); }})
"""


def bar() -> Any:
    charts = pytest.importorskip("pyecharts.charts")
    return charts.Bar().add_xaxis(["a"]).add_yaxis("count", [1])


@pytest.mark.parametrize("library", CHARTS)
def test_it_draws_without_a_request_to_another_server(
    serve: Serve, open_page: Open, browser_context: BrowserContext, library: str
) -> None:
    charts = CHARTS[library]

    def app() -> None:
        exec(charts.source, {})
        hold()

    with foreign_requests(browser_context) as asked:
        page = open_page(serve(app).url, ignore=READBACK)
        assert_drawn(page.locator(OUTPUTS), charts)
    assert asked == []


def test_a_library_is_loaded_once(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        for _ in range(3):
            put(bar())
        put_html("<script>echarts.init(document.createElement('p'))</script>")
        hold()

    page = open_page(serve(app).url, ignore="DOM width or height")
    page.locator("canvas").nth(2).wait_for()
    assert page.evaluate(LOADED).count("echarts.js") == 1


def test_a_chart_that_is_replaced_or_removed_is_freed(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        shown = put(bar())
        eval_js(CHANGED)
        shown.update(bar())
        eval_js(CHANGED)
        shown.remove()
        put_text(f"freed: {eval_js('all.map(each => each.isDisposed()).join()')}")

    open_page(serve(app).url).get_by_text("freed: true,true").wait_for()


def test_a_plot_of_bokeh_that_is_removed_leaves_nothing_behind(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        plot = pytest.importorskip("bokeh.plotting").figure()
        plot.line([1, 2], [3, 4])
        shown = put(plot)
        counts = "[Bokeh.documents.length, [...Bokeh.index.roots].length].join()"
        # A plot, and bokeh's notifications beside it.
        there = f"window.Bokeh?.documents && {counts} === '1,2'"
        eval_js(
            "new Promise(done => { const look = () => eval(there) ? done() : setTimeout(look, 10); look(); })",
            there=there,
        )
        shown.remove()
        put_text(f"left: {eval_js(counts)}")

    open_page(serve(app).url).get_by_text("left: 0,0").wait_for()


def test_a_chart_becomes_narrower_with_its_page(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put(bar())
        hold()

    page = open_page(serve(app).url)
    page.locator("canvas").wait_for()
    page.set_viewport_size({"width": 480, "height": 800})
    page.wait_for_function(f"{INSTANCE}.getWidth() < 480")


def test_a_chart_without_a_ground_gets_a_light_one(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put(bar())
        hold()

    page = open_page(serve(app).url)
    page.emulate_media(color_scheme="dark")
    page.locator("canvas").wait_for()
    page.wait_for_function(
        "getComputedStyle(document.querySelector('[_echarts_instance_]')).backgroundColor === 'rgb(255, 255, 255)'"
    )


def test_a_map_says_in_its_place_that_its_tiles_are_missing(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_scope("place", [put(pytest.importorskip("folium").Map([45, -122]))])
        hold()

    page = open_page(serve(app).url, ignore=POLICY)
    said = page.frame_locator("iframe").get_by_role("status")
    said.wait_for()
    assert "could not be loaded from tile.openstreetmap.org" in said.inner_text()
    page.get_by_text('pass allowed_sources=["https://tile.openstreetmap.org"]').wait_for()


def test_scripts_that_no_own_file_replaces_are_said_with_the_option(serve: Serve, open_page: Open) -> None:
    address = "https://assets.pyecharts.org/assets/v6/maps/china"

    def app() -> None:
        put_html(
            f"<script>require.config({{paths: {{china: '{address}'}}}});"
            "require(['china'], () => {});</script>"
        )
        hold()

    page = open_page(serve(app).url, ignore=POLICY)
    page.get_by_text('pass allowed_sources=["https://assets.pyecharts.org"]').wait_for()


def test_an_address_that_resembles_one_is_blocked(serve: Serve, open_page: Open) -> None:
    address = "https://assets.pyecharts.org.example.org/assets/v6/echarts.min.js"

    def app() -> None:
        put_html(f"<script src='{address}'></script>")
        hold()

    page = open_page(serve(app).url, ignore=POLICY)
    page.get_by_text(f"blocked {address}").wait_for()
    assert "echarts.js" not in page.evaluate(LOADED)


def test_the_libraries_are_compressed_for_browsers_that_accept_it(serve: Serve) -> None:
    port = serve(lambda: None).port
    plain = get(port, "/?nbsession=jquery.js")
    compressed = get(port, "/?nbsession=jquery.js", Accept_Encoding="gzip, deflate")
    assert "Content-Encoding" not in plain[0].headers
    assert compressed[0].headers["Content-Encoding"] == "gzip"
    assert len(compressed[1]) * 2 < len(plain[1])


def bokeh_application() -> None:
    def application(document: Document) -> None:
        slider, words = Slider(start=0, end=9, value=1, title="Number"), Div(text="nothing yet")

        def changed(_name: str, former: float, value: float) -> None:
            words.text = f"from {former} to {value}"

        slider.on_change("value", changed)
        document.add_root(column(slider, words))

    # Bokeh's types know its own two names only.
    output_notebook(notebook_type="nbsession")  # type: ignore[arg-type]
    show(application)


def test_an_application_of_bokeh_calls_python_and_shows_what_it_changes(
    serve: Serve, open_page: Open
) -> None:
    page = open_page(serve(bokeh_application).url)
    expect(page.get_by_text("nothing yet")).to_be_visible()
    handle = page.locator(".noUi-handle")
    handle.press("ArrowRight")
    expect(page.get_by_text("from 1 to 2")).to_be_visible()
    handle.press("ArrowRight")
    expect(page.get_by_text("from 2 to 3")).to_be_visible()


def test_an_application_of_bokeh_goes_on_after_a_reload(serve: Serve, open_page: Open) -> None:
    page = open_page(serve(bokeh_application, resume_on_reload=True).url)
    page.locator(".noUi-handle").press("ArrowRight")
    expect(page.get_by_text("from 1 to 2")).to_be_visible()
    page.reload()
    expect(page.get_by_text("from 1 to 2")).to_be_visible()
    page.locator(".noUi-handle").press("ArrowRight")
    expect(page.get_by_text("from 2 to 3")).to_be_visible()


def test_a_page_of_bokeh_misses_no_change_while_it_is_loaded(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        words = Div(text="first")
        # Bokeh's types know its own two names only.
        output_notebook(notebook_type="nbsession")  # type: ignore[arg-type]
        show(lambda document: document.add_root(words))
        words.text = "second"

    expect(open_page(serve(app).url).get_by_text("second")).to_be_visible()

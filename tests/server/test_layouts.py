"""Layouts, dialogs, toasts, links and the look of an app on served pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from nbsession import config, run_js
from nbsession.output import (
    close_popup,
    popup,
    put_button,
    put_code,
    put_html,
    put_link,
    put_loading,
    put_row,
    put_scope,
    put_scrollable,
    put_table,
    put_text,
    toast,
)

from .visitor import TIMEOUT

if TYPE_CHECKING:
    from .conftest import Serve
    from .window import Open

expect.set_options(timeout=TIMEOUT * 1000)


@pytest.mark.parametrize(("width", "shared"), [(1000, "top"), (480, "left")])
def test_a_row_is_stacked_on_a_narrow_page(serve: Serve, open_page: Open, width: int, shared: str) -> None:
    page = open_page(serve(lambda: put_row([put_code("A"), None, put_code("B")])).url)
    page.set_viewport_size({"width": width, "height": 700})
    edges = [
        page.get_by_text(text, exact=True).evaluate(
            "(shown, edge) => shown.getBoundingClientRect()[edge]", shared
        )
        for text in "AB"
    ]
    assert edges[0] == edges[1]


def test_an_application_aligns_buttons_and_the_cells_of_tables(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_button("right", print).style("text-align: right")
        put_table([["header"], ["cell"]]).style("text-align: center")

    page = open_page(serve(config(css_style=".markdown-body table td { line-height: 50px }")(app)).url)
    button = page.get_by_role("button", name="right").bounding_box()
    output = page.locator(".markdown-body").bounding_box()
    cell = page.get_by_role("cell", name="cell").evaluate(
        "cell => [getComputedStyle(cell).textAlign, getComputedStyle(cell).lineHeight]"
    )
    assert button
    assert output
    assert button["x"] + button["width"] == pytest.approx(output["x"] + output["width"], abs=1)
    assert cell == ["center", "50px"]


def test_a_popup_is_modal_and_gives_the_focus_back(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_button("open", lambda: popup("Title", put_button("Close it", close_popup)))

    page = open_page(serve(app).url)
    page.get_by_role("button", name="open").click()
    dialog = page.get_by_role("dialog", name="Title")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("dialog => dialog.matches(':modal') || dialog.querySelector(':modal') !== null")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="open")).to_be_focused()
    page.get_by_role("button", name="open").press("Enter")
    dialog.get_by_role("button", name="Close it").click()
    expect(dialog).to_have_count(0)


def test_a_click_beside_a_popup_closes_it_if_it_may(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_button("may", lambda: popup("May", "text"))
        put_button("may not", lambda: popup("May not", "text", implicit_close=False))

    page = open_page(serve(app).url)
    page.get_by_role("button", name="may", exact=True).click()
    expect(page.get_by_role("dialog", name="May")).to_be_visible()
    page.mouse.click(5, 5)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="may not").click()
    expect(page.get_by_role("dialog", name="May not")).to_be_visible()
    page.mouse.click(5, 5)
    expect(page.get_by_role("dialog", name="May not")).to_be_visible()


def test_a_toast_that_is_clicked_calls_python(serve: Serve, open_page: Open) -> None:
    page = open_page(serve(lambda: toast("news", duration=0, onclick=lambda: put_text("read"))).url)
    page.get_by_role("button", name="news").click()
    expect(page.get_by_text("read")).to_be_visible()
    expect(page.get_by_text("news")).to_have_count(0)


def test_a_toast_goes_by_itself(serve: Serve, open_page: Open) -> None:
    page = open_page(serve(lambda: toast("short", duration=3)).url)
    expect(page.get_by_text("short")).to_be_visible()
    expect(page.get_by_text("short")).to_have_count(0)


def test_a_loading_sign_goes_with_its_block(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        with put_loading():
            put_text("reading")
            put_button("inside", lambda: None)
        put_text("done")

    page = open_page(serve(app).url)
    expect(page.get_by_text("done")).to_be_visible()
    expect(page.get_by_text("reading")).to_have_count(0)


@pytest.mark.parametrize(("style", "width"), [("", "28px"), ("width: 80px; height: 80px", "72px")])
def test_a_loading_sign_is_drawn_in_its_size(serve: Serve, open_page: Open, style: str, width: str) -> None:
    def app() -> None:
        put_loading().style(style)
        put_button("keeps the session open", lambda: None)

    page = open_page(serve(app).url)
    sign = page.locator(".nbsession-spinner")
    expect(sign).to_have_css("width", width)
    expect(sign).to_have_css("border-top-width", "3px")


def test_a_scrollable_area_keeps_its_end_in_view(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_scrollable(put_scope("log"), height=100, keep_bottom=True)
        for number in range(30):
            put_text(f"line {number}", scope="log")

    page = open_page(serve(app).url)
    expect(page.get_by_text("line 29")).to_be_in_viewport()
    expect(page.get_by_text("line 0", exact=True)).not_to_be_in_viewport()


@pytest.mark.parametrize(
    "address", ["javascript:window.hit = 1", "data:text/html,<script>1</script>", "vbscript:x"]
)
def test_a_link_leads_to_no_code(serve: Serve, open_page: Open, address: str) -> None:
    page = open_page(serve(lambda: put_link("a link", address)).url)
    expect(page.get_by_text("a link")).to_be_visible()
    expect(page.get_by_role("link")).to_have_count(0)


def test_a_link_opens_another_app(serve: Serve, open_page: Open) -> None:
    def index() -> None:
        put_link("to the other", app="other")

    def other() -> None:
        put_text("here")

    page = open_page(serve({"index": index, "other": other}).url)
    page.get_by_text("to the other").click()
    expect(page.get_by_text("here")).to_be_visible()


def test_hostile_text_stays_text(serve: Serve, open_page: Open) -> None:
    hostile = "<img src=x onerror='window.hit = 1'>"

    def app() -> None:
        popup(hostile, hostile)
        toast(hostile, duration=0)
        put_link(hostile, "https://example.com/")
        put_text("styled").style("background: url(javascript:window.hit=1); x: expression(window.hit=1)")
        put_text("done")

    page = open_page(serve(app).url, ignore="Content Security Policy")
    expect(page.get_by_text("done")).to_be_attached()
    expect(page.get_by_role("dialog", name=hostile)).to_be_visible()
    assert page.evaluate("window.hit") is None


def test_the_look_of_an_app(serve: Serve, open_page: Open) -> None:
    @config(
        title="A look",
        description="Of a page",
        theme="minty",
        css_style="body { letter-spacing: 3px }",
        js_code="function helper() { window.helped = 7 }",
    )
    def app() -> None:
        put_html("<button onclick='helper()'>help</button>")
        put_text("text")

    page = open_page(serve(app).url)
    expect(page.get_by_text("text")).to_have_css("letter-spacing", "3px")
    expect(page).to_have_title("A look")
    assert page.locator("meta[name=description]").get_attribute("content") == "Of a page"
    assert page.evaluate("document.documentElement.dataset.nbsessionTheme") == "minty"
    page.get_by_role("button", name="help").click()
    assert page.evaluate("window.helped") == 7


def test_the_title_is_the_docstrings(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        """Title of the docstring"""
        put_text("text")

    expect(open_page(serve(app).url)).to_have_title("Title of the docstring")


def test_code_of_the_original_s_users_finds_jquery_which_is_loaded_then(
    serve: Serve, open_page: Open
) -> None:
    def app() -> None:
        put_text("shown")
        put_button("hide", lambda: run_js("$('.nbsession-text').hide()"))

    page = open_page(serve(app).url)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.get_by_role("button", name="hide").click()
    expect(page.get_by_text("shown")).to_be_hidden()
    assert ["jquery.js" in url for url in loaded if "nbsession=" in url].count(True) == 1
    assert page.evaluate("jQuery === $")


def test_an_application_s_own_jquery_is_the_one(serve: Serve, open_page: Open) -> None:
    @config(js_code="window.jQuery = window.$ = 'own'")
    def app() -> None:
        put_text("shown")

    page = open_page(serve(app).url)
    expect(page.get_by_text("shown")).to_be_visible()
    assert page.evaluate("[$, jQuery]") == ["own", "own"]


def test_a_label_in_a_narrow_column_is_not_broken(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_row(
            [put_text("text"), put_button("Complete", print), put_button("A", print)], size="10fr 1fr 1fr"
        )

    page = open_page(serve(app).url)
    heights = [
        page.get_by_role("button", name=name).evaluate("b => b.offsetHeight") for name in ("Complete", "A")
    ]
    assert heights[0] == heights[1]

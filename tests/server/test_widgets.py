"""Widgets on a served page: what their HTML may do in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession import hold
from nbsession.output import put_button, put_text, put_widget

if TYPE_CHECKING:
    from .conftest import Serve
    from .window import Open

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)></svg><script>alert(1)</script>",
    "<p style='position:fixed;inset:0;background:u\\72l(https://example.org/a)'>covers</p>",
    "<p style='--a:u\\72l(https://example.org/b);background:var(--a)'>loads</p>",
    "</details><details open ontoggle=alert(1)>",
    "<span class=nbs-slot-0>forged</span>",
]
TEMPLATE = """
<style>body { display: none }</style>
<div style="color: rgb(255, 0, 0)" onclick="alert(1)">{{x}}{{{x}}}</div>
<details open><summary>more</summary>{{#contents}}{{& pywebio_output_parse}}{{/contents}}</details>
"""
BOXES = "each => each.getBoundingClientRect().toJSON()"


def test_no_script_runs_and_nothing_is_covered(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        for each in HOSTILE:
            put_widget(TEMPLATE, {"x": each, "contents": [each, put_text("inside")]})
        put_text("the end")
        hold()

    page = open_page(
        serve(app).url,
        init="window.alert = () => { window.ran = true; }",
        ignore="Failed to load resource|Content Security Policy",
    )
    page.get_by_text("the end").wait_for()
    widgets = page.locator(".nbsession-widget")
    assert widgets.locator("summary").first.is_visible()
    assert "rgb(255, 0, 0)" in widgets.locator("div[style]").first.evaluate(
        "each => getComputedStyle(each).color"
    )
    assert widgets.locator("script, style, svg, [onerror], [onclick], [ontoggle]").count() == 0
    assert widgets.locator("p").evaluate_all(
        "all => all.map(each => getComputedStyle(each).backgroundImage)"
    ) == ["none", "none"]
    covering = page.get_by_text("covers", exact=True).last.evaluate(BOXES)
    widget = widgets.nth(2).evaluate(BOXES)
    assert (covering["height"], covering["width"]) <= (widget["height"], widget["width"])
    assert widgets.locator(".nbsession-slot").count() == len(HOSTILE)
    assert page.evaluate("window.ran") is None


def test_outputs_in_a_template_work(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        button = put_button("press", lambda: shown.update(data={"contents": ["pressed"]}))
        shown = put_widget(TEMPLATE, {"contents": ["text", button]})
        hold()

    page = open_page(serve(app).url)
    page.get_by_role("button", name="press").click()
    page.get_by_text("pressed", exact=True).wait_for()
    assert page.get_by_role("button", name="press").count() == 0

"""Layouts, containers, dialogs and toasts in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from .test_output import AXE, change_theme, violations

if TYPE_CHECKING:
    from .conftest import FillNotebook

IMPORTS = "from nbsession.output import *\nfrom nbsession import config, eval_js, start_server\n"

EVERYTHING = """
put_row([put_code("A"), None, put_code("B")], size="40% 10px 60%")
put_grid([[put_text("C"), put_text("D")], [span(put_text("E"), col=2)]])
put_tabs([{"title": "First", "content": "one"}, {"title": "Second", "content": [put_text("two")]}])
with put_collapse("Details", open=True):
    put_text("inside")
put_info("An info", closable=True), put_success("Saved"), put_warning("Careful"), put_error("Failed")
with put_scrollable(height=60, keep_bottom=True):
    for number in range(20): put_text("line", number)
put_loading(), put_loading("grow", "primary")
put_text("styled").style("margin-left: 20px")
put_link("a link", "https://jupyter.org")
_ = put_text("operable").onclick(lambda: toast("clicked", duration=0))
"""


@pytest.mark.any_front_end
@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_assistive_technology_finds_its_way(fill_notebook: FillNotebook, theme: str) -> None:
    notebook = fill_notebook([IMPORTS + EVERYTHING])
    notebook.page.add_script_tag(path=AXE)
    change_theme(notebook, theme)
    try:
        notebook.run(0)
        area = notebook.output_area(0)
        expect(area.get_by_text("a link")).to_be_visible()
        assert violations(area) == []
    finally:
        change_theme(notebook, "JupyterLab Light")


@pytest.mark.any_front_end
def test_tabs_are_chosen_with_the_keyboard_and_run_no_cell(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook([IMPORTS + EVERYTHING, "print('second')"])
    notebook.run(0)
    area = notebook.output_area(0)
    area.get_by_role("tab", name="First").click()
    area.get_by_role("tab", name="First").press("ArrowRight")
    expect(area.get_by_role("tab", name="Second")).to_be_focused()
    expect(area.get_by_text("two", exact=True)).to_be_visible()
    expect(area.get_by_text("one", exact=True)).to_be_hidden()
    assert notebook.outputs(1) == []


def test_a_click_on_an_output_calls_python(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook([IMPORTS + EVERYTHING])
    notebook.run(0)
    notebook.output_area(0).get_by_role("button", name="operable").press("Enter")
    shown = notebook.page.get_by_role("status").filter(has_text="clicked")
    expect(shown).to_be_visible()
    shown.get_by_role("button").last.click()
    expect(shown).to_have_count(0)


def test_a_message_that_is_closed_stays_closed_after_a_reload(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook([IMPORTS + "put_info('closed', closable=True), put_text('stays')"])
    notebook.run(0)
    notebook.output_area(0).get_by_role("button", name="Close").click()
    expect(notebook.output_area(0).get_by_text("closed")).to_have_count(0)
    assert "closed" not in notebook.output_area(0).inner_text()


def test_a_popup_keeps_the_focus_and_gives_it_back(fill_notebook: FillNotebook) -> None:
    code = (
        "put_button('open', lambda: popup('Really?', [put_text('The file goes.'), "
        "put_button('Yes', lambda: [close_popup(), put_text('gone')])]))"
    )
    notebook = fill_notebook([IMPORTS + code])
    notebook.run(0)
    area = notebook.output_area(0)
    area.get_by_role("button", name="open").click()
    dialog = area.get_by_role("dialog", name="Really?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Yes")).to_be_focused()
    for _ in range(3):
        notebook.page.keyboard.press("Tab")
        assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    notebook.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(area.get_by_role("button", name="open")).to_be_focused()
    area.get_by_role("button", name="open").click()
    area.get_by_role("dialog").get_by_role("button", name="Yes").click()
    expect(area.get_by_text("gone")).to_be_visible()
    expect(area.get_by_role("dialog")).to_have_count(0)


def test_a_cell_can_be_stopped_while_a_popup_is_open(fill_notebook: FillNotebook) -> None:
    code = "popup('Wait', 'a moment', closable=False)\neval_js('new Promise(() => {})')"
    notebook = fill_notebook([IMPORTS + code])
    notebook.run(0, wait=False)
    expect(notebook.output_area(0).get_by_role("dialog", name="Wait")).to_be_visible()
    notebook.interrupt()
    notebook.wait_idle()
    notebook.wait_for_text(0, "KeyboardInterrupt")


@pytest.mark.any_front_end
def test_the_style_sheet_and_theme_of_an_app_are_its_view_s_alone(fill_notebook: FillNotebook) -> None:
    code = (
        "@config(title='An app', theme='dark', css_style='* { letter-spacing: 3px }', js_code='globalThis.ran = 7')\n"
        "def app(): put_text('inside')\n"
        "start_server(app)"
    )
    notebook = fill_notebook([IMPORTS + code, IMPORTS + "put_text('outside')"])
    notebook.run(0)
    notebook.run(1)
    inside = notebook.output_area(0).get_by_text("inside")
    expect(inside).to_have_css("letter-spacing", "3px")
    expect(inside).to_have_css("color", "rgb(228, 231, 234)")
    outside = notebook.output_area(1).get_by_text("outside")
    expect(outside).to_have_css("letter-spacing", "normal")
    assert notebook.page.evaluate("[globalThis.ran, document.documentElement.dataset.nbsessionTheme]") == [
        7,
        None,
    ]
    expect(notebook.output_area(0).get_by_text("An app")).to_be_visible()

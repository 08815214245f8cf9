"""The options of `set_env` about the input panel, in an app in a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from .conftest import FillNotebook
    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end

APP = """
from nbsession import *
from nbsession.input import *
from nbsession.output import *
def app():
    set_env({options})
    for number in range({lines}):
        put_text(f"line {{number}}")
    put_text("answer", input("Asked"))
start_server(app)
"""


def open_app(fill_notebook: FillNotebook, options: str, lines: int = 1) -> NotebookPage:
    """A notebook with an app that asks."""
    notebook = fill_notebook([APP.format(options=options, lines=lines)])
    notebook.run(0)
    expect(form(notebook)).to_have_count(1)
    return notebook


def form(notebook: NotebookPage) -> Locator:
    return notebook.output_area(0).locator("form.nbsession-form:visible")


def test_an_apps_form_takes_the_focus(fill_notebook: FillNotebook) -> None:
    notebook = open_app(fill_notebook, "")
    expect(form(notebook).get_by_role("textbox")).to_be_focused()


def test_an_apps_form_leaves_the_focus_where_it_is(fill_notebook: FillNotebook) -> None:
    notebook = open_app(fill_notebook, "input_auto_focus=False")
    form(notebook).get_by_role("textbox").wait_for()
    assert not form(notebook).evaluate("(form) => form.contains(document.activeElement)")


def test_a_panel_in_a_cell_is_below_the_outputs_and_as_high_as_its_form(fill_notebook: FillNotebook) -> None:
    options = "input_panel_fixed=True, input_panel_min_height=500, input_panel_init_height=600"
    notebook = open_app(fill_notebook, options, lines=5)
    last = notebook.output_area(0).get_by_text("line 4", exact=True).bounding_box()
    box = form(notebook).bounding_box()
    assert last
    assert box
    assert box["y"] > last["y"]
    assert box["height"] < 250

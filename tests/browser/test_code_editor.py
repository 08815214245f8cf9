"""The code editor in a notebook: it comes from Python, replaces a text area, and is at home among JupyterLab's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from .conftest import FillNotebook, OpenNotebook
    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end

TEXT = "def area(radius):\\n    return 3 * radius ** 2"
# The node of a pin, as `put_textarea` sends it.
EDITOR = f"""
from nbsession.output import put_text
from nbsession._core.current import current_session
put_text("before")
key = current_session().outputs.put("pin", field=dict(
    name="code", type="textarea", label="Your code", value="{TEXT}", rows=6, help="Any Python.",
    code=dict(mode="python")))
"""
NEVER = """
import nbsession._core.page_control as control
control.CHUNKS = frozenset()
"""


def content(notebook: NotebookPage, index: int = 0) -> Locator:
    return notebook.output_area(index).locator(".nbsession-editor .cm-content")


def text(editor: Locator) -> str:
    return "\n".join(editor.locator(".cm-line").all_inner_texts())


@pytest.fixture
def edited(fill_notebook: FillNotebook) -> NotebookPage:
    """A notebook whose first cell shows an editor, above another cell."""
    notebook = fill_notebook([EDITOR, "'below'"])
    notebook.run(0)
    content(notebook).wait_for()
    return notebook


def test_an_editor_shows_the_text_in_colours(edited: NotebookPage) -> None:
    editor = content(edited)
    assert text(editor) == TEXT.replace("\\n", "\n")
    colours = editor.evaluate(
        "content => new Set([...content.querySelectorAll('span')].map(each => getComputedStyle(each).color)).size"
    )
    assert colours > 1


def test_what_is_typed_goes_nowhere_else(edited: NotebookPage) -> None:
    editor = content(edited)
    editor.click()
    edited.page.keyboard.press("Control+End")
    edited.page.keyboard.type("\ndd")
    edited.page.keyboard.press("Shift+Enter")
    edited.page.keyboard.type("x = 1")
    assert text(editor).endswith("\n    dd\n    x = 1")
    assert edited.outputs(1) == []
    assert edited.page.locator(".jp-CodeCell").count() == 2


def test_the_text_is_that_of_the_form(edited: NotebookPage) -> None:
    content(edited).click()
    edited.page.keyboard.press("Control+A")
    edited.page.keyboard.type("pass")
    assert edited.output_area(0).locator("textarea").input_value() == "pass"


def test_tab_indents_and_leaves_after_escape(edited: NotebookPage) -> None:
    editor = content(edited)
    editor.click()
    edited.page.keyboard.press("Control+Home")
    edited.page.keyboard.press("Tab")
    assert text(editor).startswith("    def")
    edited.page.keyboard.press("Escape")
    edited.page.keyboard.press("Tab")
    assert edited.page.evaluate("document.activeElement.textContent") == "Full screen (F11)"


def test_the_label_names_the_editor_and_leads_to_it(edited: NotebookPage) -> None:
    named = edited.output_area(0).get_by_role("textbox", name="Your code")
    assert named.count() == 1
    edited.output_area(0).get_by_text("Your code").click()
    assert named.evaluate("element => element === document.activeElement")


def test_full_screen_fills_the_window_until_escape(edited: NotebookPage) -> None:
    size = "element => [element.getBoundingClientRect().x, element.offsetWidth, element.offsetHeight]"
    editor = edited.output_area(0).locator(".nbsession-editor")
    content(edited).click()
    edited.page.keyboard.press("F11")
    assert editor.evaluate(size) == edited.page.evaluate("[0, innerWidth, innerHeight]")
    edited.page.keyboard.press("Escape")
    assert editor.evaluate(size)[0] > 0
    assert content(edited).evaluate("element => element === document.activeElement")


def test_an_editor_that_python_cannot_send_stays_a_text_area(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([NEVER + EDITOR])
    notebook.run(0)
    area = notebook.output_area(0).get_by_label("Your code")
    area.fill("typed")
    assert area.input_value() == "typed"

"""What is put looks as it does where a cell ends with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .test_output import change_theme

if TYPE_CHECKING:
    from .notebook_page import NotebookPage

LOOK = """(outputs) => {
    const look = (element, ...names) => {
        const style = getComputedStyle(element);
        return Object.fromEntries(names.map((name) => [name, style[name]]));
    };
    const table = outputs.querySelector("table");
    const { left, width, height } = table.getBoundingClientRect();
    const cell = ["padding", "fontSize", "fontFamily", "fontWeight", "textAlign", "verticalAlign", "lineHeight",
        "color"];
    return {
        place: [left, width, height],
        td: look(table.querySelector("td"), ...cell),
        th: look(table.querySelector("tbody th"), ...cell),
        thead: look(table.querySelector("thead"), "borderBottom"),
        rows: [...table.querySelectorAll("tbody tr")].map((row) => look(row, "backgroundColor")),
    };
}"""
FRAME = """
class Frame:
    def _repr_html_(self):
        rows = "".join(f"<tr><th>{n}</th><td>{n * 7}</td><td>text</td></tr>" for n in range(3))
        head = "<thead><tr><th></th><th>a</th><th>b</th></tr></thead>"
        return f'<div><table class="dataframe" border="1">{head}<tbody>{rows}</tbody></table></div>'
"""


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_a_table_that_is_put_looks_as_a_cells_last_value(notebook: NotebookPage, theme: str) -> None:
    change_theme(notebook, theme)

    def look(code: str) -> Any:
        notebook.execute(FRAME + "from nbsession.output import put\n" + code)
        notebook.page.mouse.move(0, 0)
        area = notebook.output_area(-1)
        area.locator("table").wait_for()
        return area.evaluate(LOOK)

    assert look("_ = put(Frame())") == look("Frame()")
    change_theme(notebook, "JupyterLab Light")


def test_a_view_is_as_wide_as_the_cells_other_outputs(notebook: NotebookPage) -> None:
    notebook.page.set_viewport_size({"width": 1800, "height": 900})
    try:
        notebook.execute("from nbsession.output import put_text\nput_text('x')\nprint('x')")
        panel = notebook.output_area(-1).locator(".nbsession-panel")
        panel.wait_for()
        view, printed = (
            each.evaluate("each => each.getBoundingClientRect().width")
            for each in (panel, notebook.output_area(-1).locator(".jp-OutputArea-output").last)
        )
    finally:
        notebook.page.set_viewport_size({"width": 1280, "height": 900})
    assert view > 960
    assert view == printed

"""What stays in the notebook's file, and that the live view does not notice (docs/renditions.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .notebook_page import AWAY_FOR_LONG, NotebookPage

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from .conftest import OpenNotebook
    from .jupyter_server import JupyterServer

CELL = """
from nbsession.output import *
from nbsession.pin import *
put_text("shown")
put_input("name", label="Name")
put_button("More", onclick=lambda: put_text("pressed"))
"""
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# How often JupyterLab has rendered an output of the cell anew.
RENDERED = """
path => {
  const panel = [...jupyterapp.shell.widgets("main")].find((each) => each.context?.path === path);
  window.rendered = 0;
  panel.content.widgets[0].model.outputs.changed.connect(() => { window.rendered += 1; });
}
"""

SHUT_DOWN = """
path => [...jupyterapp.shell.widgets("main")].find((each) => each.context?.path === path)
  .context.sessionContext.session.kernel.shutdown()
"""


@pytest.fixture
def shown(open_notebook: OpenNotebook) -> NotebookPage:
    """A notebook with a view, and a rendition of it."""
    notebook = open_notebook([CELL + AWAY_FOR_LONG])
    notebook.run_all()
    notebook.wait_for_text(0, "shown")
    wait_for_rendition(notebook, "shown")
    return notebook


def wait_for_rendition(notebook: NotebookPage, text: str) -> None:
    """Block until the model that is saved contains a text."""
    notebook.wait_for(
        "([path, text]) => JSON.stringify([...jupyterapp.shell.widgets('main')]"
        ".find((each) => each.context?.path.endsWith(path)).content.model.cells.get(0).sharedModel.getOutputs())"
        ".includes(text)",
        [notebook.path, text + "<"],
    )


def data(saved: NotebookNode) -> dict[str, Any]:
    [output] = saved.cells[0].outputs
    found: dict[str, Any] = output.data
    return found


def live(notebook: NotebookPage) -> None:
    """Press the button and see what it does."""
    notebook.output_area(0).get_by_role("button", name="More").click()
    notebook.wait_for_text(0, "pressed")


def test_the_file_contains_the_rendition_instead_of_the_widget(shown: NotebookPage) -> None:
    saved = data(shown.save())
    assert "<p>shown</p>" in saved["text/html"]
    assert WIDGET_VIEW not in saved


def test_a_change_is_in_the_file_once_the_view_is_quiet(shown: NotebookPage) -> None:
    live(shown)
    wait_for_rendition(shown, "pressed")
    assert "<p>pressed</p>" in data(shown.save())["text/html"]


def test_a_reloaded_page_shows_the_view(shown: NotebookPage) -> None:
    shown.save()
    shown.reload()
    live(shown)
    wait_for_rendition(shown, "pressed")


def test_a_notebook_that_was_not_saved_has_the_rendition_after_a_reload(shown: NotebookPage) -> None:
    shown.save()
    live(shown)
    shown.reload()
    shown.wait_for_text(0, "pressed")
    wait_for_rendition(shown, "pressed")


def test_a_moved_cell_shows_the_view(shown: NotebookPage) -> None:
    shown.append("")
    shown.command(0, "notebook:move-cell-down")
    shown.output_area(1).get_by_role("button", name="More").click()
    shown.wait_for_text(1, "pressed")


def test_a_second_page_keeps_the_rendition_too(shown: NotebookPage, open_notebook: OpenNotebook) -> None:
    shown.save()
    second = open_notebook(path=shown.path)
    second.output_area(0).locator(".nbsession-panel").wait_for()  # which says where the session is shown
    live(shown)
    wait_for_rendition(second, "pressed")


def test_after_a_restart_the_rendition_is_shown_in_place_of_a_missing_model(shown: NotebookPage) -> None:
    shown.save()
    shown.restart()
    shown.reload()
    shown.wait_for_text(0, "shown")
    assert "not found" not in shown.text(0)
    assert shown.output_area(0).get_by_role("button").count() == 0


def test_a_change_right_before_a_restart_is_in_the_file(shown: NotebookPage) -> None:
    live(shown)
    shown.restart()
    wait_for_rendition(shown, "pressed")
    assert "<p>pressed</p>" in data(shown.save())["text/html"]


def test_a_change_right_before_the_kernel_is_shut_down_is_in_the_file(shown: NotebookPage) -> None:
    live(shown)
    shown.page.evaluate(SHUT_DOWN, shown.path)
    wait_for_rendition(shown, "pressed")
    assert "<p>pressed</p>" in data(shown.save())["text/html"]


def test_without_its_kernel_the_rendition_is_shown(
    shown: NotebookPage, open_notebook: OpenNotebook, jupyter_server: JupyterServer
) -> None:
    shown.save()
    shown.close()
    jupyter_server.shut_down_kernel(shown.path)
    again = open_notebook(path=shown.path)
    again.wait_for_text(0, "shown")
    assert "not found" not in again.text(0)


def test_a_reader_types_while_the_rendition_is_made_again_50_times(open_notebook: OpenNotebook) -> None:
    """Nothing is rendered anew, so nothing can be lost."""
    notebook = open_notebook(
        [
            CELL + "put_scrollable(put_text('far\\n' * 99), height=40)\n"
            "put_html('<iframe srcdoc=\"frame\"></iframe>')\n"
            "import threading, time\nfrom nbsession._jupyter.cells import renditions\nrenditions.QUIET = 0.02\n"
            "from nbsession import session\n"
            "def change():\n"
            "    for n in range(50):\n"
            "        put_text(f'change {n}')\n"
            "        time.sleep(0.1)\n"
            "put_button('Go', onclick=change)"
        ]
    )
    notebook.run_all()
    area = notebook.output_area(0)
    area.get_by_role("button", name="Go").click()
    field = area.get_by_label("Name")
    field.click()
    notebook.page.evaluate(
        """() => {
            window.field = document.activeElement;
            window.blurred = 0;
            window.field.addEventListener("blur", () => { window.blurred += 1; });
            window.frameLoads = 0;
            document.querySelector("iframe").addEventListener("load", () => { window.frameLoads += 1; });
            window.scroller = document.querySelector(".nbsession-scrollable-content, .nbsession-scrollable");
            if (window.scroller) window.scroller.scrollTop = 100;
        }"""
    )
    notebook.page.evaluate(RENDERED, notebook.path)
    text = "what the reader types, letter by letter"
    notebook.page.keyboard.type(text, delay=120)
    notebook.page.keyboard.press("ArrowLeft")
    notebook.wait_for_text(0, "change 49")
    wait_for_rendition(notebook, "change 49")
    after = notebook.page.evaluate(
        "() => [window.field.value, window.field === document.activeElement, window.field.selectionStart,"
        " window.blurred, window.rendered, window.frameLoads]"
    )
    assert after == [text, True, len(text) - 1, 0, 0, 0]


def test_without_renditions_the_bundle_is_as_it_was(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["from nbsession import set_env\nset_env(static=False)\n" + CELL])
    notebook.run_all()
    notebook.wait_for_text(0, "shown")
    saved = data(notebook.save())
    assert WIDGET_VIEW in saved
    assert "shown" not in saved["text/html"]

"""The ground that the other browser tests stand on: cells, widgets, interrupts, restarts and downloads work at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import OpenNotebook

pytestmark = pytest.mark.at_length

ANYWIDGET = """
import anywidget
import traitlets

class Counter(anywidget.AnyWidget):
    _esm = '''
    function render({ model, el }) {
        const button = document.createElement("button");
        const show = () => { button.textContent = `pressed ${model.get("value")} times`; };
        button.addEventListener("click", () => { model.set("value", model.get("value") + 1); model.save_changes(); });
        model.on("change:value", show);
        show();
        el.appendChild(button);
    }
    export default { render };
    '''
    value = traitlets.Int(0).tag(sync=True)

counter = Counter()
counter
"""

SLIDER = """
import ipywidgets
ipywidgets.IntSlider(7, description="slide me")
"""

DOWNLOAD = """
from IPython.display import HTML
HTML('<a id="save" href="data:application/octet-stream,hello" download="hello.txt">save</a>')
"""


def test_cells_show_what_they_print_and_return(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["print(1+1)", "21 * 2", "print('a'); 'b'"])
    notebook.run_all()
    assert [notebook.outputs(index) for index in range(3)] == [["2"], ["42"], ["a", "'b'"]]


def test_an_anywidget_is_shown_and_tells_python_of_a_click(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([ANYWIDGET, "counter.value"])
    notebook.run(0)
    notebook.output_area(0).get_by_role("button").click()
    notebook.wait_for_text(0, "pressed 1 times")
    assert notebook.run(1) == ["1"]


def test_an_ipywidget_is_shown(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([SLIDER])
    notebook.run(0)
    notebook.wait_for_text(0, "slide me")


def test_a_running_cell_can_be_interrupted(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["import time; print('begun'); time.sleep(60)"])
    notebook.run(0, wait=False)
    notebook.wait_for_text(0, "begun")
    notebook.interrupt()
    notebook.wait_idle()
    assert "KeyboardInterrupt" in notebook.text(0)


def test_a_restarted_kernel_has_forgotten(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["kept = 1", "'kept' in globals()"])
    notebook.run(0)
    notebook.restart()
    assert notebook.run(1) == ["False"]


def test_a_reloaded_page_finds_its_kernel_again(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["kept = 1", "kept"])
    notebook.run(0)
    notebook.reload()
    assert notebook.run(1) == ["1"]


def test_two_pages_share_a_kernel(open_notebook: OpenNotebook) -> None:
    first = open_notebook(["kept = 1", "kept"])
    first.run(0)
    second = open_notebook(path=first.path)
    assert second.run(1) == ["1"]


def test_a_saved_notebook_holds_the_outputs(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["print('kept')"])
    notebook.run(0)
    saved = notebook.save()
    assert saved.cells[0].outputs[0].text == "kept\n"


def test_a_download_is_received(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([DOWNLOAD])
    notebook.run(0)
    notebook.page.click("#save")
    (download,) = notebook.wait_for_downloads(1)
    assert (download.suggested_filename, download.path().read_bytes()) == ("hello.txt", b"hello")

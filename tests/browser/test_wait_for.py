"""A reader uses widgets of ipywidgets while a cell waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .notebook_page import NotebookPage

SETUP = """
import ipywidgets
from IPython.display import display
from nbsession import *
slider = ipywidgets.IntSlider(3, max=10)
go = ipywidgets.Button(description="Go")
shown = ipywidgets.Output()
display(slider, go, shown)
print("ready", flush=True)
"""


def begin(notebook: NotebookPage, code: str) -> int:
    """Run a cell that displays a slider, a button and an output, and then waits."""
    index = notebook.append(SETUP + code)
    notebook.run(index, wait=False)
    notebook.wait_for_text(index, "ready")
    notebook.output_area(index).get_by_role("button", name="Go").wait_for()
    return index


def slide(notebook: NotebookPage, index: int, value: int) -> None:
    """Move the slider to a value with the mouse: Notebook 7 keeps the arrow keys for itself."""
    slider = notebook.output_area(index).locator(".widget-slider").first
    slider.locator(".noUi-handle").hover()
    mouse = notebook.page.mouse
    mouse.down()
    track = slider.locator(".noUi-base").bounding_box()
    assert track is not None
    mouse.move(track["x"] + track["width"] * value / 10, track["y"] + track["height"] / 2)
    mouse.up()
    slider.locator(".widget-readout").get_by_text(str(value), exact=True).wait_for()


def test_a_cell_waits_for_a_slider_and_returns_its_value(notebook: NotebookPage) -> None:
    index = begin(notebook, "print('value', wait_for(slider))")
    slide(notebook, index, 4)
    notebook.wait_for_text(index, "value 4")
    notebook.wait_idle()


def test_a_cell_waits_for_a_button_while_the_slider_is_moved(notebook: NotebookPage) -> None:
    index = begin(notebook, "wait_for(go)\nprint('value', slider.value)")
    for value in (4, 5, 8):
        slide(notebook, index, value)
    notebook.output_area(index).get_by_role("button", name="Go").click()
    notebook.wait_for_text(index, "value 8")
    notebook.wait_idle()


def test_callbacks_run_while_eval_js_waits_for_a_slow_promise(notebook: NotebookPage) -> None:
    """Each value of the slider leaves the page when the kernel has handled the last one."""
    code = """
def moved(change):
    with shown:
        print("moved to", change.new)
slider.observe(moved, "value")
eval_js("new Promise(resolve => { window.finish = resolve })")
print("finished at", slider.value)
"""
    index = begin(notebook, code)
    notebook.wait_for("() => window.finish !== undefined")
    for value in (4, 5, 6):
        slide(notebook, index, value)
        widget = notebook.output_area(index).locator(".widget-output")
        widget.get_by_text(f"moved to {value}").wait_for()
    notebook.page.evaluate("window.finish(null)")
    notebook.wait_for_text(index, "finished at 6")
    notebook.wait_idle()

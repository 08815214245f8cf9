"""A notebook in use for NBSESSION_TEST_SOAK seconds: kernel and page hold no more in its second half."""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

import nbformat
import pytest

from tests.browser.notebook_page import NotebookPage

from .counts import Counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

    from tests.browser.jupyter_server import JupyterServer

SECONDS = float(os.environ.get("NBSESSION_TEST_SOAK", "60"))
SAMPLES = 10
WARM_UP = 2  # samples
# A page says that a view is gone two seconds after it is.
QUIET = 3.0

pytestmark = pytest.mark.timeout(SECONDS * 2 + 600)

SETUP = """
%matplotlib inline
import threading
import ipywidgets, pandas
import matplotlib.pyplot as plt
from nbsession import *
from nbsession.output import *
from nbsession._core.current import current_session
kept = ipywidgets.HTML("a widget")
"""
BUTTON = """
acted = ipywidgets.Button(description="act")
acted.on_click(lambda _: run_js("window.acted = (window.acted || 0) + 1"))
acted
"""
OUTPUTS = """
put_markdown("# Results")
put_table([["name", "score"], ["Ada", 3]])
put(pandas.DataFrame({"a": [1, 2]}))
figure, axes = plt.subplots(figsize=(2, 1)); axes.plot([1, 3, 2]); put(figure)
put_progressbar("done")
line = put_text("0 of 20")
def pressed():
    for step in range(21):
        set_progressbar("done", step / 20)
        line.update(f"{step} of 20")
    with use_scope("log", clear=True):
        put_text("pressed", eval_js("1 + 1"))
put_button("press", onclick=pressed)
"""
APP = """
def app():
    def pressed():
        with use_scope("log", clear=True):
            put_text("pressed in the app")
    put_button("press", onclick=pressed)
    put_text("an app")
start_server(app)
"""
ENDED_APP = """
def ends():
    put_text("ends")
start_server(ends)
"""
CLOSED = """
put_text("closed")
current_session().close("that is enough")
"""
DOWNLOADS = """
download("small.txt", "small").wait()
download("large.bin", bytes(2_000_000)).wait()
"""
THREAD = """
def work():
    put_text("of a thread:", eval_js("2 + 2"))
thread = threading.Thread(target=work)
register_thread(thread); thread.start()
while thread.is_alive(): eval_js("1")
"""
# One for all runs: ipywidgets keeps each widget until it is closed.
WIDGET = "eval_js('1'); kept"
AWAITED = "put_text('awaited:', await eval_js('Promise.resolve(5)'))"
ERROR = "eval_js('missing')"
# The cells that are run again and again, and what each shows in the end.
SHOWN = {
    OUTPUTS: "0 of 20",
    APP: "an app",
    ENDED_APP: "the app has ended",
    CLOSED: "that is enough",
    DOWNLOADS: "Saved",
    THREAD: "of a thread: 4",
    AWAITED: "awaited: 5",
    WIDGET: "a widget",
    ERROR: "missing is not defined",
}
# The cells whose button is pressed, and what that shows.
PRESSED = {OUTPUTS: "pressed 2", APP: "pressed in the app"}

# What may be added for each run of a cell, and beside that in all. A view that was not let go of took two widgets,
# comms and models, two listeners, 13.6 KiB in the kernel and 25 to 32 KB in the page. JupyterLab itself keeps 1 to
# 5 KB of each run of a cell, and two nodes and some 10 KB of each view of any widget.
MAY_GROW = {
    "kernel sessions": (0.01, 3),
    "kernel widgets": (0.01, 2),
    "kernel comms": (0.01, 2),
    "kernel threads": (0.01, 2),
    "kernel files": (0.01, 10),
    "kernel objects": (4, 1000),
    "kernel memory": (4 * 1024, 2 * 2**20),
    "page comms": (0.01, 2),
    "page models": (0.01, 2),
    "page listeners": (0.1, 100),
    "page nodes": (4, 100),
    "page memory": (24 * 1024, 4 * 2**20),
}


@dataclass(frozen=True)
class Sample:
    """What was there after so many runs of cells."""

    runs: int
    counts: dict[str, int]


@pytest.fixture(scope="module")
def samples(browser_context: BrowserContext, jupyter_server: JupyterServer) -> Iterator[list[Sample]]:
    """What was there, at equal distances; without the warm-up."""
    path = f"soak_{uuid.uuid4().hex[:6]}.ipynb"
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, BUTTON, *SHOWN)]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec}), jupyter_server.root / path
    )
    notebook = NotebookPage(browser_context, jupyter_server, path)
    yield soak(notebook)[WARM_UP:]
    notebook.close()
    jupyter_server.shut_down_kernel(path)


def soak(notebook: NotebookPage) -> list[Sample]:
    """Use the notebook, counting at equal distances."""
    notebook.run(0)
    notebook.run(1)
    counts = Counts(notebook)
    samples: list[Sample] = []
    runs, began = 0, time.monotonic()
    for _ in range(SAMPLES):
        until = time.monotonic() + SECONDS / SAMPLES
        while True:  # once at least, however slow the machine
            use(notebook)
            runs += len(SHOWN)
            if time.monotonic() >= until:
                break
        notebook.page.wait_for_timeout(QUIET * 1000)
        samples.append(Sample(runs, counts.take()))
        print(f"after {time.monotonic() - began:.0f} s:", samples[-1], flush=True)
    return samples


def use(notebook: NotebookPage) -> None:
    """Run each cell again, press the buttons, take the files."""
    first = 2
    places = {source: index for index, source in enumerate(SHOWN, first)}
    for source, text in SHOWN.items():
        notebook.run(places[source])
        notebook.wait_for_text(places[source], text)
    for source, text in PRESSED.items():
        notebook.output_area(places[source]).get_by_role("button", name="press").click()
        notebook.wait_for_text(places[source], text)
    acted = notebook.page.evaluate("window.acted || 0")
    notebook.output_area(1).get_by_role("button", name="act").click()
    notebook.wait_for("before => window.acted > before", acted)
    for download in notebook.wait_for_downloads(2):
        download.delete()
    notebook.downloads.clear()


@pytest.mark.parametrize("name", MAY_GROW)
def test_it_is_flat(samples: list[Sample], name: str) -> None:
    half = len(samples) // 2
    first, second = samples[:half], samples[half:]
    runs = mean(each.runs for each in second) - mean(each.runs for each in first)
    growth = mean(each.counts[name] for each in second) - mean(each.counts[name] for each in first)
    for_each_run, in_all = MAY_GROW[name]
    assert growth <= for_each_run * runs + in_all, [each.counts[name] for each in samples]

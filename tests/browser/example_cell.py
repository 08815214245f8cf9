"""The examples in a cell: one notebook and one kernel for all of them."""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from playwright.sync_api import Locator

    from tests.examples.example import Example

    from .notebook_page import NotebookPage

IMPORT = "from nbsession.output import put_text"


def define(notebook: NotebookPage, *modules: ModuleType) -> None:
    """Run the text of modules of programs, so that cells can call these."""
    for module in modules:
        run_first(notebook, inspect.getsource(module))
        notebook.wait_idle()
        assert notebook.outputs(0) == []
    run_first(notebook, IMPORT)
    notebook.wait_idle()


@contextmanager
def running(notebook: NotebookPage, example: Example, code: str) -> Iterator[Locator]:
    """Run a cell with an example, and give the cell's outputs to its reader; then the cell's code ends."""
    if notebook.status() != "idle":  # the example of a test that has failed
        notebook.interrupt()
    notebook.wait_idle()
    page_errors = len(notebook.page_errors)
    run_first(notebook, code)
    yield notebook.output_area(0)
    if example.endless:
        notebook.interrupt()
    notebook.wait_idle()
    assert notebook.page_errors[page_errors:] == []
    assert [said.text for said in notebook.console if said.type == "error"] == []
    errors = [model["ename"] for model in notebook.output_models(0) if model["output_type"] == "error"]
    assert errors == (["KeyboardInterrupt"] if example.endless else [])


def run_first(notebook: NotebookPage, code: str) -> None:
    """Begin to run other code in the first cell, which ends the session and the pins of what ran there before."""
    notebook.clear_output(0)
    notebook.set_source(0, code)
    notebook.run(0, wait=False)

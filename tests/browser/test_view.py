"""What the reader sees: nothing where there is nothing to show, else a view in the cell that it is about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

IMPORT = "from nbsession import *\n"
FORBID_EVAL = """() => {
    const meta = document.createElement("meta");
    meta.httpEquiv = "Content-Security-Policy";
    meta.content = "script-src 'self' 'unsafe-inline' blob:";
    document.head.append(meta);
}"""


def test_a_notebook_that_only_runs_code_is_saved_without_a_trace(open_notebook: OpenNotebook) -> None:
    cells = [
        IMPORT + "eval_js('1 + 1')",
        "run_js('window.x = 1')",
        "local.a = 1",
        "print(info.user_language)",
    ]
    notebook = open_notebook([*cells, "download('small.txt', b'small').wait()"])
    notebook.run_all()
    saved = notebook.save()
    assert "widget" not in json.dumps([cell["outputs"] for cell in saved.cells])
    assert "widgets" not in saved.metadata
    notebook.close()
    notebook.server.shut_down_kernel(notebook.path)
    reopened = open_notebook(path=notebook.path)
    assert [reopened.outputs(index) for index in range(5)] == [["2"], [], [], ["en-US"], []]


def test_an_error_is_shown_with_its_stack_and_the_code(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "run_js('const far = 5; lost.property')\neval_js('0')")
    notebook.wait_for_text(-1, "ReferenceError: lost is not defined")
    assert "const far = 5" in notebook.text(-1)


@pytest.mark.any_front_end
def test_text_of_an_error_is_no_markup(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT + "run_js('throw new Error(text)', text='<img src=x onerror=window.hacked=1>')\neval_js('0')"
    )
    notebook.wait_for_text(-1, "<img src=x")
    assert notebook.page.evaluate("window.hacked") is None


@pytest.mark.any_front_end
def test_more_than_twenty_different_errors_are_not_shown(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "for i in range(30): eval_js(f'missing{i}')\n'end'")
    notebook.wait_for_text(-1, "missing19 is not defined")
    assert "missing20" not in notebook.text(-1)


def test_a_large_download_shows_its_progress_and_its_end(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "download('large.bin', bytes(3_000_000)).wait()")
    notebook.wait_for_text(-1, "large.bin")
    notebook.wait_for_text(-1, "Saved")


def test_the_plain_text_of_a_view_is_constant(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "eval_js('missing')")
    notebook.wait_for_text(-1, "missing is not defined")
    [view] = notebook.output_models(-1)
    assert view["data"]["text/plain"] == "nbsession view"


def test_an_error_after_the_cell_has_ended_is_shown_in_it(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "run_js('await new Promise(done => setTimeout(done, 300)); later.than()')")
    notebook.wait_for_text(-1, "later is not defined")


def test_a_page_that_forbids_eval_says_so(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([IMPORT + "eval_js('1')", "eval_js('2', errors_='raise')", "print('alive')"])
    notebook.run(0)
    notebook.page.evaluate(FORBID_EVAL)
    notebook.run(1)
    assert "Content-Security-Policy" in notebook.text(1) or "Content Security Policy" in notebook.text(1)
    assert notebook.run(2) == ["alive"]


def test_a_cell_that_is_run_again_leaves_no_model_in_the_page(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "eval_js('1')")
    before = notebook.comms()
    index = notebook.append("from nbsession.output import *\nput_text('shown')")
    for _ in range(4):
        notebook.run(index)
        notebook.wait_for_text(index, "shown")
    notebook.wait_for(
        "([path, before]) => harness.comms(path).filter(id => !before.includes(id)).length === 2",  # view and layout
        [notebook.path, before],
    )


def test_an_error_in_a_callback_without_a_cell_is_a_toast(notebook: NotebookPage) -> None:
    code = """
import ipywidgets
button = ipywidgets.Button(description="fail")
button.on_click(lambda _: eval_js("toasted.error"))
button
"""
    notebook.execute(IMPORT + code)
    notebook.output_area(-1).get_by_role("button", name="fail").click()
    notebook.page.get_by_role("alert").filter(has_text="ReferenceError: toasted is not defined").wait_for()

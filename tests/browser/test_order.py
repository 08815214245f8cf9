"""Outputs and commands take effect in the order of the calls, and commands find the root of their session's view."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

IMPORT = "from nbsession import *\nfrom nbsession.output import *\n"
# The notebook keeps the cells of former tests: each test has a class of its own.
PUT = "put_html('<div class={}></div>')\n"
COUNT = "eval_js(\"document.querySelectorAll('.{}').length\")"
# A hundred where there is time for it.
RUNS = 100 if os.environ.get("NBSESSION_TEST_LOAD") == "full" else 10


def run_again(notebook: NotebookPage, code: str, times: int) -> list[str]:
    """Run one cell several times, and return the last line of what it printed in each run."""
    notebook.execute(IMPORT)
    index = notebook.append(code)
    return [notebook.run(index)[-1].strip() for _ in range(times)]


def test_a_cells_first_output_is_there_for_the_next_command(notebook: NotebookPage) -> None:
    assert run_again(notebook, f"{PUT}print({COUNT})".format("first", "first"), RUNS) == ["1"] * RUNS


def test_commands_and_outputs_alternate_on_the_page_as_in_the_code(notebook: NotebookPage) -> None:
    code = f"""
        for _ in range(3):
            {PUT.format("turn").strip()}
            run_js("(window.counts ??= []).push(document.querySelectorAll('.turn').length)")
        clear()
        print(eval_js("window.counts.splice(0)"), {COUNT.format("turn")})
    """
    code = "\n".join(line[8:] for line in code.splitlines())
    assert run_again(notebook, code, 3) == ["[1, 2, 3] 0"] * 3


def test_an_apps_first_output_is_there_for_the_next_command(notebook: NotebookPage) -> None:
    put, count = PUT.format("app"), COUNT.format("app")
    code = f"def app():\n    {put}    put_text(str({count}) + ' found')\n_ = start_server(app)"
    notebook.execute(IMPORT)
    index = notebook.append(code)
    for _ in range(3):
        notebook.run(index)
        notebook.wait_for_text(index, "1 found")


def test_a_command_that_draws_into_the_root_shows_a_view_of_its_own(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "run_js('element.append(`width ${element.clientWidth > 0}`)')")
    notebook.wait_for_text(-1, "width true")


FIND = "[element, document].map(each => each.querySelectorAll('.not-mounted').length)"
# JupyterLab shows the outputs of a cell that is run: the first output comes later, from a thread.
LATER = f"""
import threading
print('begun')
go = threading.Event()
def work():
    go.wait()
    {PUT.format("not-mounted").strip()}
    print(eval_js("{FIND}"))
thread = threading.Thread(target=work)
register_thread(thread)
thread.start()
"""


# JupyterLab 4.6 mounts the outputs of a cell that is far out of sight, and hides them; those of a collapsed cell wait.
@pytest.mark.parametrize(("where", "found"), [("collapsed", "[1, 0]"), ("far out of sight", "[1, ")])
def test_the_root_contains_the_outputs_where_no_view_is_mounted(
    open_notebook: OpenNotebook, where: str, found: str
) -> None:
    notebook = open_notebook([IMPORT + LATER, *["0"] * 300, "go.set()"])
    notebook.set_windowing("full")
    notebook.run(0)
    notebook.wait_for_text(0, "begun")
    if where == "collapsed":
        notebook.command(0, "notebook:hide-cell-outputs")
    notebook.run(301)
    if where == "collapsed":
        notebook.scroll_to(0)
    printed = "([path, index]) => harness.outputModels(path, index).map(each => each.text ?? '').join('')"
    notebook.wait_for(f"args => ({printed})(args).includes(']')", [notebook.path, 0])
    assert found in notebook.page.evaluate(printed, [notebook.path, 0])


def test_what_is_drawn_into_the_root_stays_when_the_cell_moves(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT)
    index = notebook.append(PUT.format("moved") + "run_js(\"element.append('drawn')\")")
    notebook.run(index)
    notebook.wait_for_text(index, "drawn")
    notebook.command(index, "notebook:move-cell-up")
    notebook.wait_for_text(index - 1, "drawn")


def test_a_cell_that_is_run_again_leaves_one_listener(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT)
    listen = "run_js(\"addEventListener('nbsession-test', () => window.heard += 1, {signal})\")\neval_js('0')"
    index = notebook.append(listen)
    for _ in range(20):
        notebook.run(index)
    heard = notebook.page.evaluate(
        "window.heard = 0; dispatchEvent(new Event('nbsession-test')); window.heard"
    )
    assert heard == 1


@pytest.mark.parametrize("name", ["element", "signal"])
def test_an_argument_of_the_callers_own_wins(notebook: NotebookPage, name: str) -> None:
    assert notebook.execute(IMPORT + f"eval_js('{name}', {name}=5)") == ["5"]


def test_code_can_import_a_module_by_an_address_of_the_page(notebook: NotebookPage) -> None:
    (notebook.server.root / "module.js").write_text("export const answer = 42", encoding="utf-8")
    url = notebook.page.evaluate(
        "JSON.parse(document.getElementById('jupyter-config-data').textContent).baseUrl"
    )
    code = f"eval_js(\"(await import('{url}files/module.js')).answer\")"
    assert notebook.execute(IMPORT + code) == ["42"]

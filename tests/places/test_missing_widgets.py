"""JupyterLab whose server has no anywidget, or no widgets at all; the kernel, of another environment, has both."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import nbformat
import pytest
from playwright.sync_api import BrowserContext

from tests.browser.jupyter_server import FRONTENDS, JupyterServer
from tests.browser.notebook_page import NotebookPage

ADVICE = "run pip install anywidget in the environment in which the Jupyter server runs"
IMPORT = "from nbsession import *\nfrom nbsession.output import put_text"


@pytest.fixture(scope="module", params=["lab-without-anywidget", "lab-without-widgets"])
def server(
    request: pytest.FixtureRequest, python_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[JupyterServer]:
    """JupyterLab of such an environment, with kernels of this one."""
    home = tmp_path_factory.mktemp("server")
    server = JupyterServer(python_of(request.param), sys.executable, FRONTENDS["lab"], home)
    try:
        server.wait_until_started()
        yield server
    finally:
        server.stop()


def _write(server: JupyterServer, path: str, code: str) -> None:
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(each) for each in (IMPORT, code)]
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec}), server.root / path
    )


@pytest.mark.parametrize(
    "call",
    ["put_text('hello')", "start_server(lambda: put_text('hello'))", "run_js('1')", "download('a', 'a')"],
)
def test_the_output_says_what_is_missing_and_where(
    server: JupyterServer, browser_context: BrowserContext, call: str
) -> None:
    path = f"{call.partition('(')[0]}.ipynb"
    _write(server, path, call)
    notebook = NotebookPage(browser_context, server, path)
    notebook.run_all()
    notebook.wait_for_text(1, ADVICE)
    notebook.close()


# A page that has jupyterlab_widgets shows an error of theirs before.
@pytest.mark.parametrize("server", ["lab-without-widgets"], indirect=True)
def test_without_widgets_it_says_so_as_soon_as_something_is_shown(
    server: JupyterServer, browser_context: BrowserContext
) -> None:
    _write(server, "at_once.ipynb", "put_text('hello')")
    notebook = NotebookPage(browser_context, server, "at_once.ipynb")
    notebook.run_all()
    assert any(ADVICE in text for text in notebook.outputs(1))
    notebook.close()

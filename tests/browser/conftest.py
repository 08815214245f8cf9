"""Fixtures: one server, one browser a session; a notebook, a page and a kernel for each test."""

from __future__ import annotations

import os
import signal
import sys
import uuid
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import nbformat
import pytest
from playwright.sync_api import BrowserContext, expect

from .jupyter_server import FRONTENDS, Frontend, JupyterServer
from .notebook_page import TIMEOUT, NotebookPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FAILURES = Path(__file__).parents[2] / "test-results"
FAILED = pytest.StashKey[bool]()


class OpenNotebook(Protocol):
    """Write a notebook, open it in a page and wait until its kernel is idle.

    `cells` are sources of code cells or cells made with nbformat. `path` of a notebook that was opened before opens it
    again, in another page; with ``busy``, while one of its cells runs.
    """

    def __call__(
        self,
        cells: Sequence[str | nbformat.NotebookNode] = ("",),
        *,
        path: str | None = None,
        busy: bool = False,
    ) -> NotebookPage: ...


class FillNotebook(Protocol):
    """Give the shared notebook these cells, and a kernel in which nothing is defined."""

    def __call__(self, cells: Sequence[str] = ("",)) -> NotebookPage: ...


def pytest_configure() -> None:
    """End on SIGTERM as on Ctrl-C: with fixtures undone, so that no server or browser is left behind."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    expect.set_options(timeout=TIMEOUT * 1000)  # as for all other waits


@pytest.fixture(scope="session")
def frontend() -> Frontend:
    """The front end that this run is about."""
    return FRONTENDS[os.environ.get("NBSESSION_TEST_FRONTEND", "lab")]


@pytest.fixture(scope="session")
def jupyter_server(frontend: Frontend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """The running Jupyter server."""
    python = os.environ.get("NBSESSION_TEST_PYTHON", sys.executable)
    kernel_python = os.environ.get("NBSESSION_TEST_KERNEL_PYTHON", python)
    server = JupyterServer(python, kernel_python, frontend, tmp_path_factory.mktemp("jupyter"))
    try:
        server.wait_until_started()
        yield server
    finally:
        server.stop()


@pytest.fixture
def open_notebook(
    request: pytest.FixtureRequest, browser_context: BrowserContext, jupyter_server: JupyterServer
) -> Iterator[OpenNotebook]:
    """Open notebooks; their pages are closed and their kernels ended after the test."""
    pages: list[NotebookPage] = []

    def open_notebook(
        cells: Sequence[str | nbformat.NotebookNode] = ("",), *, path: str | None = None, busy: bool = False
    ) -> NotebookPage:
        if path is None:
            path = f"{request.node.originalname}_{uuid.uuid4().hex[:6]}.ipynb"
            nbformat.write(_notebook(cells), jupyter_server.root / path)
        page = NotebookPage(browser_context, jupyter_server, path, busy=busy)
        pages.append(page)
        return page

    with ExitStack() as stack:
        yield open_notebook
        for page in pages:
            stack.callback(jupyter_server.shut_down_kernel, page.path)
            stack.callback(page.close)
            if request.node.stash.get(FAILED, False):
                _describe_failure(page, FAILURES / request.node.name)


@pytest.fixture(scope="module")
def shared_notebook(
    request: pytest.FixtureRequest, browser_context: BrowserContext, jupyter_server: JupyterServer
) -> Iterator[NotebookPage]:
    name = Path(str(request.path)).stem
    path = f"{name}_{uuid.uuid4().hex[:6]}.ipynb"
    nbformat.write(_notebook([""]), jupyter_server.root / path)
    page = NotebookPage(browser_context, jupyter_server, path)
    yield page
    page.close()
    jupyter_server.shut_down_kernel(path)


@pytest.fixture
def notebook(request: pytest.FixtureRequest, shared_notebook: NotebookPage) -> Iterator[NotebookPage]:
    """An open notebook that the tests of a module share, for those that need no kernel or page of their own."""
    shared_notebook.downloads.clear()
    shared_notebook.console.clear()
    yield shared_notebook
    if request.node.stash.get(FAILED, False):
        _describe_failure(shared_notebook, FAILURES / request.node.name)


@pytest.fixture
def fill_notebook(notebook: NotebookPage) -> FillNotebook:
    """Put cells in the place of those of the shared notebook; for a test that needs no kernel or page of its own."""

    def fill_notebook(cells: Sequence[str] = ("",)) -> NotebookPage:
        notebook.replace_cells(cells)
        return notebook

    if notebook.status() != "idle":  # a test has failed before it could stop its cell
        notebook.interrupt()
    notebook.wait_idle()
    return fill_notebook


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know that their test failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


def _notebook(cells: Sequence[str | nbformat.NotebookNode]) -> nbformat.NotebookNode:
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells],
        metadata={"kernelspec": kernelspec},
    )
    return notebook


def _describe_failure(page: NotebookPage, folder: Path) -> None:
    """Print what the page said, and leave a picture of it in ``test-results/``."""
    for message in page.console:
        if message.type in {"error", "warning"}:
            print(f"console {message.type}: {message.text}")
    for error in page.page_errors:
        print(f"page error: {error}")
    if not page.page.is_closed():
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(folder / page.path.replace(".ipynb", ".png"))
        print(f"screenshot: {folder}")

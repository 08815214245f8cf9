"""The gallery by nbconvert and papermill with a headless page, as it is; and by nbval, as JupyterLab has saved it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import BrowserContext

from tests.browser.jupyter_server import FRONTENDS, JupyterServer
from tests.browser.notebook_page import NotebookPage

from .conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"), key=lambda path: path.stem)
PROGRAMS = {
    "nbconvert": ("nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb", "in.ipynb"),
    "papermill": ("papermill", "--no-progress-bar", "--kernel", "python3", "in.ipynb", "out.ipynb"),
}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_to_its_end(tmp_path: Path, path: Path, program: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.write(notebook, tmp_path / "in.ipynb")
    done = subprocess.run(
        [sys.executable, "-m", *PROGRAMS[program]],
        cwd=tmp_path,
        env={**os.environ, "NBSESSION_BROWSER": "headless", "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    code = [
        cell for cell in nbformat.read(tmp_path / "out.ipynb", as_version=4).cells if cell.cell_type == "code"
    ]
    assert all(cell.execution_count for cell in code if cell.source.strip())


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """JupyterLab of this environment."""
    home = tmp_path_factory.mktemp("jupyter")
    server = JupyterServer(sys.executable, sys.executable, FRONTENDS["lab"], home)
    try:
        server.wait_until_started()
        yield server
    finally:
        server.stop()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nbval_passes_what_jupyterlab_has_saved(
    lab: JupyterServer, browser_context: BrowserContext, path: Path
) -> None:
    (lab.root / path.name).write_bytes(path.read_bytes())
    notebook = NotebookPage(browser_context, lab, path.name)
    notebook.run_all(timeout=60)
    notebook.save()
    notebook.close()
    lab.shut_down_kernel(path.name)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--nbsession", "--nbval-current-env", path.name],
        cwd=lab.root,
        env={**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout

"""Every notebook of the gallery runs by nbconvert and by papermill, with a headless page, as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

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

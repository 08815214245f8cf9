"""Fixtures: notebooks in a folder of their own, and programs that run them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

Cells = Sequence[tuple[str, str | None]]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project that is not nbsession's."""
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "tmp").mkdir()
    return project


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    """A user's environment: nothing in it speaks of nbsession, and temporary files are the test's own."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("NBSESSION_", "PYTEST_"))
    }
    return {
        **kept,
        "TMPDIR": str(folder.parent / "tmp"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "NO_COLOR": "1",
    }


@pytest.fixture
def write(folder: Path) -> Callable[[str, Cells], Path]:
    """Write a notebook: pairs of a cell's code and the text of its saved result."""

    def write(name: str, cells: Cells) -> Path:
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
        for count, (code, result) in enumerate(cells, 1):
            cell = nbformat.v4.new_code_cell(code, execution_count=count)
            if result is not None:
                data = {"text/plain": result}
                cell.outputs = [nbformat.v4.new_output("execute_result", data=data, execution_count=count)]
            notebook.cells.append(cell)
        nbformat.write(notebook, folder / name)
        return folder / name

    return write


@pytest.fixture
def run(folder: Path, environment: dict[str, str]) -> Run:
    """Run a module of this Python in the project's folder."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=folder,
            env={**environment, **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@contextmanager
def started(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """Start a module of this Python in a folder; end it if it is still there."""
    with subprocess.Popen(
        [sys.executable, "-m", *arguments], cwd=folder, env=environment, text=True, stdout=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()

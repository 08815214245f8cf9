"""The notebooks that newcomers open run from top to bottom and do what they say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

if TYPE_CHECKING:
    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def run_all(open_notebook: OpenNotebook, name: str) -> tuple[NotebookPage, list[int]]:
    """Run a notebook; return its page and the indices of its code cells."""
    cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
    for cell in cells:
        if cell.cell_type == "code":
            cell.outputs = []
    notebook = open_notebook(cells)
    notebook.run_all(timeout=60)
    return notebook, [index for index, cell in enumerate(cells) if cell.cell_type == "code"]


def errors(notebook: NotebookPage, code: list[int]) -> list[dict[str, Any]]:
    return [
        output
        for index in code
        for output in notebook.output_models(index)
        if output["output_type"] == "error"
    ]


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_it_runs_without_an_error(open_notebook: OpenNotebook, path: Path) -> None:
    notebook, code = run_all(open_notebook, path.stem)
    assert errors(notebook, code) == []
    assert notebook.page.locator(".nbsession-error").count() == (1 if path.stem == "quickstart" else 0)


def test_the_quickstart_paints_and_saves(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "quickstart")
    assert notebook.output_models(code[0])[0]["data"]["text/plain"] == "2"
    assert any("image/png" in output.get("data", {}) for output in notebook.output_models(code[4]))
    [download] = notebook.wait_for_downloads(1)
    assert download.suggested_filename == "squares.csv"


def test_the_data_explorer_saves_what_it_shows(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "data_explorer")
    notebook.output_area(code[1]).get_by_role("button", name="Save as CSV").click()
    [download] = notebook.wait_for_downloads(1)
    assert Path(download.path()).read_text(encoding="utf-8").startswith("day,Oslo\n2025-01-01,")


def test_the_library_goes_to_a_book_and_back(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "two_pages")
    area = notebook.output_area(code[0])
    area.get_by_role("button", name="Solaris").click()
    area.get_by_role("heading", name="Solaris").wait_for()
    area.get_by_role("button", name="Back to the library").click()
    area.get_by_role("heading", name="Library").wait_for()

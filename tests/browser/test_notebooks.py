"""The gallery in a front end: its notebooks run from top to bottom, do what they say, and save what nbval compares."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
# `make test` opens the first that a newcomer does. It runs all of them with nbval.
GALLERY = [
    pytest.param(path, id=path.stem, marks=[] if path.stem == "quickstart" else [pytest.mark.at_length])
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
]


def run_all(
    open_notebook: OpenNotebook, name: str, replaced: Mapping[str, str] | None = None
) -> tuple[NotebookPage, list[int]]:
    """Run a notebook, with texts of its code replaced; return its page and the indices of its code cells."""
    cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
    for cell in cells:
        if cell.cell_type == "code":
            cell.outputs = []
            for former, text in (replaced or {}).items():
                cell.source = cell.source.replace(former, text)
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


def compared(outputs: list[dict[str, Any]]) -> tuple[str, list[str]]:
    """Return what nbval compares of a cell's outputs: its prints, and the texts of its results."""
    prints = "".join("".join(each["text"]) for each in outputs if each["output_type"] == "stream")
    texts = ["".join(each["data"]["text/plain"]) for each in outputs if "data" in each]
    return prints, texts


@pytest.mark.parametrize("path", GALLERY)
def test_it_runs_and_gives_what_was_saved(open_notebook: OpenNotebook, path: Path) -> None:
    notebook, code = run_all(open_notebook, path.stem)
    assert errors(notebook, code) == []
    assert notebook.page.locator(".nbsession-error").count() == (1 if path.stem == "quickstart" else 0)
    saved = nbformat.read(path, as_version=4).cells
    for index in code:
        if "nbval-ignore-output" not in saved[index].metadata.get("tags", []):
            assert compared(notebook.output_models(index)) == compared(saved[index].outputs)


def test_the_quickstart_paints_and_saves(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "quickstart")
    assert any("image/png" in output.get("data", {}) for output in notebook.output_models(code[4]))
    [download] = notebook.wait_for_downloads(1)
    assert download.suggested_filename == "squares.csv"


def test_the_data_explorer_saves_what_it_shows(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "data_explorer")
    area = notebook.output_area(code[1])
    area.get_by_role("button", name="Lisbon").click()
    area.get_by_text("Save Lisbon.csv").click()
    [download] = notebook.wait_for_downloads(1)
    assert Path(download.path()).read_text(encoding="utf-8").startswith("day,Lisbon\n2025-01-01,")


def test_long_work_is_stopped_by_its_button(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "long_work")
    area = notebook.output_area(code[1])
    area.get_by_role("button", name="Begin").click()
    area.locator("img").wait_for()
    area.get_by_role("button", name="Stop").click()
    area.get_by_text("darts", exact=False).filter(has_text="after").wait_for()


def test_long_work_goes_on_while_the_tab_is_closed(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "long_work", {"20_000": "1_000_000"})
    notebook.output_area(code[1]).get_by_role("button", name="Begin").click()
    notebook.save()
    notebook.close()
    again = open_notebook(path=notebook.path)
    again.wait_for_text(code[1], "after 120,000,000 darts")


def test_the_chart_and_the_canvas_ask_python(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "charts_and_clicks")
    canvas = notebook.output_area(code[3]).locator("canvas")
    notebook.page.evaluate("window.canvas.addEventListener('drawn', () => { window.drawn = true })")
    canvas.click(position={"x": 100, "y": 100})
    notebook.wait_for("() => window.drawn")
    assert notebook.page.evaluate("plot.layout.title.text") == "The slope is 1.9"


def test_the_library_goes_to_a_book_and_back(open_notebook: OpenNotebook) -> None:
    notebook, code = run_all(open_notebook, "two_pages")
    area = notebook.output_area(code[0])
    area.get_by_role("button", name="Solaris").click()
    area.get_by_role("heading", name="Solaris").wait_for()
    area.get_by_role("button", name="Back to the library").click()
    area.get_by_role("heading", name="Library").wait_for()

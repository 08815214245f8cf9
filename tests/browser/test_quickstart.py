"""The notebook that newcomers open runs from top to bottom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

if TYPE_CHECKING:
    from .conftest import OpenNotebook

QUICKSTART = Path(__file__).parents[2] / "notebooks" / "quickstart.ipynb"


def test_the_quickstart_runs_from_top_to_bottom(open_notebook: OpenNotebook) -> None:
    cells = nbformat.read(QUICKSTART, as_version=4).cells
    code = [index for index, cell in enumerate(cells) if cell.cell_type == "code"]
    notebook = open_notebook(cells)
    notebook.run_all(timeout=60)
    outputs = {index: notebook.output_models(index) for index in code}
    assert [output for each in outputs.values() for output in each if output["output_type"] == "error"] == []
    assert outputs[code[0]][0]["data"]["text/plain"] == "2"
    assert any("image/png" in output["data"] for output in outputs[code[4]] if "data" in output)
    [download] = notebook.wait_for_downloads(1)
    assert download.suggested_filename == "squares.csv"

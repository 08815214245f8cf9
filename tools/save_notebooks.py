"""Run the gallery with a headless page and save its outputs: what nbval compares, and what readers on the web see.

Run in the ``dev`` environment, from anywhere: ``python tools/save_notebooks.py [NAME...]``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbclient
import nbformat

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
# Of the machine and the moment, not of the notebook.
_PASSING = (
    "execution",
    "iopub.execute_input",
    "iopub.status.busy",
    "iopub.status.idle",
    "shell.execute_reply",
)


def main() -> None:
    """Save the named notebooks, or all."""
    names = sys.argv[1:] or [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
    os.environ["NBSESSION_BROWSER"] = "headless"
    with tempfile.TemporaryDirectory() as downloads:
        os.environ["NBSESSION_DOWNLOADS"] = downloads
        for name in names:
            print(name, flush=True)
            save(NOTEBOOKS / f"{name}.ipynb")


def save(path: Path) -> None:
    """Run a notebook and write it with its outputs. Its forms have the answers that they have under nbval."""
    answers = path.with_suffix(".inputs.json")
    os.environ["NBSESSION_INPUTS"] = str(answers) if answers.is_file() else ""
    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbclient.NotebookClient(notebook, kernel_name="python3", record_timing=False).execute(
        cwd=str(path.parent)
    )
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python"}
    for cell in notebook.cells:
        for name in _PASSING:
            cell.metadata.pop(name, None)
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()

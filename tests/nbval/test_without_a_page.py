"""nbconvert and papermill without a page: the error comes soon, names the ways out, and fails the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Cells, Run

PROGRAMS = {
    "nbconvert": ("nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb", "in.ipynb"),
    "papermill": ("papermill", "--no-progress-bar", "-k", "python3", "in.ipynb", "out.ipynb"),
}
ASKS = """
import pathlib, time
from nbsession import eval_js
began = time.monotonic()
try:
    eval_js("1")
finally:
    pathlib.Path("seconds").write_text(str(time.monotonic() - began))
"""


@pytest.mark.parametrize("program", PROGRAMS)
def test_eval_js_fails_the_run_soon(
    folder: Path, write: Callable[[str, Cells], Path], run: Run, program: str
) -> None:
    write("in.ipynb", [(ASKS, None)])
    done = run(*PROGRAMS[program])
    assert done.returncode != 0
    assert float((folder / "seconds").read_text()) < 10  # so long it would wait where a front end may come
    assert "FrontendNotFoundException" in done.stderr
    assert "NBSESSION_BROWSER=headless" in done.stderr
    assert "default_=" in done.stderr


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_waits_for_no_answer_fails_no_run(
    write: Callable[[str, Cells], Path], run: Run, program: str
) -> None:
    write(
        "in.ipynb",
        [
            ("from nbsession import *\nfrom nbsession.output import put_text\nrun_js('1')", None),
            ("put_text('shown'); download('a.txt', 'a')", None),
            ("eval_js('1', default_=5)", None),
        ],
    )
    done = run(*PROGRAMS[program])
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("no browser received this notebook's 1 run_js, 1 output, 1 download;") == 1

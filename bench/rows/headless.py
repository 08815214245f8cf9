"""Notebooks that are run without a front end: what the headless page costs, and how soon its lack is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from copy import deepcopy
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bench.figures import MILLISECONDS, SECONDS, Figures, Goal, Row, interleave
from bench.stage import NOTEBOOK
from tests.kernel.kernel_process import ROOT, KernelProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.stage import Stage

# The browser compiles the page's code, and goes on starting, while the first run.
FIRST, LATER = 500, 2000
WITHOUT = "assert 1 + 1 == 2"
WITH = "from nbsession import eval_js\nassert eval_js('1+1') == 2"
VALUE = (
    f"import json\nfrom bench.kernel import ours\nprint(json.dumps([ours.p50({FIRST}), ours.p50({LATER})]))"
)
PROGRAMS = {
    "nbconvert": ("nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb", "in.ipynb"),
    "papermill": ("papermill", "--no-progress-bar", "-k", "python3", "in.ipynb", "out.ipynb"),
}
CALLS = {"eval_js": "eval_js('1')", "download(...).wait()": "download('a.txt', 'a').wait()"}
REFUSED = """
from pathlib import Path
from time import perf_counter
from nbsession import download, eval_js
began = perf_counter()
try:
    {call}
finally:
    Path("seconds").write_text(str(perf_counter() - began))
"""
# The wait for a page is nearly all of it, and does not vary: more rounds say no more.
MOST_ROUNDS = 3


def rows(stage: Stage, rounds: int) -> Iterator[Row]:
    """The issue asks for 1.2 s a notebook, and 1 ms a value; without the page for the error within 2 s."""
    figures = interleave(
        {"with": lambda: _run(WITH, stage.home)[0], "without": lambda: _run(WITHOUT, stage.home)[0]}, rounds
    )
    pairs = zip(figures["with"].values, figures["without"].values, strict=True)
    added = Figures("nbsession", tuple(one - other for one, other in pairs))
    yield Row("headless page: added to a notebook's run", SECONDS, added, goal=Goal(1.2))
    yield from _values(stage, rounds)
    for call in CALLS:
        sides = {program: partial(_refused, program, call, stage.home) for program in PROGRAMS}
        for program, taken in interleave(sides, min(rounds, MOST_ROUNDS)).items():
            told = Figures("nbsession", taken.values)
            yield Row(f"no front end, {program}: {call} fails after", SECONDS, told, goal=Goal(2))


def _values(stage: Stage, rounds: int) -> Iterator[Row]:
    runs = [json.loads(_run(VALUE, stage.home)[1]) for _ in range(rounds)]
    firsts, laters = zip(*runs, strict=True)
    name = "headless page: eval_js round trip, p50 of the"
    goal = Goal(0.001)
    yield Row(f"{name} first {FIRST}", MILLISECONDS, Figures("nbsession", firsts), goal=goal)
    yield Row(f"{name} next {LATER:,}", MILLISECONDS, Figures("nbsession", laters), goal=goal)


def _run(code: str, folder: Path) -> tuple[float, str]:
    """Run a notebook of one cell in a kernel of its own; return the seconds from start to end, and what it printed."""
    directory = Path(mkdtemp(dir=folder))
    began = perf_counter()
    kernel = KernelProcess(sys.executable, directory, {"NBSESSION_BROWSER": "headless"})
    try:
        outcome = kernel.run(code)
    finally:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel()
    if outcome.error is not None:
        raise RuntimeError(outcome.traceback)
    return perf_counter() - began, outcome.stdout


def _refused(program: str, call: str, folder: Path) -> float:
    """Run a notebook that no page is there for; return the seconds from the call to its error."""
    directory = Path(mkdtemp(dir=folder))
    notebook: Any = deepcopy(NOTEBOOK)
    notebook["cells"][0]["source"] = REFUSED.format(call=CALLS[call])
    (directory / "in.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NBSESSION_")}
    done = subprocess.run(
        [sys.executable, "-m", *PROGRAMS[program]],
        cwd=directory,
        env={**kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode == 0 or "FrontendNotFoundException" not in done.stderr:
        raise RuntimeError(done.stderr)
    return float((directory / "seconds").read_text())

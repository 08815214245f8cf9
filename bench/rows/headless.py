"""The headless page of a notebook that is run without a front end: what it adds, and what a value costs there."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter
from typing import TYPE_CHECKING

from bench.figures import MILLISECONDS, SECONDS, Figures, Goal, Row, interleave
from tests.kernel.kernel_process import KernelProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.stage import Stage

EVALS = 500
WITHOUT = "assert 1 + 1 == 2"
WITH = "from nbsession import eval_js\nassert eval_js('1+1') == 2"
VALUE = f"import json\nfrom bench.kernel import ours\nprint(json.dumps(ours.p50({EVALS})))"


def rows(stage: Stage, rounds: int) -> Iterator[Row]:
    """The issue asks for 1.2 s a notebook, and 1 ms a value."""
    figures = interleave(
        {"with": lambda: _run(WITH, stage.home)[0], "without": lambda: _run(WITHOUT, stage.home)[0]}, rounds
    )
    pairs = zip(figures["with"].values, figures["without"].values, strict=True)
    added = Figures("nbsession", tuple(one - other for one, other in pairs))
    yield Row("headless page: added to a notebook's run", SECONDS, added, goal=Goal(1.2))
    values = interleave({"nbsession": lambda: float(json.loads(_run(VALUE, stage.home)[1]))}, rounds)
    name = "headless page: eval_js round trip, p50"
    yield Row(name, MILLISECONDS, values["nbsession"], goal=Goal(0.001))


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

"""The first value of a notebook, and of each later cell."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from bench.figures import MILLISECONDS, Goal, Row, interleave
from bench.stage import loaded

if TYPE_CHECKING:
    from bench.stage import Notebook, Stage

CELLS = 20
LOOP = 200
OURS = """
from nbsession import eval_js
assert eval_js("1+1") == 2
"""
BARE = """
from bench.kernel import bare
bare.bare().ask()
"""
FIRST = """
import json; from time import perf_counter; began = perf_counter()
{body}
print(json.dumps(perf_counter() - began))
"""


def first_cell(stage: Stage, rounds: int) -> list[Row]:
    """A fresh kernel's first value, from the cell's first line on: all imports, the attaching and a round trip."""

    def fresh(side: str, body: str) -> float:
        notebook = stage.notebook(side)
        notebook.restart()
        taken: float = loaded(notebook.run(FIRST.format(body=body.strip())))
        return taken

    figures = interleave(
        {"nbsession": lambda: fresh("ours", OURS), "bare comm": lambda: fresh("bare", BARE)}, rounds
    )
    return [Row("first value in the first cell", MILLISECONDS, figures["nbsession"], figures["bare comm"])]


def later_cells(stage: Stage, rounds: int) -> list[Row]:
    """`eval_js` as the first thing of a cell that the page runs."""
    ours, bare = stage.notebook("ours"), stage.notebook("bare")
    figures = interleave(
        {
            "nbsession": lambda: _later(ours, "ours"),
            "eval in a loop": lambda: ours.value("ours", f"ours.p50({LOOP})"),
            "bare comm": lambda: _later(bare, "bare"),
        },
        rounds,
    )
    goals = {"eval in a loop": Goal(3)}
    return [
        Row(
            "first value in a later cell, p50",
            MILLISECONDS,
            figures["nbsession"],
            figures[side],
            goals.get(side),
        )
        for side in ("eval in a loop", "bare comm")
    ]


def _later(notebook: Notebook, side: str) -> float:
    times: list[float] = [notebook.value(side, f"{side}.times(1)[0]") for _ in range(CELLS)]
    return median(times)

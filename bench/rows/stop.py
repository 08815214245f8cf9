"""Stop: from the reader's click to the `KeyboardInterrupt` in the cell."""

from __future__ import annotations

import time
from math import ceil
from statistics import median
from typing import TYPE_CHECKING

from ..figures import MILLISECONDS, Goal, Row, interleave
from ..stage import loaded

if TYPE_CHECKING:
    from ..stage import Stage

INTERRUPTS = 20
CELL = """
import json, time
from nbsession import eval_js, run_js
eval_js("window.benchWaits = false")
try:
    {wait}
except KeyboardInterrupt:
    print(json.dumps(time.monotonic()))
"""
NEVER = 'eval_js("window.benchWaits = true, new Promise(() => {})")'
WAITS = {
    "blocking": NEVER,
    "awaited": f"await {NEVER}",
    # What Stop takes where nothing of ours is involved.
    "time.sleep": 'run_js("window.benchWaits = true"); time.sleep(60)',
}


def rows(stage: Stage, rounds: int) -> list[Row]:
    """Of a blocking and of an awaited `eval_js`, against a cell that sleeps."""
    each = ceil(INTERRUPTS / rounds)
    figures = interleave(
        {name: lambda wait=wait: median(_stop(stage, wait) for _ in range(each)) for name, wait in WAITS.items()},
        rounds,
    )
    return [
        Row(f"Stop during a {name} wait", MILLISECONDS, figures[name], figures["time.sleep"], goal=Goal(0.05))
        for name in ("blocking", "awaited")
    ]


def _stop(stage: Stage, wait: str) -> float:
    notebook = stage.notebook("ours")
    notebook.start(CELL.format(wait=wait))
    notebook.page.wait_for("() => window.benchWaits === true")
    # One clock for all processes of the machine.
    began = time.monotonic()
    notebook.page.interrupt()
    raised: float = loaded(notebook.finish())
    return raised - began

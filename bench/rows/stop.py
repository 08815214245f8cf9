"""Stop: from the reader's click to the exception in the cell."""

from __future__ import annotations

import time
from functools import partial
from math import ceil
from statistics import median
from typing import TYPE_CHECKING

from bench.figures import MILLISECONDS, Goal, Row, interleave
from bench.stage import loaded

if TYPE_CHECKING:
    from bench.stage import Stage

INTERRUPTS = 20
CELL = """
import asyncio, json, time
from nbsession import eval_js, run_js
try:
    {wait}
# ipykernel cancels what a cell awaits.
except (KeyboardInterrupt, asyncio.CancelledError):
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
    figures = interleave(
        {name: partial(_stops, stage, wait, ceil(INTERRUPTS / rounds)) for name, wait in WAITS.items()},
        rounds,
    )
    return [
        Row(f"Stop, {name} wait", MILLISECONDS, figures[name], figures["time.sleep"], goal=Goal(0.05))
        for name in ("blocking", "awaited")
    ]


def _stops(stage: Stage, wait: str, count: int) -> float:
    return median(_stop(stage, wait) for _ in range(count))


def _stop(stage: Stage, wait: str) -> float:
    notebook = stage.notebook("ours")
    notebook.page.page.evaluate("() => { window.benchWaits = false; }")
    notebook.start(CELL.format(wait=wait))
    notebook.page.wait_for("() => window.benchWaits === true")
    # One clock for all processes of the machine.
    began = time.monotonic()
    notebook.page.interrupt()
    raised: float = loaded(notebook.finish())
    return raised - began

"""Calls of Python functions from JavaScript, one after the other, while the cell waits."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.figures import MILLISECONDS, Goal, Row, interleave

if TYPE_CHECKING:
    from bench.stage import Stage

COUNT = 200


def rows(stage: Stage, rounds: int) -> list[Row]:
    """Against ``eval_js`` in the same notebook."""
    ours = stage.notebook("ours")
    figures = interleave(
        {
            "a function": partial(ours.value, "ours", f"ours.call_p50({COUNT})"),
            "eval_js": partial(ours.value, "ours", f"ours.p50({COUNT})"),
        },
        rounds,
    )
    return [
        Row(
            "Python function from JavaScript, p50",
            MILLISECONDS,
            figures["a function"],
            figures["eval_js"],
            ratio_goal=Goal(1.3),
        )
    ]

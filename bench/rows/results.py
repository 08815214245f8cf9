"""Large results coming back, and files that the reader uploads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.figures import SECONDS, Row, interleave

if TYPE_CHECKING:
    from bench.stage import Stage

MB = 1_000_000
SIZES = (1, 64)


def rows(stage: Stage, rounds: int) -> list[Row]:
    """Against the same bytes in messages of 1 MiB over the bare comm."""
    made = []
    for size in SIZES:
        sides = {
            name: partial(stage.notebook(side).value, side, f"{side}.fetch({size * MB})")
            for name, side in (("nbsession", "ours"), ("bare comm", "bare"))
        }
        figures = interleave(sides, rounds)
        made.append(
            Row(f"ArrayBuffer of {size} MB back", SECONDS, figures["nbsession"], figures["bare comm"])
        )
    sides = {
        "nbsession": partial(stage.notebook("ours").value, "ours", f"ours.upload({SIZES[-1] * MB})"),
        "bare comm": partial(stage.notebook("bare").value, "bare", f"bare.fetch({SIZES[-1] * MB})"),
    }
    figures = interleave(sides, rounds)
    made.append(Row(f"upload of {SIZES[-1]} MB", SECONDS, figures["nbsession"], figures["bare comm"]))
    return made

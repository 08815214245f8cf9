"""Large arguments on their way to the page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.figures import MILLISECONDS, SECONDS, Row, interleave

if TYPE_CHECKING:
    from bench.stage import Stage

MB = 1_000_000
SIZE = 64 * MB
TABLE = 1000, 20


def rows(stage: Stage, rounds: int) -> list[Row]:
    """An array against the same bytes in one message over the bare comm, and a table."""
    ours, bare = (stage.notebook(side) for side in ("ours", "bare"))
    array = interleave(
        {
            "nbsession": partial(ours.value, "passed", f"passed.array({SIZE})"),
            "bare comm": partial(bare.value, "bare", f"bare.send({SIZE})"),
        },
        rounds,
    )
    height, width = TABLE
    table = interleave(
        {"nbsession": partial(ours.value, "passed", f"passed.table({height}, {width})")}, rounds
    )
    return [
        Row(f"array of {SIZE // MB} MB as an argument", SECONDS, array["nbsession"], array["bare comm"]),
        Row(f"table of {height:,} x {width} as an argument", MILLISECONDS, table["nbsession"]),
    ]

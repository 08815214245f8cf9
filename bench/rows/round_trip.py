"""One `eval_js` after the other in a running cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import MILLISECONDS, Goal, Row, interleave

if TYPE_CHECKING:
    from bench.stage import Stage

COUNT = 200
# With status messages each takes 50 ms; the first sixteen do not yet, so more are needed.
PLAIN_COUNT = 60


def rows(stage: Stage, rounds: int) -> list[Row]:
    """Against what a comm can do, what users have today, and the original."""
    ours, bare, plain = (stage.notebook(side) for side in ("ours", "bare", "plain"))
    pywebio = stage.pywebio()
    figures = interleave(
        {
            "nbsession": lambda: ours.value("ours", f"ours.p50({COUNT})"),
            "bare comm": lambda: bare.value("bare", f"bare.p50({COUNT})"),
            "plain anywidget": lambda: plain.value("plain", f"await plain.p50({PLAIN_COUNT})"),
            "PyWebIO": lambda: pywebio.p50(COUNT),
        },
        rounds,
    )
    goals = {"bare comm": Goal(1.3)}
    return [
        Row(
            "eval_js round trip, p50",
            MILLISECONDS,
            figures["nbsession"],
            figures[side],
            ratio_goal=goals.get(side),
        )
        for side in ("bare comm", "plain anywidget", "PyWebIO")
    ]

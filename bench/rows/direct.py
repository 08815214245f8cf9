"""One `eval_js` after the other, over a direct socket, and by comm alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import MILLISECONDS, Goal, Row, interleave

if TYPE_CHECKING:
    from bench.stage import Notebook, Stage

COUNT = 200
ON = "import os\nos.environ['NBSESSION_TRANSPORT'] = 'auto'"
GOALS = {"bare comm": Goal(0.4), "our own served page": Goal(1.3), "nbsession by comm": None}


def rows(stage: Stage, rounds: int) -> list[Row]:
    """Against a comm, ours and a bare one, and against a page that nbsession serves."""
    ours, by_comm, bare = (stage.notebook(side) for side in ("direct", "ours", "bare"))
    ours.run(ON)
    served = stage.served()
    _check(ours, "websocket")
    _check(by_comm, "comm")
    figures = interleave(
        {
            "nbsession": lambda: ours.value("ours", f"ours.p50({COUNT})"),
            "nbsession by comm": lambda: by_comm.value("ours", f"ours.p50({COUNT})"),
            "bare comm": lambda: bare.value("bare", f"bare.p50({COUNT})"),
            "our own served page": lambda: served.p50(COUNT),
        },
        rounds,
    )
    return [
        Row(
            "eval_js over a direct socket, p50",
            MILLISECONDS,
            figures["nbsession"],
            figures[side],
            ratio_goal=goal,
        )
        for side, goal in GOALS.items()
    ]


def _check(notebook: Notebook, wanted: str) -> None:
    """Raise RuntimeError if a notebook's page does not use what is to be measured."""
    found = notebook.value("ours", f"ours.settled({wanted!r})")
    if found != wanted:
        msg = f"the page uses {found}, not {wanted}"
        raise RuntimeError(msg)

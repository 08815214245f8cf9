"""Outputs on a served page, against the same on the original's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.figures import MILLISECONDS, SECONDS, Figures, Goal, Row, interleave

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.driven import Driven
    from bench.stage import Stage

TEXTS = 20_000
UPDATES = 300
# A round of the original takes half a minute.
ROUNDS = 3


def rows(stage: Stage, rounds: int) -> Iterator[Row]:
    """The issue asks that the page stays responsive: no task of 50 ms."""
    yield from _both(stage, min(rounds, ROUNDS), f"{TEXTS:,} put_text", "texts", TEXTS)
    yield from _both(
        stage, min(rounds, ROUNDS), f"{UPDATES} updates of a table of 1,000 rows", "tables", UPDATES
    )


def _both(stage: Stage, rounds: int, what: str, command: str, count: int) -> Iterator[Row]:
    sides = {"nbsession": stage.served(), "PyWebIO": stage.pywebio()}
    longest: dict[str, list[float]] = {name: [] for name in sides}

    def measure(name: str, side: Driven) -> float:
        taken: float = getattr(side, command)(count)
        longest[name].append(side.longest())
        return taken

    figures = interleave({name: partial(measure, name, side) for name, side in sides.items()}, rounds)
    yield Row(f"served: {what}", SECONDS, figures["nbsession"], figures["PyWebIO"], ratio_goal=Goal(1))
    # The first round may be a warm-up.
    ours, its = (Figures(name, tuple(each[-rounds:])) for name, each in longest.items())
    yield Row(
        f"served: {what}, the page's longest task (0: below 50)", MILLISECONDS, ours, its, compared=False
    )

"""Outputs on a served page, against the same on the original's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.figures import MILLISECONDS, PER_SECOND, Figures, Goal, Row, interleave

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.stage import Stage

TEXTS, UPDATES = 20_000, 300
# The original needs minutes for as many as that, so its rate is that of fewer.
ITS_TEXTS, ITS_UPDATES = 1_000, 3
ROUNDS = 3


def rows(stage: Stage, rounds: int) -> Iterator[Row]:
    """The issue asks that the page stays responsive: no task of 50 ms."""
    count = min(rounds, ROUNDS)
    yield from _both(stage, count, "put_text", "texts", (TEXTS, ITS_TEXTS))
    yield from _both(stage, count, "updates of a table of 1,000 rows", "tables", (UPDATES, ITS_UPDATES))


def _both(stage: Stage, rounds: int, what: str, command: str, counts: tuple[int, int]) -> Iterator[Row]:
    sides = {"nbsession": (stage.served(), counts[0]), "PyWebIO": (stage.pywebio(), counts[1])}
    longest: dict[str, list[float]] = {name: [] for name in sides}

    def measure(name: str) -> float:
        side, count = sides[name]
        taken: float = getattr(side, command)(count)
        longest[name].append(side.longest())
        return count / taken

    figures = interleave({name: partial(measure, name) for name in sides}, rounds)
    name = f"served: {counts[0]:,} {what} (PyWebIO: {counts[1]:,})"
    yield Row(name, PER_SECOND, figures["nbsession"], figures["PyWebIO"], ratio_goal=Goal(1, least=True))
    # The first round may be a warm-up.
    ours, its = (Figures(name, tuple(each[-rounds:])) for name, each in longest.items())
    yield Row(f"{name}: longest task (0: below 50)", MILLISECONDS, ours, its, compared=False)

"""Figures of one side of a row, their ratio to another side's, and how both are told."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Unit:
    """How a figure is told: ``value * factor``, with so many digits and a name after it."""

    name: str
    factor: float = 1.0
    digits: int = 0

    def tell(self, values: tuple[float, ...]) -> str:
        """Return the median and, where there are several, the lowest and highest."""
        low, middle, high = (
            f"{value * self.factor:,.{self.digits}f}" for value in (min(values), median(values), max(values))
        )
        spread = f" ({low} - {high})" if len(values) > 1 else ""
        return f"{middle} {self.name}{spread}"


MILLISECONDS = Unit("ms", 1e3, 2)
SECONDS = Unit("s", 1, 3)
PER_SECOND = Unit("/s")
MEGABYTES = Unit("MB", 1e-6, 1)
KILOBYTES = Unit("kB", 1e-3, 1)
KIBIBYTES = Unit("KiB", 1 / 1024, 1)


@dataclass(frozen=True)
class Figures:
    """One figure a round, in the order of the rounds."""

    side: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    def ratio(self, other: Figures) -> float:
        """Return the ratio of the medians."""
        return self.median / other.median

    def ratios(self, other: Figures) -> tuple[float, ...]:
        """Return the ratios of the rounds."""
        return tuple(mine / its for mine, its in zip(self.values, other.values, strict=True))

    def inverse(self, factor: float) -> Figures:
        """Return `factor` divided by each figure: seconds for so many things become things a second."""
        return Figures(self.side, tuple(factor / value for value in self.values))


@dataclass(frozen=True)
class Goal:
    """What the issue asks of a figure or of a ratio."""

    limit: float
    least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.limit if self.least else value <= self.limit


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes
    ----------
    name
        What is measured.
    unit
        Of both sides' figures.
    ours, theirs
        The two sides. A row may have no other side.
    compared
        Whether the figures make a ratio: what was added to something makes none.
    ratio_goal, goal
        What is asked of the ratio of the medians, or of our median.
    """

    name: str
    unit: Unit
    ours: Figures
    theirs: Figures | None = None
    ratio_goal: Goal | None = None
    goal: Goal | None = None
    compared: bool = True


def interleave(sides: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Figures]:
    """Measure all sides in each round, every other round the other way about; one round before does not count."""
    values: dict[str, list[float]] = {side: [] for side in sides}
    for number in range(rounds + 1):
        order = list(sides)[:: 1 if number % 2 else -1]
        for side in order:
            figure = sides[side]()
            if number:
                values[side].append(figure)
    return {side: Figures(side, tuple(figures)) for side, figures in values.items()}

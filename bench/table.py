"""The table that the bench prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .figures import Goal, Row

HEAD = ("what", "nbsession", "against", "figure", "ratio of medians", "goal", "met")


def table(rows: Sequence[Row]) -> str:
    """Return the rows as text, in columns."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    told = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    told.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(told)


def _cells(row: Row) -> tuple[str, ...]:
    ours = row.unit.tell(row.ours.values)
    if row.theirs is None:
        return row.name, ours, "", "", "", *_goal(row)
    if not row.compared:
        return row.name, ours, row.theirs.side, row.unit.tell(row.theirs.values), "", *_goal(row)
    ratios = row.ours.ratios(row.theirs)
    spread = f" ({min(ratios):.2f} - {max(ratios):.2f})" if len(ratios) > 1 else ""
    ratio = f"{row.ours.ratio(row.theirs):.2f}{spread}"
    return row.name, ours, row.theirs.side, row.unit.tell(row.theirs.values), ratio, *_goal(row)


def _goal(row: Row) -> tuple[str, str]:
    told, met = [], []
    if row.ratio_goal is not None and row.theirs is not None:
        told.append(f"{_sign(row.ratio_goal)} {row.ratio_goal.limit:g}")
        met.append(row.ratio_goal.met(row.ours.ratio(row.theirs)))
    if row.goal is not None:
        told.append(f"{_sign(row.goal)} {row.goal.limit * row.unit.factor:g} {row.unit.name}")
        met.append(row.goal.met(row.ours.median))
    if not told:
        return "", ""
    return ", ".join(told), "yes" if all(met) else "NO"


def _sign(goal: Goal) -> str:
    return ">=" if goal.least else "<="

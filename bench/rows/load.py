"""Many sessions at once on one server, by pages without a browser; measured once, not in rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import KIBIBYTES, MILLISECONDS, Figures, Goal, Row
from tests.load.stage import Stage as Load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.stage import Stage

SESSIONS = {"coroutine": 1000, "thread": 200}
ROUNDS = 10
IDLE = 1000
# Sessions before the first that is counted: what the first ones take is the server's.
BEFORE = 50


def rows(stage: Stage, rounds: int) -> Iterator[Row]:  # noqa: ARG001
    """An eval a second of each session, and the memory of those that do nothing: the issue's goal is 64 KiB."""
    for kind, count in SESSIONS.items():
        with Load() as load:
            load.pages(count, kind)
            told = load.server.ask("evals", ROUNDS)
        for name in ("p50", "p95"):
            title = f"{count:,} {kind} apps, an eval a second each, {name}"
            yield Row(title, MILLISECONDS, Figures("nbsession", (told[name],)))
    with Load() as load:
        load.pages(BEFORE, "idle")
        before = load.server.ask("memory")
        load.pages(IDLE, "idle")
        taken = (load.server.ask("memory") - before) / IDLE
    yield Row(
        f"memory of an idle session, of {IDLE:,}",
        KIBIBYTES,
        Figures("nbsession", (taken,)),
        goal=Goal(64 * 1024),
    )

"""Downloads, from the call to the browser's download manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import MEGABYTES, SECONDS, Goal, Row, interleave

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.stage import Stage

MB = 1_000_000
SIZES = (1, 16, 64, 256)
GOALS = {64: Goal(1.3)}
PYWEBIO_SIZE = 64
MEMORY_SIZE = 256


def rows(stage: Stage, rounds: int) -> Iterator[Row]:
    """Against one buffer of the same size over the bare comm, dropped by the page or made a file of; one size also
    against the original.
    """
    for size in SIZES:
        yield from _rows(stage, rounds, size)


def memory(stage: Stage, rounds: int) -> list[Row]:
    """How much more memory than the content a large download takes in the kernel."""
    figures = interleave(
        {
            "nbsession": lambda: _saved(stage, "ours", "growth", MEMORY_SIZE),
            "bare comm": lambda: stage.notebook("bare").value("bare", f"bare.growth({MEMORY_SIZE * MB})"),
        },
        rounds,
    )
    name = f"kernel's memory above a download's {MEMORY_SIZE} MB"
    return [
        Row(name, MEGABYTES, figures["nbsession"], figures["bare comm"], goal=Goal(64 * MB), compared=False)
    ]


def _rows(stage: Stage, rounds: int, size: int) -> list[Row]:
    def bare(*, file: bool) -> float:
        figure: float = stage.notebook("bare").value("bare", f"bare.send({size * MB}, file={file})")
        return figure

    def pywebio() -> float:
        taken = stage.pywebio().save(size * MB)
        stage.browser.take_download(size * MB)
        return taken

    sides = {
        "nbsession": lambda: _saved(stage, "ours", "send", size),
        "bare comm": lambda: bare(file=False),
        "bare comm and a Blob": lambda: bare(file=True),
    }
    if size == PYWEBIO_SIZE:
        sides["PyWebIO"] = pywebio
    figures = interleave(sides, rounds)
    ours = figures.pop("nbsession")
    goals = {"bare comm": GOALS.get(size)}
    return [
        Row(f"download of {size} MB", SECONDS, ours, theirs, ratio_goal=goals.get(side))
        for side, theirs in figures.items()
    ]


def _saved(stage: Stage, module: str, function: str, size: int) -> float:
    figure: float = stage.notebook(module).value(module, f"{module}.{function}({size * MB})")
    # The browser writes the file now; nobody else is measured before it has.
    stage.browser.take_download(size * MB)
    return figure

"""The rows of the table, by the names that the command line takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    arguments,
    backends,
    burst,
    direct,
    files,
    first_value,
    footprint,
    functions,
    headless,
    load,
    outputs,
    renditions,
    results,
    round_trip,
    served,
    stop,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bench.figures import Row
    from bench.stage import Stage

FAMILIES: dict[str, Callable[[Stage, int], Iterable[Row]]] = {
    "eval": round_trip.rows,
    "direct": direct.rows,
    "functions": functions.rows,
    "burst": burst.rows,
    "download": files.rows,
    "memory": files.memory,
    "results": results.rows,
    "arguments": arguments.rows,
    "first": first_value.first_cell,
    "later": first_value.later_cells,
    "stop": stop.rows,
    "served": served.rows,
    "outputs": outputs.rows,
    "renditions": renditions.rows,
    "backends": backends.rows,
    "headless": headless.rows,
    "load": load.rows,
    "import": footprint.imports,
    "bundle": footprint.bundle,
}

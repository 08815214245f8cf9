"""``python -m bench [ROW ...] [--rounds N]``. Ends with 0 whatever the figures are."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
import traceback
from importlib.metadata import version

from .figures import Row
from .rows import FAMILIES
from .stage import Stage
from .table import table

ROUNDS = 7


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure nbsession in a real JupyterLab."
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(FAMILIES)}; all by default")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"{ROUNDS} by default")
    arguments = parser.parse_args()
    unknown = set(arguments.rows) - set(FAMILIES)
    if unknown:
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    failed: list[str] = []
    with Stage() as stage:
        _print_versions(stage)
        for name in arguments.rows or FAMILIES:
            began = time.monotonic()
            try:
                rows.extend(FAMILIES[name](stage, arguments.rounds))  # keeps what came before a failure
            except Exception:  # noqa: BLE001 -- one family's failure must not cost the others
                traceback.print_exc()
                failed.append(name)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(f"\n{arguments.rounds} rounds: median (lowest - highest); ratios of the medians (of the rounds)\n")
    print(table(rows))
    for name in failed:
        print(f"{name}: could not be measured, see above")


def _print_versions(stage: Stage) -> None:
    packages = ("nbsession", "ipykernel", "jupyterlab", "jupyter_server", "anywidget", "pywebio")
    told = [f"{name} {_version(name)}" for name in packages]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {stage.browser.version}")
    print(", ".join(told), flush=True)


def _version(package: str) -> str:
    try:
        return version(package)
    except ModuleNotFoundError:  # PackageNotFoundError is one
        return "(from its source tree)"


if __name__ == "__main__":
    main()

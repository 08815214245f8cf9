"""What nbsession costs before it does anything: its import, and the client that a page loads."""

from __future__ import annotations

import gzip
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

from bench.figures import KILOBYTES, MILLISECONDS, Figures, Row, interleave
from bench.place import ROOT

if TYPE_CHECKING:
    from bench.stage import Stage

IMPORT = """
{before}
from time import perf_counter
began = perf_counter()
import {module}
print(perf_counter() - began)
"""
MODULES = {"nbsession": "nbsession", "PyWebIO": "pywebio", "anywidget": "anywidget"}
KERNEL = "import ipykernel.kernelapp, ipykernel.ipkernel, ipykernel.zmqshell"


def imports(stage: Stage, rounds: int) -> list[Row]:  # noqa: ARG001
    """In a fresh interpreter, and where a kernel has imported ipykernel already."""
    made = []
    for name, before in (("in a fresh interpreter", ""), ("in a kernel", KERNEL)):
        figures = interleave(
            {side: partial(_import, module, before) for side, module in MODULES.items()},
            rounds,
        )
        made += [
            Row(f"import {name}", MILLISECONDS, figures["nbsession"], figures[side])
            for side in ("PyWebIO", "anywidget")
        ]
    return made


def bundle(stage: Stage, rounds: int) -> list[Row]:  # noqa: ARG001
    """The built client, as it lies there and as a server would compress it."""
    files = [
        path.read_bytes() for path in sorted((ROOT / "nbsession" / "static").iterdir()) if path.is_file()
    ]
    return [
        Row("client", KILOBYTES, Figures("nbsession", (sum(map(len, files)),))),
        Row(
            "client, gzipped",
            KILOBYTES,
            Figures("nbsession", (sum(len(gzip.compress(file)) for file in files),)),
        ),
    ]


def _import(module: str, before: str) -> float:
    source = IMPORT.format(before=before, module=module)
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)

"""What `make test-all` does beyond `make test`: every supported ipykernel and Python, repeats, and load.

Run in the ``dev`` environment. Ends with the closing line of every run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENVS = ROOT / ".venvs"
PYTEST = (sys.executable, "-m", "pytest")
UNDER_LOAD = (sys.executable, "tools/under_load.py")
REPEATS = 3
CLOSING_LINE = re.compile(r"^=+ (.*\b(?:passed|failed|errors?|no tests ran)\b.* in .*?) =+$")


@dataclass(frozen=True)
class Run:
    """A run of pytest, and what it is called in the summary."""

    title: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def main() -> int:
    """Run all, print the closing lines, return 1 if one failed."""
    summary, failed = [], False
    for run in runs():
        print(f"\n-- {run.title}", flush=True)
        code, closing_line = carry_out(run)
        failed = failed or code != 0
        summary.append(f"{'ok' if code == 0 else 'FAILED':8}{run.title}: {closing_line}")
    print("\n" + "\n".join(summary))
    return int(failed)


def runs() -> Iterator[Run]:
    """Say what is run, in which order: what fails soonest first."""
    names = subprocess.run(
        [sys.executable, "tools/environments.py", "--matrix"],
        cwd=ROOT,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout.split()
    pythons = {"newest": sys.executable, **{name: str(VENVS / name / "bin" / "python") for name in names}}
    kernels = {"NBSESSION_TEST_PYTHONS": os.pathsep.join(pythons.values())}
    for repeat in range(1, REPEATS + 1):
        yield Run(f"kernels, {repeat} of {REPEATS}", (*PYTEST, "tests/kernel"), kernels)
    yield Run("kernels under load", (*UNDER_LOAD, *PYTEST, "tests/kernel"), kernels)
    full = {"NBSESSION_TEST_LOAD": "full"}
    for name, python in pythons.items():
        environment = {**full, "NBSESSION_TEST_KERNEL_PYTHON": python}
        yield Run(f"JupyterLab, {name}", (*PYTEST, "tests/browser"), environment)
    yield Run("JupyterLab under load", (*UNDER_LOAD, *PYTEST, "tests/browser"))


def carry_out(run: Run) -> tuple[int, str]:
    """Run it, pass on what it prints; return its exit code and closing line."""
    closing_line = "no closing line"
    environment = {**os.environ, **run.environment}
    with subprocess.Popen(
        run.command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if match := CLOSING_LINE.match(line.rstrip()):
                closing_line = match[1]
    return process.returncode, closing_line


if __name__ == "__main__":
    sys.exit(main())

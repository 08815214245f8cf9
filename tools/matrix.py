"""What `make test-all` does: `make test`, then every other supported ipykernel and Python, load, and a soak.

Run in the ``dev`` environment. Ends with the closing lines of every run, and what failed in it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import running

ROOT = Path(__file__).resolve().parents[1]
VENVS = ROOT / ".venvs"
PYTEST = (sys.executable, "-m", "pytest")
UNDER_LOAD = (sys.executable, "tools/under_load.py")
# `make test` has run the kernel tests on the oldest and the newest ipykernel, and browsers on the newest 6 and 7.
ALREADY_RUN = "ipykernel-6.29.5"
# The first 7, and the oldest Python.
IN_BROWSERS = ("ipykernel-7.0.1", "python-3.10")
# Each has tests and an environment of its own.
PLACES = (
    "binder",
    "collaboration",
    "enterprise-gateway",
    "foreign",
    "gateway",
    "hub",
    "lab-without-anywidget",
    "lab-without-widgets",
    "voila",
)


@dataclass(frozen=True)
class Run:
    """A command that runs tests, and what it is called in the summary."""

    title: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def main() -> int:
    """Run all, print the closing lines, return 1 if one failed."""
    summary, failed = [], False
    for each in runs():
        print(f"\n-- {each.title}", flush=True)
        outcome = running.run(each.command, {**os.environ, **each.environment})
        failed = failed or outcome.code != 0
        closing = "; ".join(outcome.closing_lines) or "no closing line"
        summary.append(f"{'FAILED' if outcome.code else 'ok':8}{each.title}: {closing}")
        summary += [f"{'':8}{failure}" for failure in outcome.failures]
    print("\n" + "\n".join(summary))
    return int(failed)


def runs() -> Iterator[Run]:
    """Say what is run, in which order: what fails soonest first."""
    yield Run("make test", ("make", "test"))
    names = subprocess.run(
        [sys.executable, "tools/environments.py", "--matrix"],
        cwd=ROOT,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout.split()
    pythons = {name: str(VENVS / name / "bin" / "python") for name in names}
    others = {name: python for name, python in pythons.items() if name != ALREADY_RUN}
    full = {"NBSESSION_TEST_LOAD": "full"}
    yield Run(
        f"kernels: {', '.join(others)}", (*PYTEST, "tests/kernel"), {**full, **_kernels(*others.values())}
    )
    oldest_and_newest = _kernels(pythons[ALREADY_RUN], sys.executable)
    yield Run("kernels under load", (*UNDER_LOAD, *PYTEST, "tests/kernel"), oldest_and_newest)
    for name in IN_BROWSERS:
        if name in pythons:
            environment = {"NBSESSION_TEST_KERNEL_PYTHON": pythons[name]}
            yield Run(f"JupyterLab, {name}", (*PYTEST, "tests/browser"), environment)
    notebook = {
        "NBSESSION_TEST_FRONTEND": "notebook",
        "NBSESSION_TEST_PYTHON": str(VENVS / "notebook" / "bin" / "python"),
    }
    yield Run(
        "Notebook, the rest of the browser tests",
        (*PYTEST, "-m", "any_front_end or at_length", "tests/browser"),
        notebook,
    )
    subprocess.run([sys.executable, "tools/environments.py", *PLACES], cwd=ROOT, check=True)
    yield Run(f"where notebooks live: {', '.join(PLACES)}", (*PYTEST, "tests/places"))
    many = ("tests/load", "tests/server/test_page.py", "tests/deploy/test_two_workers.py")
    yield Run("local server, as many visitors and cuts as are promised", (*PYTEST, *many), full)
    yield from _gallery(times=10)
    soak = {"NBSESSION_TEST_SOAK": "1200"}
    yield Run("JupyterLab, a soak of 20 minutes", (*PYTEST, "tests/soak"), soak)
    yield Run(
        "Notebook, a soak of 5 minutes", (*PYTEST, "tests/soak"), {**notebook, "NBSESSION_TEST_SOAK": "300"}
    )
    large = ("tests/browser/test_bursts.py", "tests/browser/test_pages.py")
    yield Run("JupyterLab, full-size bursts, and crashes of pages", (*PYTEST, *large), full)
    yield Run("JupyterLab under load", (*UNDER_LOAD, *PYTEST, "tests/browser"))


def _gallery(times: int) -> Iterator[Run]:
    """Run the gallery's notebooks as tests, on ipykernel 7 and 6 in turn."""
    # `make test-nbval` has installed the kernel.
    kernels = {"JUPYTER_PATH": str(VENVS / "kernels" / "share" / "jupyter")}
    for count in range(times):
        kernel = ("--nbval-kernel-name", "ipykernel-6") if count % 2 else ("--nbval-current-env",)
        command = (*PYTEST, "--nbval", "--nbsession", *kernel, "notebooks")
        yield Run(f"gallery, {count + 1} of {times}", command, kernels)


def _kernels(*pythons: str) -> dict[str, str]:
    return {"NBSESSION_TEST_PYTHONS": os.pathsep.join(pythons)}


if __name__ == "__main__":
    sys.exit(main())

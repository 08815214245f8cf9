"""What `make test-all` does: `make test`, then every other supported ipykernel and Python, load, and a soak.

Run in the ``dev`` environment. Ends with the closing lines of every run, and what failed in it. ``--list`` prints the
titles of the runs, ``--only TITLE`` does those alone that have this title, with ``*`` and ``?`` as in a shell.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import environments
import running

PYTEST = (sys.executable, "-m", "pytest")
UNDER_LOAD = (sys.executable, "tools/under_load.py")
# `make test` has run the kernel tests on the newest ipykernel, those on the oldest that it can change (the others run
# under load), and browsers on the newest 6 and 7.
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
    """A command that runs tests.

    Attributes
    ----------
    title
        What it is called in the summary, and on the command line.
    environment
        Variables, beside those of this process.
    stands_on
        The virtual environment that it tests. Where this Python is not installed there is nothing to run.
    needs
        Virtual environments that it makes use of. Its tests know which of them may be missing.
    """

    title: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    stands_on: str | None = None
    needs: tuple[str, ...] = ()

    def prepare(self) -> bool:
        """Make the virtual environments; tell whether there is something to run."""
        for name in self.needs:
            environments.make(name)
        return self.stands_on is None or environments.make(self.stands_on)


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for, print the closing lines, return 1 if one failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--only", metavar="TITLE", default="*")
    options = parser.parse_args(arguments)
    chosen = [each for each in runs() if fnmatchcase(each.title, options.only)]
    if not chosen:
        parser.error(f"no run is called {options.only!r}: --list prints the titles")
    if options.list:
        print(*[each.title for each in chosen], sep="\n")
        return 0
    return run(chosen, may_leave_out=options.only == "*")


def run(chosen: Sequence[Run], *, may_leave_out: bool) -> int:
    """Run all, print the closing lines, return 1 if one failed."""
    summary, failed = [], False
    for each in chosen:
        print(f"\n-- {each.title}", flush=True)
        try:
            prepared = each.prepare()
        except subprocess.CalledProcessError as error:
            failed = True
            summary.append(f"{'FAILED':10}{each.title}: {' '.join(error.cmd)}")
            continue
        if not prepared:
            failed = failed or not may_leave_out
            summary.append(f"{'left out':10}{each.title}: there is no such Python here")
            continue
        outcome = running.run(each.command, {**os.environ, **each.environment})
        failed = failed or outcome.code != 0
        closing = "; ".join(outcome.closing_lines) or "no closing line"
        summary.append(f"{'FAILED' if outcome.code else 'ok':10}{each.title}: {closing}")
        summary += [f"{'':10}{failure}" for failure in outcome.failures]
    print("\n" + "\n".join(summary))
    return int(failed)


def runs() -> Iterator[Run]:
    """Say what is run, in which order: what fails soonest first."""
    yield Run("make test", ("make", "test"))
    full = {"NBSESSION_TEST_LOAD": "full"}
    for name in environments.MATRIX:
        if name != ALREADY_RUN:
            kernels = {**full, **_kernels(_python(name))}
            yield Run(f"kernels, {name}", (*PYTEST, "tests/kernel"), kernels, stands_on=name)
    oldest_and_newest = _kernels(_python(ALREADY_RUN), sys.executable)
    yield Run("kernels under load", (*UNDER_LOAD, *PYTEST, "tests/kernel"), oldest_and_newest)
    for name in IN_BROWSERS:
        in_lab = {"NBSESSION_TEST_KERNEL_PYTHON": _python(name)}
        yield Run(f"JupyterLab, {name}", (*PYTEST, "tests/browser"), in_lab, stands_on=name)
    notebook = {
        "NBSESSION_TEST_FRONTEND": "notebook",
        "NBSESSION_TEST_PYTHON": _python("notebook"),
    }
    yield Run(
        "Notebook, the rest of the browser tests",
        (*PYTEST, "-m", "(any_front_end or at_length) and not jupyterlab", "tests/browser"),
        notebook,
    )
    yield Run(f"where notebooks live: {', '.join(PLACES)}", (*PYTEST, "tests/places"), needs=PLACES)
    many = ("tests/load/test_load.py", "tests/server/test_page.py", "tests/deploy/test_two_workers.py")
    yield Run("local server, as many visitors and cuts as are promised", (*PYTEST, *many), full)
    yield Run("local server, the rest", (*PYTEST, "-m", "at_length", "tests/server", "tests/backends"))
    yield Run("parsers, messages as large as are taken", (*PYTEST, "tests/parsers"), full)
    yield Run("hostile acts, larger and by all ways", (*PYTEST, "tests/load/test_hostile_acts.py"), full)
    yield Run("a hostile crowd", (*PYTEST, "tests/load/test_hostile_crowd.py"), full)
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
    kernels = {"JUPYTER_PATH": str(environments.VENVS / "kernels" / "share" / "jupyter")}
    for count in range(times):
        kernel = ("--nbval-kernel-name", "ipykernel-6") if count % 2 else ("--nbval-current-env",)
        command = (*PYTEST, "--nbval", "--nbsession", *kernel, "notebooks")
        yield Run(f"gallery, {count + 1} of {times}", command, kernels)


def _python(name: str) -> str:
    return str(environments.VENVS / name / "bin" / "python")


def _kernels(*pythons: str) -> dict[str, str]:
    return {"NBSESSION_TEST_PYTHONS": os.pathsep.join(pythons)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

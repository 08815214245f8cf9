"""``doctor``: checks the installation, and suggests solutions."""

from __future__ import annotations

import json
import sys
from functools import partial

import click

from .checks.check import Check, State, limited
from .checks.environment import check_client, check_packages, check_python, check_variables
from .checks.frontend import check_front_end, check_kernel_specs, check_server_extension
from .checks.kernel import check_kernel
from .checks.round_trip import check_round_trip

__all__ = ["doctor"]

# Additional seconds for steps that the checks' own limits do not cover: imports, the ends of processes.
_GRACE = 10.0
_MARKS = {State.OK: "ok", State.WARNING: "note", State.PROBLEM: "PROBLEM", State.SKIPPED: "skipped"}
_COLOURS = {State.OK: "green", State.WARNING: "yellow", State.PROBLEM: "red", State.SKIPPED: "blue"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.option("--kernel/--no-kernel", default=True, help="Start a kernel and reach it while a cell runs.")
@click.option("--browser/--no-browser", default=True, help="Open a page in a headless Chromium.")
@click.option(
    "--timeout",
    type=click.FloatRange(1),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Limit for the kernel check, and for the browser check.",
)
def doctor(*, as_json: bool, kernel: bool, browser: bool, timeout: float) -> None:
    """Find problems with the installation.

    Run it with your kernel's Python. If the Jupyter server uses another Python, run it with that one, too.

    The result of each check is ok, note (may matter), PROBLEM, or skipped. The exit status is 1 if there is a problem,
    else 0.
    """
    checks: list[Check] = []
    steps = [
        check_python,
        check_packages,
        check_client,
        check_variables,
        check_kernel_specs,
        check_front_end,
        check_server_extension,
    ]
    if kernel:
        steps.append(partial(check_kernel, timeout))
    if browser:
        steps.append(partial(check_round_trip, timeout))
    for step in steps:
        made = limited(step, timeout + _GRACE)
        checks += made
        if not as_json:
            for check in made:
                _print(check)
    problems = sum(check.state is State.PROBLEM for check in checks)
    if as_json:
        told = {"ok": not problems, "checks": [check.as_dict() for check in checks]}
        click.echo(json.dumps(told, indent=2))
    else:
        click.echo(f"\n{problems} problem{'s' * (problems != 1)}" if problems else "\nno problem found")
    sys.exit(1 if problems else 0)


def _print(check: Check) -> None:
    mark = click.style(f"{_MARKS[check.state]:<8}", fg=_COLOURS[check.state])
    click.echo(f"{mark} {check.name:<22} {check.found}")
    if check.remedy is not None:
        click.echo(f"{'':<31} -> {check.remedy}")

"""Run a program, pass on what it prints, and keep the lines that a summary is made of."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_COLOR = re.compile(r"\x1b\[[\d;]*m")
# How pytest closes, and how vitest does.
_CLOSING_LINE = re.compile(
    r"^=+ (.*\b(?:passed|failed|errors?|no tests ran)\b.* in .*?) =+$|^ +Tests +(.*\d+ (?:passed|failed).*)$"
)
# What pytest's summary says of a test, and make of a target.
_FAILURE = re.compile(r"^((?:FAILED|ERROR) .*)$|^make(?:\[\d+\])?: (\*\*\* \[.*)$")


@dataclass
class Outcome:
    """How a program ended.

    Attributes
    ----------
    code
        Its exit code.
    closing_lines
        The closing line of each test run in what it printed.
    failures
        The tests that failed, and the targets of make that did.
    """

    code: int = 0
    closing_lines: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        """Take a line of what the program printed."""
        text = _COLOR.sub("", line).rstrip()
        if match := _CLOSING_LINE.match(text):
            self.closing_lines.append(match[1] or match[2])
        elif match := _FAILURE.match(text):
            self.failures.append(match[1] or match[2])


def run(command: Sequence[str], environment: Mapping[str, str]) -> Outcome:
    """Run a command in the current folder; what it prints, stderr included, goes to stdout."""
    outcome = Outcome()
    with subprocess.Popen(
        command,
        env=environment,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            outcome.read(line)
    outcome.code = process.returncode
    return outcome

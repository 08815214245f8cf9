"""Run targets of the Makefile to the end, whichever fail, and close with a summary of what failed.

``python3 tools/run_tests.py ARGUMENT... -- ARGUMENT...`` runs ``make --keep-going`` with each group of arguments, one
after the other: targets, and options such as ``-j2``.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence

import running

# Of the make that runs this: its jobs, and how deep it is. The ones below share neither.
_OF_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")


def main(arguments: Sequence[str]) -> int:
    """Run all groups, print the summary, return 1 if a target failed."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_MAKE}
    make = ("make", "--keep-going", "--no-print-directory")
    outcomes = [running.run([*make, *group], environment) for group in _groups(arguments)]
    closing_lines = [line for outcome in outcomes for line in outcome.closing_lines]
    failures = [failure for outcome in outcomes for failure in outcome.failures]
    failed = any(outcome.code for outcome in outcomes)
    print("\nwhat ran:", *closing_lines, sep="\n  ")
    if failed:
        print("what failed:", *(failures or ["make itself: see above"]), sep="\n  ")
    passed, errors = (_count(closing_lines, words) for words in ("passed", "failed|errors?"))
    print(f"{passed} passed, {errors} failed", flush=True)
    return int(failed)


def _groups(arguments: Sequence[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for argument in arguments:
        if argument == "--":
            yield group
            group = []
        else:
            group.append(argument)
    yield group


def _count(closing_lines: Sequence[str], words: str) -> int:
    return sum(int(number) for line in closing_lines for number in re.findall(rf"(\d+) (?:{words})\b", line))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

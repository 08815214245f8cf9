"""docs/security.md names the tests that hold what it claims."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (.+) \| (`tests/.+`|`::.+`) \|$", re.MULTILINE)
NAME = re.compile(r"`((?:tests/[\w/.]+)?(?:::\w+)?)`")


def claims() -> list[tuple[str, list[tuple[Path, str]]]]:
    """Return each claim, and the files and functions of its tests."""
    found = []
    for claim, cell in ROW.findall((ROOT / "docs" / "security.md").read_text()):
        tests: list[tuple[Path, str]] = []
        for name in NAME.findall(cell):
            file, _, function = name.partition("::")
            tests.append((ROOT / file if file else tests[-1][0], function))
        found.append((claim, tests))
    return found


CLAIMS = claims()


def test_claims_are_found() -> None:
    assert len(CLAIMS) > 20


@pytest.mark.parametrize("tests", [tests for _, tests in CLAIMS], ids=[claim for claim, _ in CLAIMS])
def test_each_claim_has_tests_that_exist(tests: list[tuple[Path, str]]) -> None:
    for file, function in tests:
        assert file.exists()
        assert not function or f"def {function}(" in file.read_text()

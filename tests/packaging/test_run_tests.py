"""`make test` runs all of its targets, and says at the end which tests failed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "run_tests.py"
MAKEFILE = r"""
.PHONY: bad good later
bad:
	@echo "FAILED tests/test_it.py::test_one - assert 1 == 2"
	@echo "===== 1 failed, 2 passed in 0.10s ====="
	@false
good:
	@echo "===== 3 passed, 1 skipped in 0.10s ====="
later:
	@printf '\033[2m      Tests \033[22m \033[1m4 passed\033[22m (4)\n'
"""


def run(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    (folder / "Makefile").write_text(MAKEFILE)
    outcome = subprocess.run(
        [sys.executable, str(TOOL), *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return outcome.returncode, outcome.stdout.splitlines()


def test_what_fails_keeps_no_other_target_from_running(tmp_path: Path) -> None:
    _, lines = run(tmp_path, "bad", "good", "--", "later")
    ran = lines[lines.index("what ran:") + 1 : lines.index("what failed:")]
    assert ran == ["  1 failed, 2 passed in 0.10s", "  3 passed, 1 skipped in 0.10s", "  4 passed (4)"]


def test_the_last_lines_say_what_failed(tmp_path: Path) -> None:
    _, lines = run(tmp_path, "bad", "good", "--", "later")
    assert lines[-4] == "what failed:"
    assert lines[-3] == "  FAILED tests/test_it.py::test_one - assert 1 == 2"
    assert lines[-2].endswith("bad] Error 1")
    assert lines[-1] == "9 passed, 1 failed"


def test_a_failure_in_any_group_is_the_exit_code(tmp_path: Path) -> None:
    assert run(tmp_path, "bad", "--", "later")[0] == 1


def test_where_nothing_fails_nothing_is_listed_as_failed(tmp_path: Path) -> None:
    code, lines = run(tmp_path, "good", "--", "later")
    assert (code, "what failed:" in lines, lines[-1]) == (0, False, "7 passed, 0 failed")

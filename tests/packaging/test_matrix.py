"""`make test-all` does runs of tests, or one of them alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from subprocess import CalledProcessError
from types import ModuleType
from typing import Any

import pytest

GOOD = (sys.executable, "-c", "print('===== 3 passed in 0.10s =====')")
BAD = (sys.executable, "-c", "print('===== 1 failed in 0.10s ====='); raise SystemExit(1)")


@pytest.fixture
def made(matrix: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Environments that were made; there is none called `missing`, and `broken` cannot be made."""
    names: list[str] = []

    def make(name: str) -> bool:
        if name == "broken":
            raise CalledProcessError(1, ["uv", "pip", "install"])
        names.append(name)
        return name != "missing"

    monkeypatch.setattr(matrix.environments, "make", make)
    return names


@pytest.fixture
def do(
    matrix: ModuleType,
    made: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, list[str]]]:
    """Have it do these runs, and return the exit code and the summary."""

    def do(runs: Sequence[Any], *arguments: str) -> tuple[int, list[str]]:
        monkeypatch.setattr(matrix, "runs", lambda: iter(runs))
        code = matrix.main(arguments)
        return code, capsys.readouterr().out.rpartition("\n\n")[2].splitlines()

    return do


def test_no_two_runs_have_the_same_title(matrix: ModuleType) -> None:
    titles = [each.title for each in matrix.runs()]
    assert sorted(set(titles)) == sorted(titles)


def test_the_list_has_the_titles_and_makes_no_environment(
    matrix: ModuleType, do: Any, made: list[str]
) -> None:
    runs = [matrix.Run("a", GOOD, needs=("hub",)), matrix.Run("b", BAD, stands_on="python-3.12")]
    assert do(runs, "--list") == (0, ["a", "b"])
    assert made == []


def test_a_pattern_chooses_runs_by_their_titles(matrix: ModuleType, do: Any) -> None:
    runs = [matrix.Run("kernels, a", GOOD), matrix.Run("kernels, b", GOOD), matrix.Run("other", BAD)]
    assert do(runs, "--only", "kernels, *") == (
        0,
        ["ok        kernels, a: 3 passed in 0.10s", "ok        kernels, b: 3 passed in 0.10s"],
    )


def test_a_title_that_there_is_not_is_an_error(
    matrix: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        matrix.main(["--only", "kernles"])
    assert "no run is called 'kernles'" in capsys.readouterr().err


def test_only_what_the_chosen_runs_need_is_made(matrix: ModuleType, do: Any, made: list[str]) -> None:
    runs = [matrix.Run("a", GOOD, needs=("hub", "voila")), matrix.Run("b", GOOD, stands_on="python-3.12")]
    do(runs, "--only", "b")
    assert made == ["python-3.12"]


def test_what_fails_is_the_exit_code_and_keeps_nothing_from_running(matrix: ModuleType, do: Any) -> None:
    assert do([matrix.Run("a", BAD), matrix.Run("b", GOOD)]) == (
        1,
        ["FAILED    a: 1 failed in 0.10s", "ok        b: 3 passed in 0.10s"],
    )


def test_where_a_python_is_not_installed_its_run_is_left_out(matrix: ModuleType, do: Any) -> None:
    assert do([matrix.Run("a", BAD, stands_on="missing"), matrix.Run("b", GOOD)]) == (
        0,
        ["left out  a: there is no such Python here", "ok        b: 3 passed in 0.10s"],
    )


def test_a_run_that_was_asked_for_may_not_be_left_out(matrix: ModuleType, do: Any) -> None:
    assert do([matrix.Run("a", GOOD, stands_on="missing")], "--only", "a")[0] == 1


def test_an_environment_that_cannot_be_made_keeps_no_other_run_from_running(
    matrix: ModuleType, do: Any
) -> None:
    assert do([matrix.Run("a", GOOD, needs=("broken",)), matrix.Run("b", GOOD)]) == (
        1,
        ["FAILED    a: uv pip install", "ok        b: 3 passed in 0.10s"],
    )

"""The workflow covers what `make test-all` does."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from types import ModuleType
from typing import Any

import pytest
import yaml

from .conftest import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"


@pytest.fixture
def jobs() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    return read


@pytest.fixture
def patterns(jobs: dict[str, Any]) -> list[str]:
    """What `make test-all` is asked for."""
    versions, long = (jobs[name]["strategy"]["matrix"] for name in ("versions", "long"))
    return [*(each["only"] for each in versions["include"]), *long["only"]]


def test_each_target_with_real_kernels_servers_or_browsers_is_a_job(jobs: dict[str, Any]) -> None:
    [targets] = re.findall(r"^REAL := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert sorted(jobs["test"]["strategy"]["matrix"]["target"]) == sorted(targets.split())


def test_each_other_run_is_in_one_job(matrix: ModuleType, patterns: list[str]) -> None:
    for each in list(matrix.runs())[1:]:
        covering = [pattern for pattern in patterns if fnmatchcase(each.title, pattern)]
        assert len(covering) == 1, (each.title, covering)


def test_each_job_has_something_to_run(matrix: ModuleType, patterns: list[str]) -> None:
    titles = [each.title for each in matrix.runs()]
    assert [each for each in patterns if not any(fnmatchcase(title, each) for title in titles)] == []


def test_a_run_about_a_python_has_it_installed(jobs: dict[str, Any]) -> None:
    for each in jobs["versions"]["strategy"]["matrix"]["include"]:
        version = re.search(r"python-(3\.\d+)$", each["only"])
        if version is not None:
            assert each.get("python", "3.11") == version[1]

"""The dependency groups of pyproject.toml are what is installed in the environments."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from packaging.dependency_groups import resolve_dependency_groups

from .conftest import ROOT

PYPROJECT = ROOT / "pyproject.toml"


@pytest.fixture
def groups(environments: ModuleType) -> dict[str, list[Any]]:
    read: dict[str, list[Any]] = environments.read_toml(PYPROJECT)["dependency-groups"]
    return read


@pytest.mark.parametrize("group", ["dev", "test", "lint", "demo", "bench", "frameworks", "kernels"])
def test_a_group_has_in_it_what_installers_find_there(
    environments: ModuleType, groups: dict[str, list[Any]], group: str
) -> None:
    assert environments.requirements_of((group,)) == list(resolve_dependency_groups(groups, group))


def test_development_has_all_that_linters_and_tests_need(environments: ModuleType) -> None:
    needed = environments.requirements_of(("lint", "test"))
    assert set(needed) <= set(environments.requirements_of(environments.ENVIRONMENTS["dev"].groups))


def test_the_environments_name_groups_that_there_are(
    environments: ModuleType, groups: dict[str, list[Any]]
) -> None:
    named = {group for each in environments.ENVIRONMENTS.values() for group in each.groups}
    assert named <= set(groups)


def test_a_python_without_a_reader_reads_the_same_by_way_of_pip(
    environments: ModuleType, groups: dict[str, list[Any]]
) -> None:
    assert environments.read_toml_by_pip(PYPROJECT.read_text())["dependency-groups"] == groups

"""What a package index, an editor and a prompt show of the package."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path

import pytest

import nbsession
import nbsession.output
import nbsession.session
import nbsession.testing

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)\s]+)\)")
OURS = re.compile(r"https://github\.com/nbsession/nbsession/(?:blob|tree)/HEAD/([^)#\s]+)")


def links() -> list[str]:
    return LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))


def test_the_version_is_that_of_the_distribution() -> None:
    assert nbsession.__version__ == distribution("nbsession").version


def test_the_command_is_installed() -> None:
    [script] = distribution("nbsession").entry_points.select(group="console_scripts", name="nbsession")
    assert callable(script.load())


def test_the_distribution_says_where_its_source_is() -> None:
    urls = distribution("nbsession").metadata.get_all("Project-URL") or []
    assert {url.split(",")[0] for url in urls} >= {"Source", "Documentation", "Changelog", "Issues"}


@pytest.mark.parametrize(
    "page",
    [
        ROOT / "CHANGELOG.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "SECURITY.md",
        *sorted((ROOT / "docs").glob("*.md")),
    ],
    ids=lambda page: page.name,
)
def test_the_relative_links_of_a_page_lead_to_a_file(page: Path) -> None:
    targets = [link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert [each for each in targets if "://" not in each and not (page.parent / each).exists()] == []


def test_the_paths_that_contributors_are_told_of_exist() -> None:
    """But for what stands for another name, which is in capitals, and what `make` has made."""
    told = re.findall(r"`((?:[\w.]+/)+[\w.]*)`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    made = ("js/node_modules", "nbsession/static/", ".venvs/")
    paths = [each for each in told if not re.search(r"\b[A-Z]+\b", each) and not each.startswith(made)]
    places = [ROOT, ROOT / "nbsession"]
    assert [each for each in paths if not any((place / each).exists() for place in places)] == []


def test_the_tests_that_the_lessons_name_exist() -> None:
    page = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    names = re.findall(r"`((?:js/)?tests/[\w/.]+)(?:::(\w+))?`", page)
    assert names
    assert [file for file, _ in names if not (ROOT / file).exists()] == []
    functions = [(ROOT / file, name) for file, name in names if name]
    assert [name for file, name in functions if f"def {name}(" not in file.read_text(encoding="utf-8")] == []


def test_the_links_of_the_readme_work_outside_of_the_repository() -> None:
    assert [link for link in links() if not link.startswith("https://")] == []


def test_the_links_of_the_readme_to_files_of_the_repository_lead_to_one() -> None:
    files = [match[1] for link in links() if (match := OURS.match(link))]
    assert [file for file in files if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize(
    ("module", "more"),
    [
        (nbsession, {"__version__"}),
        (nbsession.session, {"closed"}),
        (nbsession.output, set()),
        (nbsession.testing, set()),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_completion_offers_the_public_names_only(module: object, more: set[str]) -> None:
    assert set(dir(module)) == {*module.__all__, *more}  # type: ignore[attr-defined]

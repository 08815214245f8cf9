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

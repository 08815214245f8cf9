"""The pytest plugin's front door: the option and the fixtures. nbsession itself is imported when one of them is used.

It stands beside the package, since a module inside of it could not be loaded without the rest: pytest loads plugins in
every run, and those that have no use for this one should not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbsession.testing import FakeBrowser, NoBrowser, RealPage


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--nbsession``."""
    parser.getgroup("nbsession", "a browser for notebooks").addoption(
        "--nbsession",
        action="store_true",
        help="Give nbval's kernels a page in a headless Chromium that answers eval_js",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set up what kernels find in their environment, if notebooks are run."""
    if config.getoption("nbsession"):
        from nbsession.pytest_plugin import HeadlessNotebooks  # noqa: PLC0415

        config.pluginmanager.register(HeadlessNotebooks(config), "nbsession-headless")
    if config.getoption("nbval", default=False) or config.getoption("nbval_lax", default=False):
        from nbsession.pytest_plugin import KernelNotes  # noqa: PLC0415

        config.pluginmanager.register(KernelNotes(config), "nbsession-notes")


@pytest.fixture
def fake_browser() -> Iterator[FakeBrowser]:
    """A browser without a browser: rules answer ``eval_js``, all else is noted."""
    from nbsession.testing import FakeBrowser  # noqa: PLC0415

    with FakeBrowser() as browser:
        yield browser


@pytest.fixture
def nbsession_page(tmp_path: Path) -> Iterator[RealPage]:
    """A page in a headless Chromium: what the test calls of nbsession acts on it."""
    from nbsession.testing import RealPage  # noqa: PLC0415

    with RealPage(tmp_path / "downloads") as page:
        yield page


@pytest.fixture
def no_browser() -> Iterator[NoBrowser]:
    """No browser at all, as where nbconvert runs a notebook: ``default_=`` counts."""
    from nbsession.testing import NoBrowser  # noqa: PLC0415

    with NoBrowser() as absence:
        yield absence

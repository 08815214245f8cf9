"""The entry point of the pytest plugin: the option and the fixtures. nbsession is imported when one of them is used.

This module is outside of the package, because pytest loads plugins in every run. A module inside the package would
import the package in runs that do not use it.
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
    """Set the environment variables for kernels, if notebooks are run."""
    if config.getoption("nbsession"):
        from nbsession.pytest_plugin import HeadlessNotebooks  # noqa: PLC0415

        config.pluginmanager.register(HeadlessNotebooks(config), "nbsession-headless")
    if config.getoption("nbval", default=False) or config.getoption("nbval_lax", default=False):
        from nbsession.pytest_plugin import KernelNotes, NotebookAnswers  # noqa: PLC0415
        from nbsession.testing._nbval_renditions import NotebookRenditions  # noqa: PLC0415

        NotebookRenditions(config)
        config.pluginmanager.register(NotebookAnswers(config), "nbsession-answers")
        config.pluginmanager.register(KernelNotes(config), "nbsession-notes")


@pytest.fixture
def fake_browser() -> Iterator[FakeBrowser]:
    """A simulated browser: rules answer ``eval_js``, all other calls are recorded."""
    from nbsession.testing import FakeBrowser  # noqa: PLC0415

    with FakeBrowser() as browser:
        yield browser


@pytest.fixture
def nbsession_page(tmp_path: Path) -> Iterator[RealPage]:
    """A page in a headless Chromium, on which the test's calls act."""
    from nbsession.testing import RealPage  # noqa: PLC0415

    with RealPage(tmp_path / "downloads") as page:
        yield page


@pytest.fixture
def no_browser() -> Iterator[NoBrowser]:
    """No browser, as when nbconvert runs a notebook: ``default_=`` applies."""
    from nbsession.testing import NoBrowser  # noqa: PLC0415

    with NoBrowser() as absence:
        yield absence

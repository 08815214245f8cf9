"""Fixtures: the environments that tools/environments.py makes, and a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.conftest import CHROMIUM_FLAGS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def python_of() -> Callable[[str], str]:
    """Return the Python of an environment of tools/environments.py."""
    folder = Path(os.environ.get("NBSESSION_TEST_ENVIRONMENTS", ROOT / ".venvs"))

    def python_of(name: str) -> str:
        python = folder / name / "bin" / "python"
        if not python.exists():
            msg = f"there is no environment {name}: python3 tools/environments.py {name}"
            raise RuntimeError(msg)
        return str(python)

    return python_of


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    candidates = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    executable = next((found for name in candidates if (found := shutil.which(name))), None)
    if executable is None:
        msg = "no Chromium on PATH: python3 tools/programs.py chromium"
        raise RuntimeError(msg)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def new_context(browser: Browser) -> BrowserContext:
    """Return another reader's browser: with cookies of its own."""
    return browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US", accept_downloads=True)


@pytest.fixture(scope="session")
def browser_context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader's browser."""
    context = new_context(browser)
    yield context
    context.close()

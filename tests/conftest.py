"""A Chromium for all tests that need one: Playwright runs once in a process."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Playwright, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, which drives the browsers."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """The Chromium of this machine."""
    candidates = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    executable = next((found for name in candidates if (found := shutil.which(name))), None)
    if executable is None:
        msg = "no Chromium on PATH: `make test` installs one as root, else install your system's chromium package"
        raise RuntimeError(msg)
    return executable


@pytest.fixture(scope="session")
def browser_context(
    playwright: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A headless Chromium. All pages share its profile: cookies, and the cache of compiled code that a profile on
    disk has and that makes every page load but the first fast."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"),
        executable_path=chromium,
        args=CHROMIUM_FLAGS,
        viewport={"width": 1280, "height": 900},
        locale="en-US",
    )
    yield context
    context.close()


@pytest.fixture
def private_context(playwright: Playwright, chromium: str) -> Iterator[BrowserContext]:
    """A private window: a browser of its own without a profile. It keeps at most 2 GB of Blobs, in memory."""
    browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
    yield browser.new_context()
    browser.close()

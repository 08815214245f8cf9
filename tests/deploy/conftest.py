"""A Chromium for the page."""

from tests.browser.conftest import browser_context

__all__ = ["browser_context"]

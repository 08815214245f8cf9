"""Windows of a browser on pages of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

import pytest
from playwright.sync_api import expect

from .visitor import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

expect.set_options(timeout=TIMEOUT * 1000)

STATUS = ".nbsession-status:visible"
"""Where a page says how its session is."""

NO_SOCKETS = "WebSocket = class { constructor() { setTimeout(() => this.onclose?.()); } close() {} }"
"""Run in a page before its own code: no WebSocket comes through."""


class Open(Protocol):
    """Open an address in a window of its own."""

    def __call__(self, url: str, *, init: str = "", ignore: str | None = None) -> Page: ...


@pytest.fixture
def open_page(browser_context: BrowserContext) -> Iterator[Open]:
    """Windows that are closed after the test, and what went wrong in them fails it."""
    pages: list[Page] = []
    problems: list[str] = []

    def open_page(url: str, *, init: str = "", ignore: str | None = None) -> Page:
        page = browser_context.new_page()
        pages.append(page)
        page.set_default_timeout(TIMEOUT * 1000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text)
                if message.type in {"error", "warning"} and not (ignore and re.search(ignore, message.text))
                else None
            ),
        )
        page.add_init_script(init)
        page.goto(url)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not problems, problems

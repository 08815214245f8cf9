"""Forms on a served page, as a reader uses them."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from nbsession.output import put_text

from .visitor import TIMEOUT
from .window import NO_SOCKETS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from .conftest import Serve
    from .window import Open

expect.set_options(timeout=TIMEOUT * 1000)

TRANSPORTS = pytest.mark.parametrize("init", ["", NO_SOCKETS], ids=["websocket", "http"])
"""Parametrize a test over how the page talks to the server; `open_page` takes ``init``."""


def form(page: Page) -> Locator:
    """The form that the reader sees, once there is one."""
    found = page.locator("form.nbsession-form:visible")
    expect(found).to_have_count(1)
    return found


def field(page: Page, label: str) -> Locator:
    """The control with this label in the form that the reader sees."""
    return form(page).get_by_label(label, exact=True)


def submit(page: Page) -> None:
    """Press the form's own button."""
    form(page).get_by_role("button", name="Submit").click()


def expect_fault(page: Page, message: str) -> None:
    """The form, or one of its fields, announces what is wrong."""
    expect(page.get_by_role("alert").filter(has_text=message)).to_be_visible()


def expect_answer(page: Page, answer: object) -> None:
    """The page shows what `answering` got."""
    expect(page.get_by_text(f"answer {answer!r}", exact=True)).to_be_visible()


def answering(ask: Callable[[], Any]) -> Callable[[], Any]:
    """An app that shows what a question returns; a coroutine function makes an app that awaits it."""
    if inspect.iscoroutinefunction(ask):

        async def awaiting() -> None:
            put_text(f"answer {await ask()!r}")

        return awaiting

    def app() -> None:
        put_text(f"answer {ask()!r}")

    return app


def open_form(serve: Serve, open_page: Open, ask: Callable[[], Any], *, init: str = "") -> Page:
    """A page of an app that asks one question and shows the answer."""
    page = open_page(serve(answering(ask)).url, init=init)
    form(page)
    return page

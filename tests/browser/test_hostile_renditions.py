"""A rendition in a page whose HTML nobody sanitizes, such as an export of nbconvert."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbsession._core.scope import SessionScope, scope_var
from nbsession._rendition import render
from nbsession.output import put_html, put_widget
from tests.rendition.everything import put_everything
from tests.rendition.hostile import OWN, payloads
from tests.session.fake_platform import FakePlatform

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.any_front_end


def test_a_browser_runs_and_loads_nothing_of_it(browser_context: BrowserContext) -> None:
    session = FakePlatform().session()
    token = scope_var.set(SessionScope(session))
    for each in payloads():
        put_html(each)
        put_widget("{{{x}}}", {"x": each})
    for each in OWN:
        put_everything(session, each)
    scope_var.reset(token)
    page = browser_context.new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    page.set_content(render(session.outputs.copy(), limit=64 * 1024 * 1024))
    page.evaluate("new Promise(requestAnimationFrame)")
    assert [url for url in seen if not url.startswith("data:image/")] == []
    assert page.evaluate("[window.hacked, document.scripts.length]") == [None, 0]
    page.close()

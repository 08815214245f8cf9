"""A page in a headless browser, for tests and scripts in plain Python."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from nbsession import FrontendNotFoundException, eval_js, run_js
from nbsession._core.current import runtime
from nbsession._headless.headless_browser import HeadlessBrowser
from nbsession._own_page import script_platform
from nbsession.testing import RealPage
from nbsession.testing import _real_page as real_page
from tests.session.fake_platform import FakePlatform

from .headless_kernel import all_end, browser

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Started = Callable[[], list[psutil.Process]]

TIMEOUT = 120.0


@pytest.fixture(autouse=True)
def _headless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBSESSION_BROWSER", "headless")


@pytest.fixture
def started() -> Started:
    """What returns the processes that the test has started; others may run beside it."""
    others = set(psutil.Process().children(recursive=True))
    return lambda: [each for each in psutil.Process().children(recursive=True) if each not in others]


def test_a_page_in_an_endless_loop_is_closed(
    started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(real_page, "_PARTING", 1.0)
    with RealPage(tmp_path):
        assert eval_js("20 + 1") == 21
        processes = started()
        run_js("for (;;) {}")
    assert all_end(processes)


def test_the_browser_loads_nothing_but_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chromium's own pages, which nobody looks at, once took a second of the time in which notebooks begin."""
    browsers: list[HeadlessBrowser] = []
    open_page = HeadlessBrowser.open
    monkeypatch.setattr(
        HeadlessBrowser,
        "open",
        lambda self, url: (browsers.append(self), open_page(self, url)),  # type: ignore[func-returns-value]
    )
    with RealPage(tmp_path):
        here = eval_js("location.href")
        told = browsers[0].devtools.call("Target.getTargets", filter=[{}]).result(TIMEOUT)
        assert {target["url"] for target in told["targetInfos"]} == {here}


def test_a_page_that_does_not_answer_is_told_of_and_its_browser_closed(
    started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_platform, "_ATTACH_WITHIN", 0.1)
    open_page = HeadlessBrowser.open
    monkeypatch.setattr(HeadlessBrowser, "open", lambda self, _: open_page(self, "about:blank"))
    before: Any = FakePlatform()
    former = runtime.replace(before)
    try:
        with pytest.raises(FrontendNotFoundException, match="did not answer"):
            RealPage(tmp_path).__enter__()
        assert all_end(started())
        assert runtime.platform is before
    finally:
        runtime.replace(former)


def test_an_address_that_cannot_be_loaded_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_page = HeadlessBrowser.open
    monkeypatch.setattr(HeadlessBrowser, "open", lambda self, _: open_page(self, "http://127.0.0.1:1/"))
    with pytest.raises(FrontendNotFoundException, match="could not load its page: net::ERR"):
        RealPage(tmp_path).__enter__()


def test_at_a_prompt_another_browser_follows_one_that_crashed(
    started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    with RealPage(tmp_path) as page:
        over = threading.Event()
        page.session.on_close(lambda _: over.set())
        browser(started()).kill()
        assert over.wait(TIMEOUT)
        assert eval_js("20 + 1") == 21
    assert all_end(started())

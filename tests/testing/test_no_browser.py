"""A test that has no browser."""

from __future__ import annotations

import asyncio
import doctest
from collections.abc import Iterator

import pytest

from nbsession import (
    FrontendNotFoundException,
    SessionException,
    download,
    eval_js,
    info,
    local,
    run_js,
    start_server,
)
from nbsession._core.current import runtime
from nbsession.output import put_text
from nbsession.testing import FakeBrowser, NoBrowser
from nbsession.testing import _no_browser as no_browser


@pytest.fixture(autouse=True)
def absence() -> Iterator[None]:
    with NoBrowser():
        yield


def test_the_default_counts() -> None:
    assert eval_js("navigator.language", default_="en-US") == "en-US"


def test_an_awaited_default_counts() -> None:
    async def language() -> object:
        return await eval_js("navigator.language", default_="en-US")

    assert asyncio.run(language()) == "en-US"


def test_a_value_without_a_default_is_refused() -> None:
    with pytest.raises(FrontendNotFoundException, match=r"no browser .*default_=value"):
        eval_js("1", timeout_=10)


def test_what_only_the_page_knows_is_refused() -> None:
    with pytest.raises(FrontendNotFoundException):
        info.user_language  # noqa: B018


def test_what_waits_for_no_answer_fails_nothing() -> None:
    run_js("1")
    put_text("shown to nobody")
    download("a.txt", "a")


def test_a_download_that_is_waited_for_is_refused() -> None:
    with pytest.raises(FrontendNotFoundException):
        download("a.txt", "a").wait(60)


def test_commands_without_end_go_nowhere() -> None:
    for _ in range(70):
        run_js("x", x="x" * 2**20)


def test_it_has_no_visitor_for_an_app() -> None:
    with pytest.raises(SessionException, match="NoBrowser"):
        start_server(lambda: None)


def test_a_fake_browser_may_come_within_it() -> None:
    with FakeBrowser({"1": 1}):
        assert eval_js("1", default_=2) == 1
    assert eval_js("1", default_=2) == 2


def test_it_leaves_what_it_found() -> None:
    local.left = 1
    with NoBrowser():
        assert local.left is None
    assert local.left == 1  # type: ignore[unreachable]


def test_in_a_kernel_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(no_browser, "running_kernel", object)
    former = runtime.platform
    with pytest.raises(SessionException, match="outside of notebooks"):
        NoBrowser().__enter__()
    assert runtime.platform is former


def test_the_examples_are_right() -> None:
    assert doctest.testmod(no_browser).failed == 0

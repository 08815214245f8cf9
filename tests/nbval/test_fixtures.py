"""The fixtures that the plugin gives to people's own tests."""

from __future__ import annotations

import asyncio

import pytest

from nbsession import SessionException, download, eval_js, info, run_js, start_server
from nbsession._core.download_channel import Download
from nbsession.testing import FakeBrowser, RealPage


def greet() -> Download:
    name = eval_js("prompt('Your name?')")
    run_js("document.title = `Hello ${name}`", name=name)
    return download("name.txt", name)


def test_a_fake_browser_answers(fake_browser: FakeBrowser) -> None:
    fake_browser.answer("prompt('Your name?')", "Ada")
    greet()
    assert fake_browser.ran == [("document.title = `Hello ${name}`", {"name": "Ada"})]
    assert fake_browser.downloads == {"name.txt": b"Ada"}


def test_a_real_page_answers(nbsession_page: RealPage) -> None:
    run_js("window.prompt = () => 'Ada'")
    greet().wait(60)
    assert eval_js("document.title") == "Hello Ada"
    assert asyncio.run(_title()) == "Hello Ada"
    assert (nbsession_page.downloads / "name.txt").read_bytes() == b"Ada"
    assert info.frontend == "headless"


async def _title() -> object:
    return await eval_js("document.title")


def test_each_page_is_another(nbsession_page: RealPage) -> None:
    assert eval_js("document.title") != "Hello Ada"
    assert eval_js("typeof window.greeted") == "undefined"
    assert not nbsession_page.downloads.exists() or not list(nbsession_page.downloads.iterdir())


@pytest.mark.usefixtures("nbsession_page")
def test_a_real_page_is_not_served_apps() -> None:
    with pytest.raises(SessionException, match=r"does not work in a test"):
        start_server(greet, port=0)

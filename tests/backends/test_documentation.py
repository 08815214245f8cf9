"""The examples of the documentation, in a browser, on every backend."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.documentation import COUNTERS, LOCAL_PRINTS

from .backends import BACKENDS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.server.window import Open

    from .process import ServerProcess


def shown(page: Page) -> dict[str, str]:
    """Return the object that the app has put as JSON."""
    code = page.locator(".nbsession-panel pre")
    code.wait_for()
    told: dict[str, str] = json.loads(code.inner_text())
    return told


def test_download(server: ServerProcess, open_page: Open) -> None:
    page = open_page(f"{server.url}?app=download")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Click to download").click()
    assert saved.value.suggested_filename == "hello-world.txt"
    assert saved.value.path().read_bytes() == b"hello world!"


def test_run_js(server: ServerProcess, open_page: Open) -> None:
    page = open_page("about:blank")
    with page.expect_console_message(lambda message: message.text == "3"):
        page.goto(f"{server.url}?app=run_js")


def test_eval_js(server: ServerProcess, open_page: Open) -> None:
    url = f"{server.url}?app=eval_js"
    open_page(url)
    server.wait_for(f"{url} 101 Returned inside callback.")


def test_local(server: ServerProcess, open_page: Open) -> None:
    open_page(f"{server.url}?app=local")
    for line in LOCAL_PRINTS:
        server.wait_for(line)


def test_register_thread(server: ServerProcess, open_page: Open) -> None:
    open_page(f"{server.url}?app=register_thread")
    server.wait_for("[2]")


@pytest.mark.parametrize("way", COUNTERS)
def test_the_counter(server: ServerProcess, open_page: Open, way: str) -> None:
    page = open_page(f"{server.url}?app={way}")
    for label in ("Show counter", "Add counter", "Add counter", "Show counter"):
        page.get_by_role("button", name=label).click()
    texts = page.locator(".nbsession-text")
    texts.nth(1).wait_for()
    assert texts.all_inner_texts() == ["0", "2"]


def test_defer_call(server: ServerProcess, open_page: Open) -> None:
    open_page(f"{server.url}?app=defer_call").get_by_text("not yet").wait_for()
    server.wait_for("cleaned up")


def test_set_env(server: ServerProcess, open_page: Open) -> None:
    page = open_page(f"{server.url}?app=set_env")
    page.wait_for_function("document.title === 'Awesome PyWebIO!!'")


def test_run_asyncio_coroutine(server: ServerProcess, open_page: Open) -> None:
    page = open_page(f"{server.url}?app=run_asyncio_coroutine")
    page.get_by_text("world").wait_for()
    assert page.locator(".nbsession-text").all_inner_texts() == ["hello", "world"]


def test_info(server: ServerProcess, open_page: Open) -> None:
    page = open_page(f"{server.url}?app=info")
    told = shown(page)
    assert told.pop("request")
    assert "Chrom" in told.pop("user_agent")
    host = f"127.0.0.1:{server.port}"
    assert told == {
        "user_language": "en-US",
        "server_host": host,
        "origin": f"http://{host}",
        "user_ip": "127.0.0.1",
        "backend": server.backend,
        "protocol": BACKENDS[server.backend].protocols[0],
    }


def test_go_app(server: ServerProcess, open_page: Open) -> None:
    page = open_page(f"{server.url}?app=go")
    with page.expect_popup() as popup:
        page.get_by_role("button", name="in a window").click()
    popup.value.get_by_text("this is two").wait_for()
    popup.value.close()
    page.get_by_role("button", name="here").click()
    page.get_by_text("this is two").wait_for()
    assert page.url == f"{server.url}?app=two"

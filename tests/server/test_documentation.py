"""The examples of the original's documentation, pasted into a file and run as a script, and served as apps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from nbsession.platform.tornado import start_server
from tests import documentation
from tests.documentation import COUNTERS, EXAMPLES, LOCAL_PRINTS

from .conftest import serving
from .script import Script
from .window import STATUS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from nbsession._server.run.handle import ServerHandle
    from tests.documentation import Example

    from .window import Open


class Shown(Protocol):
    """An example that runs."""

    def show(self, page: Page) -> None:
        """Open it in a window."""
        ...

    def printed(self) -> list[str]:
        """Return what it has printed when it has ended."""
        ...


class AsScript:
    """Pasted into a file of its own."""

    def __init__(self, example: Example, folder: Path) -> None:
        self._example = example
        last = f"start_server({example.app}, port=0)" if example.app else "hold()" if example.stays else ""
        self.script = Script(f"{example.source}\n{last}\n", folder)

    def show(self, page: Page) -> None:
        if self._example.app is not None:
            page.goto(self.script.wait_for_line("nbsession serves at ").split()[3])
        elif self._example.needs_page:
            page.goto(self.script.url)

    def printed(self) -> list[str]:
        return [line for line in self.script.wait() if not line.startswith("nbsession ")]


class AsApp:
    """One of the apps of a server."""

    prints: dict[str, list[str]]

    def __init__(self, server: ServerHandle, name: str) -> None:
        self._url = f"{server.url}?app={name}"
        self._name = name
        self._page: Page | None = None
        self.prints[name] = []

    def show(self, page: Page) -> None:
        self._page = page
        page.goto(self._url)

    def printed(self) -> list[str]:
        assert self._page is not None
        self._page.locator(STATUS, has_text="Session closed: the app has ended").wait_for()
        return self.prints[self._name]


@pytest.fixture(scope="module")
def server() -> Iterator[ServerHandle]:
    """All examples as apps of one server."""
    AsApp.prints = {}

    def app_of(name: str, example: Example) -> Callable[[], Any]:
        def write(*values: object) -> None:
            AsApp.prints[name].extend(" ".join(map(str, values)).splitlines())

        code = compile(example.source, f"<{name}>", "exec")
        if example.app is None:
            return lambda: exec(code, {"print": write})
        names: dict[str, Any] = {"print": write}
        exec(code, names)
        return names[example.app]  # type: ignore[no-any-return]

    with serving(start_server) as serve:
        yield serve({name: app_of(name, example) for name, example in EXAMPLES.items()})


class Paste(Protocol):
    """Run an example and open its page."""

    def __call__(self, example: Example) -> tuple[Shown, Page]: ...


@pytest.fixture(params=["script", "app"])
def paste(
    request: pytest.FixtureRequest, open_page: Open, server: ServerHandle, tmp_path: Path
) -> Iterator[Paste]:
    scripts: list[Script] = []
    pages: list[Page] = []

    def paste(example: Example) -> tuple[Shown, Page]:
        page = open_page("about:blank")
        pages.append(page)
        shown: Shown
        if request.param == "script":
            shown = AsScript(example, tmp_path)
            scripts.append(shown.script)
        else:
            shown = AsApp(server, next(name for name, each in EXAMPLES.items() if each is example))
        shown.show(page)
        return shown, page

    yield paste
    for page in pages:  # first: a page whose server is gone complains
        page.close()
    for script in scripts:
        script.end()


def test_download(paste: Paste) -> None:
    _, page = paste(documentation.DOWNLOAD)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Click to download").click()
    assert saved.value.suggested_filename == "hello-world.txt"
    assert saved.value.path().read_bytes() == b"hello world!"


def test_run_js(paste: Paste, browser_context: Any) -> None:
    said: list[str] = []
    browser_context.on("console", lambda message: said.append(message.text))
    shown, page = paste(documentation.RUN_JS)
    shown.printed()  # it has ended, after the page had answered
    page.evaluate("0")  # what the page said before has been heard now
    assert "3" in said


def test_eval_js(paste: Paste) -> None:
    shown, page = paste(documentation.EVAL_JS)
    assert shown.printed() == [f"{page.url} 101 Returned inside callback."]


def test_local(paste: Paste) -> None:
    shown, _ = paste(documentation.LOCAL)
    assert shown.printed() == LOCAL_PRINTS


@pytest.mark.parametrize("example", COUNTERS.values(), ids=COUNTERS)
def test_the_counter(paste: Paste, example: Example) -> None:
    _, page = paste(example)
    for label in ("Show counter", "Add counter", "Add counter", "Show counter"):
        page.get_by_role("button", name=label).click()
    texts = page.locator(".nbsession-text")
    texts.nth(1).wait_for()
    assert texts.all_inner_texts() == ["0", "2"]


def test_defer_call(paste: Paste) -> None:
    shown, page = paste(documentation.DEFER_CALL)
    page.get_by_text("not yet").wait_for()
    assert shown.printed() == ["cleaned up"]


def test_set_env(paste: Paste) -> None:
    _, page = paste(documentation.SET_ENV)
    page.get_by_text("shown").wait_for()
    assert page.title() == "Awesome PyWebIO!!"


def test_run_asyncio_coroutine(paste: Paste) -> None:
    _, page = paste(documentation.RUN_ASYNCIO_COROUTINE)
    page.get_by_text("world").wait_for()
    assert page.locator(".nbsession-text").all_inner_texts() == ["hello", "world"]


def test_info(paste: Paste) -> None:
    _, page = paste(documentation.INFO)
    page.locator("pre").wait_for()
    shown = json.loads(page.locator("pre").inner_text())
    origin = page.evaluate("location.origin")
    assert "HTTPServerRequest" in shown.pop("request")
    assert "Chrom" in shown.pop("user_agent")
    assert shown == {
        "user_language": "en-US",
        "server_host": origin.removeprefix("http://"),
        "origin": origin,
        "user_ip": "127.0.0.1",
        "backend": "tornado",
        "protocol": "websocket",
    }


def test_register_thread(paste: Paste) -> None:
    shown, _ = paste(documentation.REGISTER_THREAD)
    assert shown.printed() == ["[2]"]

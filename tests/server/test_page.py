"""The page in a browser: what a reader sees of apps and scripts."""

from __future__ import annotations

import asyncio
import os
import random
import threading
from typing import TYPE_CHECKING, Any

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from nbsession import defer_call, download, eval_js, go_app, hold, info, run_js, set_env
from nbsession._server.pages.http_connections import LAST, HttpConnections
from nbsession.exceptions import JSError
from nbsession.output import put_button, put_buttons, put_html, put_table, put_text
from nbsession.platform.tornado import webio_handler

from .proxy import Proxy
from .script import Script
from .visitor import TIMEOUT
from .window import NO_SOCKETS, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbsession._server.http.request import Request
    from nbsession._server.pages.http_connections import HttpConnection

    from .conftest import Serve
    from .window import Open

CUTS = 100 if os.environ.get("NBSESSION_TEST_LOAD") == "full" else 20


@pytest.fixture
def proxied(serve: Serve) -> Iterator[Any]:
    """Serve apps behind a proxy that can be cut."""
    proxies: list[Proxy] = []

    def proxied(apps: Any, **options: Any) -> tuple[Proxy, str]:
        proxies.append(Proxy(serve(apps, **options).port))
        return proxies[-1], f"http://127.0.0.1:{proxies[-1].port}/"

    yield proxied
    for proxy in proxies:
        proxy.close()


def test_an_app_shows_its_outputs_and_gets_values(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_text(f"language {eval_js('navigator.language')}")
        put_table([["a", "b"], [1, 2]])

    page = open_page(serve(app).url)
    page.get_by_text("language en-US").wait_for()
    page.get_by_role("table").wait_for()


def test_a_value_that_is_too_large_is_an_error_and_the_next_one_comes(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        with pytest.raises(
            JSError, match=r"it has 4194\d+ bytes, and Python accepts 3145728 \(max_payload_size"
        ):
            eval_js("new Uint8Array(4 * 2**20)", errors_="raise")
        put_text(f"then {len(eval_js('new Uint8Array(2 * 2**20)'))}")

    open_page(serve(app, max_payload_size="3M").url).get_by_text(f"then {2 * 2**20}").wait_for()


def test_the_page_asks_nobody_else_for_anything(serve: Serve, open_page: Open) -> None:
    server = serve(lambda: put_text("here"))
    page = open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url)
    page.get_by_text("here").wait_for()
    assert len(asked) >= 4
    assert all(url.startswith((server.url, "data:")) for url in asked)


def test_nothing_foreign_loads_into_the_page(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        refused = eval_js("""
            new Promise((resolve) => {
                addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
                const script = document.createElement("script");
                script.src = "https://elsewhere.invalid/x.js";
                document.head.append(script);
            })
        """)
        put_text(f"refused {refused}")

    page = open_page(serve(app).url, ignore="elsewhere.invalid")
    page.get_by_text("refused script-src").wait_for()


def test_what_is_allowed_loads_into_the_page(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"/>')
    elsewhere = serve(lambda: None, static_dir=str(tmp_path))

    def app() -> None:
        loads = "new Promise((done) => Object.assign(new Image(), {src, onload() { done(this.width) }}))"
        put_text(f"width {eval_js(loads, src=elsewhere.url + 'static/dot.svg')}")

    allowed = elsewhere.url.rstrip("/")
    open_page(serve(app, allowed_sources=[allowed]).url).get_by_text("width 7").wait_for()


def test_a_reload_goes_on_where_it_is_told_to(serve: Serve, open_page: Open) -> None:
    reloaded = threading.Event()

    def app() -> None:
        run_js("window.before = true")
        put_text("here")
        reloaded.wait(TIMEOUT)
        put_text(f"again {eval_js('window.before === undefined')}")

    page = open_page(serve(app, resume_on_reload=True).url)
    page.get_by_text("here").wait_for()
    page.reload()
    page.get_by_text("here").wait_for()
    reloaded.set()
    page.get_by_text("again True").wait_for()


# Of a page that starts on a busy machine: what it hears comes later than timers that it sets before it asks.
BUSY = """
const { request } = LockManager.prototype;
LockManager.prototype.request = function (...asked) {
  const [answer, began] = [request.apply(this, asked), performance.now()];
  while (performance.now() - began < 1000);
  return answer;
};
"""


def test_a_page_that_is_busy_when_it_is_reloaded_is_the_same(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_text("here")
        hold()

    page = open_page(serve(app, resume_on_reload=True).url)
    page.get_by_text("here").wait_for()
    name = "Object.entries(sessionStorage).find(([key]) => key.endsWith(':page'))[1]"
    before = page.evaluate(name)
    page.add_init_script(BUSY)
    page.reload()
    page.get_by_text("here").wait_for()
    assert page.evaluate(name) == before


def test_html_of_an_app_runs_its_scripts(serve: Serve, open_page: Open) -> None:
    page = open_page(serve(lambda: put_html("<p id=x></p><script>x.textContent = 'script ran'</script>")).url)
    page.get_by_text("script ran").wait_for()


def test_set_env_names_the_window(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        set_env(title="My tool", output_max_width="300px")
        put_text("here")

    page = open_page(serve(app).url)
    page.wait_for_function("document.title === 'My tool'")
    page.get_by_text("here").wait_for()
    assert page.locator(".nbsession-panel").bounding_box()["width"] == 300  # type: ignore[index]


def test_a_file_arrives(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_buttons(["save"], onclick=lambda _: download("a.txt", b"content"))

    page = open_page(serve(app).url)
    with page.expect_download() as saved:
        page.get_by_role("button", name="save").click()
    assert saved.value.suggested_filename == "a.txt"
    assert saved.value.path().read_bytes() == b"content"


@pytest.mark.parametrize("protocol", ["websocket", "http"])
def test_six_files_arrive_while_values_come(serve: Serve, open_page: Open, protocol: str) -> None:
    content = {f"{number}.bin": bytes([number]) * (3 * 2**20 + number) for number in range(6)}

    def app() -> None:
        for name, each in content.items():
            download(name, iter([each]) if name < "3" else each)
            put_text(f"value {eval_js('name.length', name=name)} after {name}")

    page = open_page("about:blank")
    downloads: list[Any] = []
    page.on("download", lambda saved: downloads.append(saved))  # noqa: PLW0108 -- playwright marks it
    page.goto(serve({"files": app}, protocol=protocol).url + "?app=files")
    page.get_by_text("value 5 after 5.bin").wait_for()
    page.locator(STATUS, has_text="Session closed: the app has ended").wait_for()
    assert {each.suggested_filename: each.path().read_bytes() for each in downloads} == content
    assert page.locator(".nbsession-download[data-state=saved]").count() == 6


def test_a_file_arrives_under_a_prefix(open_page: Open) -> None:
    ready, port = threading.Event(), 0

    async def serve() -> None:
        nonlocal port
        server = HTTPServer(
            Application([(r"/deep/tool", webio_handler(lambda: download("a.txt", b"content")))])
        )
        (listening,) = bind_sockets(0, "127.0.0.1")
        server.add_socket(listening)
        port = listening.getsockname()[1]
        ready.set()
        await stop.wait()
        server.stop()
        await server.close_all_connections()

    stop = asyncio.Event()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(TIMEOUT)
        page = open_page("about:blank")
        with page.expect_download() as saved:
            page.goto(f"http://127.0.0.1:{port}/deep/tool")
        assert saved.value.path().read_bytes() == b"content"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def test_an_app_that_has_ended_may_be_begun_anew(serve: Serve, open_page: Open) -> None:
    runs: list[int] = []

    def app() -> None:
        runs.append(1)
        put_text(f"run {len(runs)}")

    page = open_page(serve(app).url)
    page.locator(STATUS, has_text="Session closed: the app has ended").wait_for()
    assert page.get_by_text("run 1").is_visible()
    page.get_by_role("button", name="New session").click()
    page.get_by_text("run 2").wait_for()


def test_closing_the_window_closes_the_session(serve: Serve, open_page: Open) -> None:
    closed = threading.Event()

    def app() -> None:
        defer_call(closed.set)
        put_text("here")
        hold()

    page = open_page(serve(app).url)
    page.get_by_text("here").wait_for()
    page.close()
    assert closed.wait(TIMEOUT)


def test_info_follows_the_page(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_text(f"dark: {info.dark_mode}")
        put_button("again", lambda: put_text(f"dark: {info.dark_mode}"))
        eval_js("history.pushState(null, '', '?page=2')")
        put_text(f"page {info.query['page']}")
        hold()

    page = open_page(serve(app).url)
    page.get_by_text("page 2").wait_for()
    page.emulate_media(color_scheme="dark")
    page.get_by_role("button", name="again").click()
    page.get_by_text("dark: True").wait_for()


# -- other apps ----------------------------------------------------------------------------------


def test_the_index_leads_to_the_apps(serve: Serve, open_page: Open) -> None:
    page = open_page(serve({"one": lambda: put_text("this is one"), "two": lambda: None}).url)
    page.get_by_role("button", name="one").click()
    page.get_by_text("this is one").wait_for()
    assert page.url.endswith("/?app=one")


def test_go_app_opens_a_window(serve: Serve, open_page: Open) -> None:
    def one() -> None:
        put_buttons(["go"], onclick=lambda _: go_app("two"))

    page = open_page(serve({"one": one, "two": lambda: put_text("this is two")}).url + "?app=one")
    with page.expect_popup() as popup:
        page.get_by_role("button", name="go").click()
    popup.value.get_by_text("this is two").wait_for()


def test_a_window_that_the_browser_blocks_is_offered_as_a_link(serve: Serve, open_page: Open) -> None:
    def one() -> None:
        go_app("two")
        hold()

    server = serve({"one": one, "two": lambda: put_text("this is two")})
    page = open_page(server.url + "?app=one", init="window.open = () => null")
    with page.expect_popup() as popup:
        page.locator(STATUS).get_by_role("link", name="Open two").click()
    popup.value.get_by_text("this is two").wait_for()


# -- the connection ------------------------------------------------------------------------------


def test_a_lost_connection_is_told_and_made_again(proxied: Any, open_page: Open) -> None:
    more = threading.Event()

    def app() -> None:
        put_text("before")
        more.wait(TIMEOUT)
        put_text("after")
        hold()

    proxy, url = proxied(app)
    page = open_page(url, ignore="WebSocket|ailed")
    page.get_by_text("before").wait_for()
    proxy.passes = False
    proxy.cut()
    page.locator(STATUS, has_text="Reconnecting").wait_for()
    more.set()
    proxy.passes = True
    page.get_by_text("after").wait_for()
    page.locator(STATUS).wait_for(state="hidden")


def test_a_server_that_was_stopped_is_told(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_text("here")
        hold()

    server = serve(app)
    page = open_page(server.url)
    page.get_by_text("here").wait_for()
    server.close()
    page.locator(STATUS, has_text="Session closed: the server was stopped").wait_for()


def test_commands_run_once_and_in_order_whatever_is_cut(proxied: Any, open_page: Open) -> None:
    chance = random.Random(1)
    run: list[int] = []
    seen: list[list[int]] = []
    errors: list[BaseException] = []

    def app() -> None:
        try:
            run_js("window.seen = []")
            while proxy.cuts < CUTS:
                run_js("seen.push(n)", n=len(run))
                run.append(len(run))
                if len(run) % 10 == 0:
                    assert eval_js("seen.at(-1)") == run[-1]
            proxy.cut_after = lambda: None
            seen.append(eval_js("seen"))
        except BaseException as error:  # noqa: BLE001
            errors.append(error)
        put_text("done")

    proxy, url = proxied(app, reconnect_timeout=60)
    page = open_page(url, ignore="WebSocket|ailed")
    # Only now: what the page is made of is not to be cut.
    proxy.cut_after = lambda: chance.randrange(200, 4000)
    proxy.cut()
    page.get_by_text("done").wait_for(timeout=CUTS * 5000)
    assert not errors
    assert seen == [run]
    assert proxy.cuts >= CUTS


def test_where_no_socket_opens_the_page_speaks_http(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_buttons(["go"], onclick=put_text)
        put_text(f"by {info.protocol}: {[eval_js('n + 1', n=n) for n in range(20)]}")

    page = open_page(serve(app).url, init=NO_SOCKETS)
    page.get_by_text(f"by http: {list(range(1, 21))}").wait_for()
    page.get_by_role("button", name="go").click()
    page.get_by_text("go", exact=True).nth(1).wait_for()


def test_where_a_socket_opens_and_nothing_comes_through_the_page_speaks_http(
    proxied: Any, open_page: Open
) -> None:
    proxy, url = proxied(lambda: put_text(f"{eval_js('1 + 1')} by {info.protocol}"))
    proxy.passes_frames = False
    open_page(url).get_by_text("2 by http").wait_for()


def test_what_a_window_says_last_by_http_outlives_it(
    serve: Serve, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a page asks for is given up when it is left, but for requests that say so."""
    came, receive = threading.Event(), HttpConnections.receive

    def received(http_connections: HttpConnections, asked: Request, body: bytes) -> HttpConnection | None:
        if asked.headers.get(LAST):
            came.set()
        return receive(http_connections, asked, body)

    monkeypatch.setattr(HttpConnections, "receive", received)
    page = open_page(serve(lambda: put_text("here")).url, init=NO_SOCKETS)
    page.get_by_text("here").wait_for()
    page.goto("about:blank")
    assert came.wait(TIMEOUT)


def test_closing_a_window_that_speaks_http_closes_its_session(serve: Serve, open_page: Open) -> None:
    closed = threading.Event()

    def app() -> None:
        defer_call(closed.set)
        put_text("here")
        hold()

    page = open_page(serve(app, protocol="http").url)
    page.get_by_text("here").wait_for()
    page.close(run_before_unload=True)
    assert closed.wait(TIMEOUT)


# -- how it looks --------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_system_s_colours(serve: Serve, open_page: Open, scheme: Any) -> None:
    page = open_page("about:blank")
    page.emulate_media(color_scheme=scheme)
    page.goto(serve(lambda: put_text("here")).url)
    page.get_by_text("here").wait_for()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    colour = page.evaluate("getComputedStyle(document.querySelector('.nbsession-panel')).color")
    brighter = {"light": background, "dark": colour}[scheme]
    assert brighter.startswith(("rgb(255, 255, 255", "rgba(255, 255, 255"))


def test_the_page_fits_a_phone(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_table([["wide " * 30, "x" * 200]])
        put_text("y" * 500)
        put_buttons([f"button {n}" for n in range(12)], onclick=put_text)

    page = open_page("about:blank")
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(serve(app).url)
    page.get_by_role("button", name="button 11").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


# -- scripts -------------------------------------------------------------------------------------


def test_a_script_opens_its_page_and_takes_leave(open_page: Open, tmp_path: Path) -> None:
    script = Script(
        """
        from nbsession import eval_js
        from nbsession.output import put_text
        put_text(f"language {eval_js('navigator.language')}")
        """,
        tmp_path,
    )
    try:
        page = open_page(script.url)
        page.get_by_text("language en-US").wait_for()
        page.locator(STATUS, has_text="Session closed: the script has ended").wait_for()
        assert "token" not in page.url
        assert page.title() == "app.py"
        script.wait()
    finally:
        script.end()

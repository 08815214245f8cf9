"""A page that a proxy, or the server behind it, does not let in: what its reader is told, and what is logged."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import hold
from nbsession.output import put_buttons, put_text
from nbsession.platform.tornado import start_server
from tests.server.proxy import Proxy
from tests.server.window import NO_SOCKETS, STATUS, open_page

from .nginx import Nginx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.server.window import Open

    Url = Callable[[str], str]

__all__ = ["open_page"]

PASSING = """
    proxy_pass http://127.0.0.1:{server}/;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
"""
# The page comes through, and what it has to say does not.
REFUSING = "location {path} {{ if ($arg_nbsession ~ ^(socket|exchange)$) {{ {answer} }} {passing} }}"
# What a page has to say does not come through while it has a cookie.
WHILE = """
location {path} {{
    set $both $cookie_is$arg_nbsession;
    if ($both ~ ^{cookie}(socket|exchange)$) {{ {answer} }}
    {passing}
}}
"""
# nginx's defaults: another Host, and no WebSockets.
DEFAULTS = "location /defaults/ {{ proxy_pass http://127.0.0.1:{server}/; }}"
# The Host lacks the port.
HOST = "location /host/ {{ proxy_pass http://127.0.0.1:{server}/; proxy_set_header Host $host; }}"
UPGRADE = 'map $http_upgrade $connection_upgrade { default upgrade; "" close; }'

ANSWERS = {
    "401": ("return 401;", "401 Authorization Required. Log in"),
    "403": ('return 403 "Not from here.\n";', "403: Not from here."),
    "404": ("return 404;", "404 Not Found. A proxy in front must pass on"),
    "405": ("return 405;", "405 Not Allowed. A proxy in front must pass on"),
    "413": ("return 413;", "client_max_body_size"),
    "500": ("return 500;", "500 Internal Server Error"),
    "login": ("return 302 /sign-in/;", "redirects this page"),
    "foreign-login": ("return 302 https://login.invalid/;", "redirects this page"),
}
COOKIES = {"down": "return 503;", "out": "return 302 /sign-in/;"}


def app() -> None:
    put_text("here")
    put_buttons(["go"], onclick=lambda label: put_text(f"pressed {label}"))
    hold()


@pytest.fixture(scope="module")
def nginx_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve the app, and have nginx refuse its pages in many ways, each at a path."""

    async def start() -> Any:
        return start_server(app, port=0)

    # In a thread: in the main one playwright keeps an event loop running.
    with ThreadPoolExecutor(1) as pool:
        handle = pool.submit(asyncio.run, start()).result()
    passing = PASSING.format(server=handle.port)
    locations = [
        REFUSING.format(path=f"/{name}/", answer=answer, passing=passing)
        for name, (answer, _) in ANSWERS.items()
    ]
    locations += [
        WHILE.format(path=f"/{cookie}/", cookie=cookie, answer=answer, passing=passing)
        for cookie, answer in COOKIES.items()
    ]
    locations += [each.format(server=handle.port) for each in (DEFAULTS, HOST)]
    nginx = Nginx(tmp_path_factory.mktemp("nginx"))
    (port,) = nginx.ports
    try:
        with nginx.start(f"{UPGRADE} server {{ listen 127.0.0.1:{port}; {' '.join(locations)} }}"):
            yield port
    finally:
        handle.close()


@pytest.fixture
def url(nginx_port: int) -> Url:
    return lambda path: f"http://app.localhost:{nginx_port}/{path}/"


@pytest.mark.parametrize("name", ANSWERS)
def test_a_page_says_what_it_was_answered(url: Url, name: str, open_page: Open) -> None:
    page = open_page(url(name), ignore="ailed|login.invalid")
    status = page.locator(STATUS, has_text=ANSWERS[name][1])
    status.wait_for()
    assert "Connecting" not in status.inner_text()


@pytest.mark.parametrize("path", ["defaults", "host"])
def test_a_page_behind_a_proxy_that_hides_its_address_names_the_proxy_s_setting(
    url: Url, path: str, open_page: Open
) -> None:
    page = open_page(url(path), ignore="ailed")
    page.locator(STATUS, has_text="proxy_set_header Host $http_host;").wait_for()


def test_the_log_has_a_line_for_each_cause_of_refusals(
    nginx_port: int, open_page: Open, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "nbsession"):
        for _ in range(2):
            page = open_page(f"http://second.localhost:{nginx_port}/defaults/", ignore="ailed")
            page.locator(STATUS, has_text="proxy_set_header").wait_for()
    (line,) = [record.getMessage() for record in caplog.records]
    assert f"'http://second.localhost:{nginx_port}'" in line
    assert "proxy_set_header Host $http_host;" in line


def test_a_server_that_is_away_for_a_while_is_waited_for(url: Url, open_page: Open) -> None:
    page = open_page(url("down"), init="document.cookie = 'is=down; max-age=60'", ignore="ailed")
    page.locator(STATUS, has_text="Connecting… The server answered 503").wait_for()
    page.evaluate("document.cookie = 'is=up; max-age=60'")
    page.get_by_text("here").wait_for()
    page.locator(STATUS).wait_for(state="hidden")


@pytest.mark.parametrize("init", ["", NO_SOCKETS], ids=["websocket", "http"])
def test_a_page_whose_login_has_expired_says_so_and_goes_on_after_another(
    nginx_port: int, init: str, open_page: Open
) -> None:
    with closing(Proxy(nginx_port)) as proxy:
        page = open_page(f"http://app.localhost:{proxy.port}/out/", init=init, ignore="ailed|sign-in")
        page.get_by_text("here").wait_for()
        page.evaluate("document.cookie = 'is=out; max-age=60'")
        proxy.cut()
        page.locator(STATUS, has_text="redirects this page").wait_for()
        page.evaluate("document.cookie = 'is=in; max-age=60'; dispatchEvent(new Event('online'))")
        page.get_by_role("button", name="go").click()
        page.get_by_text("pressed go").wait_for()

"""What else apps do in a browser, on every backend; at length by both protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.server.proxy import Proxy
from tests.server.window import NO_SOCKETS, STATUS

from .backends import BACKENDS, SERVERS
from .test_documentation import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.server.window import Open

    from .conftest import Start
    from .process import ServerProcess

# What a page speaks where sockets fail is shown on the backends that have none.
SPOKEN = [
    pytest.param((name, each), id=f"{name}-{each}", marks=[pytest.mark.at_length] if number else [])
    for name, server in SERVERS.items()
    for number, each in enumerate(BACKENDS[server.backend].protocols)
]


class Visited:
    """A server, and what its pages are to speak.

    Attributes
    ----------
    init : str
        For `Open`.
    """

    def __init__(self, server: ServerProcess, protocol: str, open_page: Open) -> None:
        self.server, self.protocol, self._open = server, protocol, open_page
        self.init = NO_SOCKETS if protocol == "http" else ""

    def open(self, app: str) -> Page:
        return self._open(f"{self.server.url}?app={app}", init=self.init)


@pytest.fixture(params=SPOKEN)
def visited(request: pytest.FixtureRequest, started: Start, open_page: Open) -> Visited:
    """Return each backend's server, once for each protocol."""
    name, protocol = request.param
    return Visited(started(SERVERS[name]), protocol, open_page)


def test_the_request_is_the_framework_s_own(visited: Visited, open_page: Open) -> None:
    page = open_page("about:blank", init=visited.init)
    page.context.add_cookies([{"name": "tests", "value": "crumb", "url": visited.server.url}])
    page.goto(f"{visited.server.url}?app=more_info")
    told = shown(page)
    expected = {
        "request": BACKENDS[visited.server.backend].requests[visited.protocol],
        "headers": page.evaluate("navigator.userAgent"),
        "cookies": "crumb",
        "os": "Linux",
        "mobile": False,
        "frontend": "page",
        "timezone": page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone"),
    }
    assert "Chrom" in told.pop("browser")
    assert told == expected


def test_a_coroutine_app_awaits_plainly(visited: Visited) -> None:
    page = visited.open("coroutine")
    for text in ("gathered [1, 2]", "beside 3", "saved"):
        page.get_by_text(text, exact=True).wait_for()
    page.get_by_role("button", name="go").click()
    page.get_by_text("pressed go").wait_for()


def test_threads_of_an_app_are_registered(visited: Visited) -> None:
    visited.open("thread").get_by_text("from a thread 2").wait_for()


def test_a_chain_of_values_comes_in_order(visited: Visited) -> None:
    visited.open("chain").get_by_text(str(list(range(1, 51)))).wait_for()


def test_a_file_comes_piece_by_piece(visited: Visited, open_page: Open) -> None:
    page = open_page("about:blank", init=visited.init)
    with page.expect_download() as saved:
        page.goto(f"{visited.server.url}?app=large_file")
    content = saved.value.path().read_bytes()
    assert content == b"".join(bytes([number]) * 2**20 for number in range(20))
    page.get_by_text("sent").wait_for()


def test_a_page_that_is_closed_closes_its_session(visited: Visited) -> None:
    page = visited.open("lasting")
    page.get_by_text("here").wait_for()
    page.close(run_before_unload=True)
    visited.server.wait_for("lasting has closed")


@pytest.fixture
def proxy(visited: Visited) -> Iterator[Proxy]:
    made = Proxy(visited.server.port)
    yield made
    made.close()


def test_a_lost_connection_is_made_again(visited: Visited, proxy: Proxy, open_page: Open) -> None:
    page = open_page(
        f"http://127.0.0.1:{proxy.port}/?app=lasting", init=visited.init, ignore="ailed"
    )  # to connect
    page.get_by_text("here").wait_for()
    proxy.passes = False
    proxy.cut()
    page.locator(STATUS, has_text="Reconnecting").wait_for()
    page.get_by_role("button", name="go").click()
    proxy.passes = True
    page.get_by_text("pressed go").wait_for()
    page.locator(STATUS).wait_for(state="hidden")


def test_two_windows_have_sessions_of_their_own(server: ServerProcess, open_page: Open) -> None:
    first, second = (open_page(f"{server.url}?app=by local") for _ in range(2))
    first.bring_to_front()
    first.get_by_role("button", name="Add counter").click()
    for page, count in ((first, "1"), (second, "0")):
        page.bring_to_front()
        page.get_by_role("button", name="Show counter").click()
        page.get_by_text(count, exact=True).wait_for()


def test_without_a_name_the_index_is_shown(server: ServerProcess, open_page: Open) -> None:
    open_page(server.url).get_by_text("this is the index").wait_for()


def test_an_app_that_is_not_there_is_not_found(server: ServerProcess, open_page: Open) -> None:
    page = open_page("about:blank", ignore="404")
    response = page.goto(f"{server.url}?app=nothing")
    assert response is not None
    assert response.status == 404


@pytest.mark.parametrize("app", ["functions", "coroutine_functions"])
def test_javascript_calls_functions_of_python(visited: Visited, app: str) -> None:
    visited.open(app).get_by_text("squares: [1, 4, 9, 16]").wait_for()


def test_functions_take_and_return_bytes(visited: Visited) -> None:
    visited.open("functions").get_by_text(r"bytes: b'\x01\x023'").wait_for()

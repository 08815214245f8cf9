"""Apps under a prefix of somebody's own application."""

from __future__ import annotations

import asyncio
import contextlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from nbsession._server.wire.envelope import LARGEST, pack
from nbsession.platform.starlette import asgi_app
from tests.server.visitor import RefusedError, Socket, get
from tests.server.window import NO_SOCKETS

from .apps import APPS
from .backends import BACKENDS, MOUNTED, PREFIX
from .mounted import OWN, PROXIED

if TYPE_CHECKING:
    from tests.server.window import Open

    from .conftest import Start
    from .process import ServerProcess


with_sockets = pytest.mark.parametrize(
    "mounted",
    [name for name in MOUNTED if "websocket" in BACKENDS[MOUNTED[name].backend].requests],
    indirect=True,
)


def _path(mounted: ServerProcess) -> str:
    """Return the page's path: with a slash, where it is a mount."""
    return urlsplit(get(mounted.port, PREFIX)[0].getheader("Location") or PREFIX).path


def test_both_have_their_pages(mounted: ServerProcess, open_page: Open) -> None:
    assert OWN in get(mounted.port)[1].decode()
    open_page(f"{mounted.url[:-1]}{PREFIX}?app=chain").get_by_text(str(list(range(1, 51)))).wait_for()


def test_both_protocols_come_through(mounted: ServerProcess, open_page: Open) -> None:
    page = open_page(f"{mounted.url[:-1]}{PREFIX}?app=chain", init=NO_SOCKETS)
    page.get_by_text(str(list(range(1, 51)))).wait_for()


@with_sockets
def test_a_message_that_is_too_large_ends_its_socket_whatever_the_application_allows(
    mounted: ServerProcess,
) -> None:
    hello = {"version": "1.0", "page": "p" * 32, "context": "c" * 32, "more": "x" * LARGEST}
    with contextlib.closing(Socket(mounted.port, path=_path(mounted))) as visitor:
        with contextlib.suppress(OSError):  # it need not be read to its end
            visitor.send(pack({"hello": hello}, ()))
        assert visitor.receive() is None


@pytest.mark.parametrize("headers", [{}, {"X_Forwarded_For": "203.0.113.7"}], ids=["plain", "as a proxy"])
def test_a_foreign_name_is_refused_to_this_machine(mounted: ServerProcess, headers: dict[str, str]) -> None:
    """A page of another site can have its name resolve to this machine, and send any header but ``Host``."""
    response, body = get(mounted.port, _path(mounted), "GET", None, Host="tool.example", **headers)
    assert response.status == 403
    for remedy in (b"trust_xheaders=True", b"allowed_hosts=['tool.example']"):
        assert remedy in body


@with_sockets
def test_a_foreign_name_opens_no_socket_on_this_machine(mounted: ServerProcess) -> None:
    with pytest.raises(RefusedError) as refused:
        Socket(
            mounted.port,
            path=_path(mounted),
            headers={"Host": "tool.example", "Origin": "http://tool.example"},
        )
    assert refused.value.status == 403


@pytest.mark.parametrize("path", PROXIED)
def test_a_proxy_on_this_machine_passes_its_name_on_where_it_is_expected(
    mounted: ServerProcess, path: str
) -> None:
    assert get(mounted.port, path, Host="tool.example")[0].status == 200


@pytest.mark.parametrize(
    "client", [("testclient", 50000), ("127.0.0.1", 123)], ids=["starlette's", "httpx's"]
)
def test_a_client_of_tests_goes_by_any_name(client: tuple[str, int]) -> None:
    """There is no socket, and so no browser."""
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "root_path": ""}
    scope |= {"scheme": "http", "headers": [(b"host", b"test")], "server": ("test", None), "client": client}
    statuses: list[int] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        statuses.append(message.get("status", 0))

    with ThreadPoolExecutor(1) as pool:  # in the main thread playwright keeps an event loop running
        pool.submit(asyncio.run, asgi_app(APPS)(scope, receive, send)).result()
    assert statuses[0] == 200


def test_files_come_from_there_and_apps_lead_there(mounted: ServerProcess, open_page: Open) -> None:
    page = open_page(f"{mounted.url[:-1]}{PREFIX}?app=download")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Click to download").click()
    assert saved.value.path().read_bytes() == b"hello world!"
    page.goto(f"{mounted.url[:-1]}{PREFIX}?app=go")
    page.get_by_role("button", name="here").click()
    page.get_by_text("this is two").wait_for()


def test_a_coroutine_app_runs_there(mounted: ServerProcess, open_page: Open) -> None:
    page = open_page(f"{mounted.url[:-1]}{PREFIX}?app=coroutine")
    page.get_by_text("saved").wait_for()


@pytest.fixture
def fastapi(started: Start) -> ServerProcess:
    return started(MOUNTED["fastapi on uvicorn"])


def test_the_docs_of_fastapi_list_what_is_its_own(fastapi: ServerProcess) -> None:
    assert list(_schema(fastapi)["paths"]) == ["/"]
    response, body = get(fastapi.port, "/docs")
    assert response.status == 200
    assert b"swagger" in body


def _schema(server: ServerProcess) -> Any:
    return json.loads(get(server.port, "/openapi.json")[1])


def test_routes_of_ours_stand_beside_those_of_fastapi(fastapi: ServerProcess, open_page: Open) -> None:
    open_page(f"{fastapi.url}routed?app=chain").get_by_text(str(list(range(1, 51)))).wait_for()
    assert get(fastapi.port, "/elsewhere")[0].status == 404

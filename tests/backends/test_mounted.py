"""Apps under a prefix of somebody's own application."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from nbsession.platform.server.envelope import LARGEST, pack
from tests.server.visitor import Socket, get
from tests.server.window import NO_SOCKETS

from .backends import BACKENDS, MOUNTED, PREFIX
from .mounted import OWN

if TYPE_CHECKING:
    from tests.server.window import Open

    from .conftest import Start
    from .process import ServerProcess


def test_both_have_their_pages(mounted: ServerProcess, open_page: Open) -> None:
    assert OWN in get(mounted.port)[1].decode()
    open_page(f"{mounted.url[:-1]}{PREFIX}?app=chain").get_by_text(str(list(range(1, 51)))).wait_for()


def test_both_protocols_come_through(mounted: ServerProcess, open_page: Open) -> None:
    page = open_page(f"{mounted.url[:-1]}{PREFIX}?app=chain", init=NO_SOCKETS)
    page.get_by_text(str(list(range(1, 51)))).wait_for()


@pytest.mark.parametrize(
    "mounted",
    [name for name in MOUNTED if "websocket" in BACKENDS[MOUNTED[name].backend].requests],
    indirect=True,
)
def test_a_message_that_is_too_large_ends_its_socket_whatever_the_application_allows(
    mounted: ServerProcess,
) -> None:
    hello = {"version": "1.0", "page": "p" * 32, "context": "c" * 32, "more": "x" * LARGEST}
    path = get(mounted.port, PREFIX)[0].getheader("Location") or PREFIX  # with a slash, where it is a mount
    with contextlib.closing(Socket(mounted.port, path=urlsplit(path).path)) as visitor:
        with contextlib.suppress(OSError):  # it need not be read to its end
            visitor.send(pack({"hello": hello}, ()))
        assert visitor.receive() is None


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

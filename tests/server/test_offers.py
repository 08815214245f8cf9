"""Files that a page is offered and does not fetch: what they keep of the server is bounded."""

from __future__ import annotations

import asyncio
from queue import Queue
from typing import TYPE_CHECKING

import pytest

from nbsession import download, hold
from nbsession._core import callbacks
from nbsession.exceptions import BacklogFullError, SessionClosedException
from nbsession.output import put_button, put_file, put_text
from nbsession.session import _offers

from .test_download import fetch, offered
from .visitor import TIMEOUT

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Serve, Visit

MB = 2**20


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_offers, "BACKLOG_LIMIT", 2 * MB)
    monkeypatch.setattr(callbacks, "_MOST_CALLS", 100)


async def _hold() -> None:
    await asyncio.Event().wait()


@pytest.mark.usefixtures("small")
def test_a_function_waits_until_its_files_are_fetched(serve: Serve, visit: Visit) -> None:
    calls: list[int] = []

    def app() -> None:
        put_button("how many?", lambda: put_text(len(calls)))
        for number in range(4):
            download(f"{number}", bytes([number]) * MB)
            calls.append(number)
        hold()

    visitor = visit(serve(app))
    offered(visitor, 1)
    visitor.call(visitor.outputs[0]["callback"], 0)
    visitor.wait_for(lambda: any(text.isdigit() for text in visitor.texts))
    assert max(int(text) for text in visitor.texts if text.isdigit()) <= 2
    for number in range(4):
        assert fetch(visitor, number)[1] == bytes([number]) * MB


@pytest.mark.usefixtures("small")
def test_a_function_that_waits_for_that_learns_that_the_page_has_left(serve: Serve, visit: Visit) -> None:
    learnt: Queue[BaseException] = Queue()

    def app() -> None:
        try:
            for number in range(6):
                download("a", bytes([number]) * MB)
        except SessionClosedException as error:
            learnt.put(error)

    visitor = visit(serve(app, reconnect_timeout=0))
    offered(visitor, 1)
    visitor.leave()
    learnt.get(timeout=TIMEOUT)


@pytest.mark.usefixtures("small")
def test_one_content_counts_once_however_often_it_is_offered(serve: Serve, visit: Visit) -> None:
    content = bytes(2 * MB - 20 * 64 * 1024)

    def app() -> None:
        for _ in range(20):
            download("a", content)
        hold()

    offered(visit(serve(app)), 19)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kind", ["bytes", "path"])
def test_a_coroutine_is_told_that_too_much_waits(
    serve: Serve, visit: Visit, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(MB))

    async def app() -> None:
        try:
            for number in range(10):
                download("a", file if kind == "path" else bytes([number]) * MB)
        except BacklogFullError as error:
            put_text(str(error))
        await _hold()

    visitor = visit(serve(app))
    visitor.wait_for(lambda: any("wait for the page to fetch them" in text for text in visitor.texts))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kind", ["function", "coroutine"])
def test_a_page_that_asks_for_files_and_fetches_none_is_closed(serve: Serve, visit: Visit, kind: str) -> None:
    def function() -> None:
        put_file("a.bin", b"content")
        hold()

    async def coroutine() -> None:
        put_file("a.bin", b"content")
        await _hold()

    visitor = visit(serve(function if kind == "function" else coroutine))
    visitor.wait_for(lambda: visitor.outputs)
    for _ in range(200):
        visitor.call(visitor.outputs[0]["callback"], None)
    visitor.wait_for(lambda: visitor.ended)
    assert "closed by the server" in (visitor.ended or "")


@pytest.mark.usefixtures("small")
def test_a_coroutine_app_s_file_is_read_beside_its_loop(serve: Serve, visit: Visit, tmp_path: Path) -> None:
    """It is not fetched meanwhile: the loop that would wait for that serves all visitors."""
    file = tmp_path / "file"
    file.write_bytes(bytes(10 * MB))

    async def app() -> None:
        put_file("a.bin", file)
        await _hold()

    server = serve({"file": app, "other": lambda: put_text("here")})
    visitor = visit(server, "&app=file")
    visitor.wait_for(lambda: visitor.outputs)
    visitor.call(visitor.outputs[0]["callback"], None)
    offered(visitor)
    other = visit(server, "&app=other")
    other.wait_for(lambda: other.texts == ["here"])
    assert fetch(visitor)[1] == bytes(10 * MB)

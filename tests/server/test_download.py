"""Downloads from served pages: the browser fetches them by HTTP, each from an address that is good once."""

from __future__ import annotations

import asyncio
import io
import os
import re
import threading
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from nbsession import download, eval_js, hold
from nbsession._server.files import transfers
from nbsession.exceptions import SessionClosedException, SessionException
from nbsession.output import put_text

from .script import Script
from .visitor import TIMEOUT, Visitor, get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .conftest import Serve, Visit

MB = 2**20
CONTENT = bytes(range(256)) * (5 * MB // 256) + b"the end"


def offered(visitor: Visitor, number: int = 0) -> dict[str, Any]:
    """Wait for a download and return its description."""

    def downloads() -> list[dict[str, Any]]:
        return [about for about in visitor.opened if about["kind"] == "download"]

    visitor.wait_for(lambda: len(downloads()) > number)
    return downloads()[number]


def fetch(visitor: Visitor, number: int = 0) -> tuple[HTTPResponse, bytes]:
    """Do as a browser does that is told to fetch a download."""
    return get(visitor.port, "/" + offered(visitor, number)["url"], "GET", None, **(visitor.headers or {}))


class Fetching:
    """A download that is fetched little by little."""

    def __init__(self, visitor: Visitor) -> None:
        self.connection = HTTPConnection("127.0.0.1", visitor.port, timeout=TIMEOUT)
        self.connection.request("GET", "/" + offered(visitor)["url"])
        self.response = self.connection.getresponse()

    def read(self, size: int) -> bytes:
        return self.response.read(size)

    def close(self) -> None:
        self.response.close()
        self.connection.close()


def outcome(wait: Callable[[], object]) -> str:
    """Return what a wait comes to."""
    try:
        wait()
    except SessionException as error:
        return f"{type(error).__name__}: {error}"
    return "done"


# -- what arrives --------------------------------------------------------------------------------


def _path(folder: Path) -> Path:
    file = folder / "content.bin"
    file.write_bytes(CONTENT)
    return file


def _iterator(folder: Path) -> Iterator[bytes]:
    return (CONTENT[start : start + 10_000] for start in range(0, len(CONTENT), 10_000))


@pytest.mark.parametrize("protocol", ["websocket", "http"])
@pytest.mark.parametrize(
    ("make", "expected", "size"),
    [
        (lambda _: CONTENT, CONTENT, len(CONTENT)),
        (lambda _: bytearray(CONTENT), CONTENT, len(CONTENT)),
        (_path, CONTENT, len(CONTENT)),
        (lambda folder: _path(folder).open("rb"), CONTENT, None),
        (lambda _: io.BytesIO(CONTENT), CONTENT, None),
        (_iterator, CONTENT, None),
        (lambda _: b"", b"", 0),
        (lambda _: iter(()), b"", None),
    ],
    ids=["bytes", "bytearray", "path", "file", "stream", "iterator", "empty", "empty iterator"],
)
def test_a_file_arrives_byte_for_byte(  # noqa: PLR0917 -- pytest names them
    serve: Serve, visit: Visit, tmp_path: Path, make: Any, expected: bytes, size: int | None, protocol: str
) -> None:
    content = make(tmp_path)
    visitor = visit(serve(lambda: download("file.bin", content).wait()), protocol=protocol)
    response, body = fetch(visitor)
    assert response.status == 200
    if size is not None:
        assert response.getheader("Content-Length") == str(size)
    assert body == expected
    visitor.wait_for(lambda: visitor.closed)
    getattr(content, "close", lambda: None)()


def test_text_is_sent_as_utf8(serve: Serve, visit: Visit) -> None:
    response, body = fetch(visit(serve(lambda: download("a.txt", "schön"))))
    assert body.decode() == "schön"
    assert response.getheader("Content-Type") == "text/plain"


def test_what_is_changed_after_the_call_is_sent_as_it_was(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        content = bytearray(b"before")
        kept = download("a.bin", content)
        content[:] = b"after!"
        kept.wait()

    assert fetch(visit(serve(app)))[1] == b"before"


def test_a_coroutine_awaits_its_download(serve: Serve, visit: Visit, tmp_path: Path) -> None:
    file = _path(tmp_path)

    async def app() -> None:
        await download("a.bin", file)
        put_text("done")
        await asyncio.Event().wait()

    visitor = visit(serve(app))
    assert fetch(visitor)[1] == CONTENT
    visitor.wait_for(lambda: visitor.texts[-1:] == ["done"])


def test_two_downloads_and_values_at_once(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        files = [download(name, CONTENT + name.encode()) for name in ("a", "b")]
        put_text(f"value {eval_js('1')}")
        for file in files:
            file.wait()

    visitor = visit(serve(app))
    first = Fetching(visitor)
    started = first.read(10)
    assert fetch(visitor, 1)[1] == CONTENT + b"b"
    visitor.wait_for(lambda: "value 1" in visitor.texts)
    assert started + first.response.read() == CONTENT + b"a"
    first.close()


def test_a_large_file_takes_no_more_memory_than_its_content(serve: Serve, visit: Visit) -> None:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("the system does not say how much memory is used")

    def used() -> int:
        return int(re.findall(r"VmRSS:\s+(\d+)", status.read_text())[0]) * 1024

    content = bytes(64 * MB)
    visitor = visit(serve(lambda: download("large.bin", content).wait()))
    offered(visitor)
    before, most, size = used(), 0, 0
    fetching = Fetching(visitor)
    while piece := fetching.read(MB):
        size += len(piece)
        most = max(most, used())
    assert size == len(content)
    assert most - before < 12 * MB
    fetching.close()


def test_a_reader_that_takes_nothing_holds_the_iterator_back(serve: Serve, visit: Visit) -> None:
    read: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(200):
            read.append(number)
            yield bytes(MB)

    visitor = visit(serve(lambda: download("slow.bin", pieces())))
    fetching = Fetching(visitor)
    visitor.wait_for(lambda: len(read) >= 5)
    fetching.read(1)
    assert len(read) < 30
    assert len(fetching.response.read()) == 200 * MB - 1
    fetching.close()


# -- what the program learns ---------------------------------------------------------------------


def test_a_download_is_done_when_the_last_byte_has_gone(serve: Serve, visit: Visit) -> None:
    states: list[bool] = []

    def app() -> None:
        file = download("a.bin", b"content")
        states.append(file.done)
        file.wait(TIMEOUT)
        states.append(file.done)

    visitor = visit(serve(app))
    fetch(visitor)
    visitor.wait_for(lambda: len(states) > 1)
    assert states == [False, True]


def test_an_iterator_that_raises_breaks_the_connection(serve: Serve, visit: Visit) -> None:
    begun = threading.Event()
    raised: list[BaseException] = []

    def pieces() -> Iterator[bytes]:
        yield bytes(2 * MB)
        begun.wait(TIMEOUT)
        raise ZeroDivisionError

    def app() -> None:
        try:
            download("a.bin", pieces())
        except ZeroDivisionError as error:
            raised.append(error)

    visitor = visit(serve(app))
    fetching = Fetching(visitor)
    fetching.read(10)
    begun.set()
    with pytest.raises((IncompleteRead, ConnectionError)):
        fetching.response.read()
    visitor.wait_for(lambda: visitor.closed)
    assert raised
    fetching.close()


def test_a_reader_that_goes_away_fails_the_download(serve: Serve, visit: Visit) -> None:
    ends: list[str] = []

    def app() -> None:
        file = download("a.bin", bytes(64 * MB))
        ends.append(outcome(file.wait))

    visitor = visit(serve(app))
    fetching = Fetching(visitor)
    fetching.read(10)
    fetching.close()
    visitor.wait_for(lambda: ends)
    assert ends == ["SessionException: the connection was lost while 'a.bin' was being sent"]


def test_a_file_that_has_become_shorter_fails(serve: Serve, visit: Visit, tmp_path: Path) -> None:
    ends: list[str] = []
    file = tmp_path / "log"
    file.write_bytes(bytes(10 * MB))

    def app() -> None:
        ends.append(outcome(lambda: download("log", file).wait()))

    visitor = visit(serve(app))
    offered(visitor)
    os.truncate(file, 7 * MB)
    with pytest.raises((IncompleteRead, ConnectionError)):
        fetch(visitor)
    visitor.wait_for(lambda: ends)
    assert ends == ["SessionException: 'log' lost 3,145,728 bytes while it was read"]


def test_a_file_that_grows_is_sent_as_long_as_it_was(serve: Serve, visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(bytes(10 * MB))
    visitor = visit(serve(lambda: download("log", file).wait()))
    offered(visitor)
    with file.open("ab") as more:
        more.write(bytes(20 * MB))
    assert len(fetch(visitor)[1]) == 10 * MB
    visitor.wait_for(lambda: visitor.closed)


def test_a_file_that_the_browser_does_not_fetch_fails(
    serve: Serve, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "_FETCH_WITHIN", 0.05)
    ends: list[str] = []

    def app() -> None:
        ends.append(outcome(download("a.bin", b"content").wait))

    visitor = visit(serve(app))
    offered(visitor)
    visitor.say_on_last_channel(["clicked"])
    visitor.wait_for(lambda: ends)
    assert "did not fetch 'a.bin'" in ends[0]
    assert fetch(visitor)[0].status == 404


def test_what_the_page_cannot_fetch_fails(serve: Serve, visit: Visit) -> None:
    ends: list[str] = []

    def app() -> None:
        ends.append(outcome(download("a.bin", b"content").wait))

    visitor = visit(serve(app))
    offered(visitor)
    visitor.say_on_last_channel(["failed", "no downloads here"])
    visitor.wait_for(lambda: ends)
    assert "no downloads here" in ends[0]


def test_a_page_cannot_say_that_a_file_was_saved(serve: Serve, visit: Visit) -> None:
    visitor = visit(serve(lambda: download("a.bin", b"content").wait()))
    offered(visitor)
    visitor.say_on_last_channel(["saved", 7])
    assert fetch(visitor)[1] == b"content"


# -- whose file it is ----------------------------------------------------------------------------


def test_an_address_is_good_once(serve: Serve, visit: Visit) -> None:
    visitor = visit(serve(lambda: (download("a.bin", b"content"), hold())))
    assert fetch(visitor)[1] == b"content"
    response, body = fetch(visitor)
    assert response.status == 404
    assert b"content" not in body


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT"])
def test_only_get_uses_the_address_up(serve: Serve, visit: Visit, method: str) -> None:
    visitor = visit(serve(lambda: download("a.bin", b"content").wait()))
    response, _ = get(visitor.port, "/" + offered(visitor)["url"], method)
    assert response.status == 405
    assert fetch(visitor)[1] == b"content"


def test_an_address_of_another_server_is_of_no_use(serve: Serve, visit: Visit) -> None:
    visitor = visit(serve(lambda: download("a.bin", b"content").wait()))
    other = serve(lambda: None)
    assert get(other.port, "/" + offered(visitor)["url"])[0].status == 404
    assert fetch(visitor)[1] == b"content"


def test_a_scripts_file_is_for_the_browser_that_has_its_page(tmp_path: Path) -> None:
    script = Script('from nbsession import download; download("a.bin", b"content")', tmp_path)
    try:
        visitor = script.visit()
        response, _ = get(visitor.port, "/" + offered(visitor)["url"])
        assert response.status == 403
        assert fetch(visitor)[1] == b"content"
        script.wait()
        assert script.process.returncode == 0
    finally:
        script.end()


def test_addresses_cannot_be_guessed(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        for name in ("a", "b"):
            download(name, b"content")
        hold()

    visitor = visit(serve(app))
    tokens = {offered(visitor, number)["url"].rpartition("=")[2] for number in (0, 1)}
    assert len(tokens) == 2
    assert all(len(token) >= 43 for token in tokens)  # 256 bits


def test_closing_the_session_ends_its_downloads(serve: Serve, visit: Visit) -> None:
    ends: list[str] = []

    def app() -> None:
        ends.append(outcome(download("a.bin", bytes(64 * MB)).wait))

    visitor = visit(serve(app))
    fetching = Fetching(visitor)
    fetching.read(10)
    visitor.leave()
    with pytest.raises((IncompleteRead, ConnectionError)):
        fetching.response.read()
    fetching.close()
    visitor.wait_for(lambda: ends)
    assert ends[0].startswith(SessionClosedException.__name__)


def test_a_closed_session_has_no_file_to_fetch(serve: Serve, visit: Visit) -> None:
    server = serve(lambda: (download("a.bin", b"content"), hold()))
    visitor = visit(server)
    url = offered(visitor)["url"]
    visitor.leave()
    visitor.wait_gone()
    assert get(server.port, "/" + url)[0].status == 404


@pytest.mark.parametrize(
    "name",
    ['a"b; filename="evil.exe', "a\r\nSet-Cookie: x=1", "übung 100%.csv", "../../etc/passwd", "文.txt"],
)
def test_a_name_stays_a_name(serve: Serve, visit: Visit, name: str) -> None:
    visitor = visit(serve(lambda: download(name, b"content")))
    response, _ = fetch(visitor)
    sent = response.getheader("Content-Disposition") or ""
    plain, encoded = re.fullmatch(
        r"attachment; filename=\"([^\"]*)\"; filename\*=UTF-8''(\S+)", sent
    ).groups()  # type: ignore[union-attr]
    assert unquote(encoded) == offered(visitor)["name"]
    assert not set(plain) & set('"\\/%\r\n')
    assert response.getheader("Set-Cookie") is None


def test_a_file_is_never_shown_as_a_page(serve: Serve, visit: Visit) -> None:
    response, _ = fetch(visit(serve(lambda: download("a.html", "<script>alert(1)</script>"))))
    assert (response.getheader("Content-Disposition") or "").startswith("attachment")
    assert response.getheader("X-Content-Type-Options") == "nosniff"
    assert response.getheader("Cache-Control") == "no-store"

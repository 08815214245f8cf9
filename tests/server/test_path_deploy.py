"""A folder of apps on a server: each at its path, over both protocols, and nothing else."""

from __future__ import annotations

import logging
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from nbsession.platform import path_deploy, path_deploy_http

from .conftest import serving, visiting
from .visitor import TIMEOUT, RefusedError, Socket, get

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Serve, Visit
    from .window import Open

APP = """
from nbsession import hold
from nbsession.output import put_text

def main():
    '''{title}

    About it.
    '''
    put_text("{text}")
    hold()
"""


STARTED, GATE = threading.Event(), threading.Event()
"""A file has begun to be loaded; it may go on."""


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr("sys.path", [*sys.path])
    former = set(sys.modules)
    base = tmp_path / "apps"
    (base / "A" / "empty").mkdir(parents=True)
    (base / "b.py").write_text(APP.format(title="The <b> app", text="of b"))
    (base / "A" / "c.py").write_text(APP.format(title="", text="of A/c"))
    (base / "script.py").write_text("raise AssertionError('it is no app')")
    (base / "bad.py").write_text("def main(): ...\n\n\n1 / 0\n")
    (base / "_hidden.py").write_text(APP.format(title="", text="hidden"))
    (tmp_path / "secret.py").write_text(APP.format(title="", text="secret"))
    yield base
    for name in set(sys.modules) - former:
        if name.startswith("nbsession_apps/"):
            del sys.modules[name]


@pytest.fixture(params=[(path_deploy, "websocket"), (path_deploy_http, "http")], ids=["websocket", "http"])
def protocol(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def serve(protocol: Any) -> Iterator[Serve]:
    with serving(protocol[0]) as serve:
        yield serve


@pytest.fixture
def visit(protocol: Any) -> Iterator[Visit]:
    with visiting(protocol[1]) as visit:
        yield visit


@pytest.mark.parametrize(("path", "text"), [("/b", "of b"), ("/A/c", "of A/c"), ("/b/", "of b")])
def test_an_app_runs_at_its_path(serve: Serve, visit: Visit, base: Path, path: str, text: str) -> None:
    server = serve(base)
    assert get(server.port, path)[0].status == 200
    visitor = visit(server, path=path)
    visitor.wait_for(lambda: visitor.texts)
    assert visitor.texts == [text]


def test_a_page_that_returns_to_a_new_server_gets_its_app(serve: Serve, visit: Visit, base: Path) -> None:
    visitor = visit(serve(base), path="/A/c")  # no request for the document has loaded it
    visitor.wait_for(lambda: visitor.texts)
    assert visitor.texts == ["of A/c"]


def test_a_page_uses_the_protocol_of_the_function(serve: Serve, protocol: Any, base: Path) -> None:
    assert f'data-nbsession-protocol="{protocol[1]}"'.encode() in get(serve(base).port, "/b")[1]


def test_search_engines_are_told_of_an_app(serve: Serve, base: Path) -> None:
    body = get(serve(base).port, "/b")[1]
    assert b"<title>The &lt;b&gt; app</title>" in body
    assert b'<meta name="description" content="About it.">' in body


def test_an_app_without_a_title_has_the_name_of_its_file(serve: Serve, base: Path) -> None:
    (base / "A" / "plain.py").write_text("def main(): ...")
    assert b"<title>plain</title>" in get(serve(base).port, "/A/plain")[1]


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/script",
        "/b.py",
        "/_hidden",
        "/%5fhidden",
        "/../secret",
        "/A/../b",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/A%2fc",
        "/link",
        "/out/secret",
        "/b%00",
        "/%ff",
        "/favicon.ico",
        "/static/b.py",
    ],
)
def test_what_is_no_app_is_not_found(serve: Serve, base: Path, path: str) -> None:
    (base / "link.py").symlink_to(base.parent / "secret.py")
    (base / "out").symlink_to(base.parent)
    port = serve(base).port
    answers = [get(port, path + query) for query in ("", "?reload", "?nbsession=manifest")]
    told = {(response.status, body) for response, body in answers}
    assert told == {(404, b"There is no app at this address.\n")}


def test_a_socket_is_refused_where_there_is_no_app(base: Path) -> None:
    with serving(path_deploy) as serve, pytest.raises(RefusedError, match="404"):
        Socket(serve(base).port, path="/_hidden")


def test_a_folder_shows_its_apps(serve: Serve, base: Path) -> None:
    response, body = get(serve(base).port, "/")
    shown = body.decode()
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<li><a href="./A/">A/</a></li>' in shown
    assert '<li><a href="./b">b</a><span>The &lt;b&gt; app</span></li>' in shown
    assert "script" not in shown
    assert "_hidden" not in shown
    assert '<a href="../">' not in shown
    assert '<a href="../">' in get(serve(base).port, "/A/")[1].decode()


def test_names_in_a_list_are_text(serve: Serve, base: Path) -> None:
    (base / "<img src=x>:&.py").write_text(APP.format(title="", text="odd"))
    port = serve(base).port
    body = get(port, "/")[1]
    assert b'<a href="./%3Cimg%20src%3Dx%3E%3A%26">&lt;img src=x&gt;:&amp;</a>' in body
    assert get(port, "/%3Cimg%20src%3Dx%3E%3A%26")[0].status == 200


def test_a_folder_without_a_slash_leads_to_the_one_with_it(serve: Serve, base: Path) -> None:
    response, _ = get(serve(base).port, "/A?x=1%262")
    assert (response.status, response.headers["Location"]) == (302, "./A/?x=1%262")


def test_an_app_is_preferred_to_a_folder_of_its_name(serve: Serve, base: Path) -> None:
    (base / "A.py").write_text(APP.format(title="app A", text=""))
    port = serve(base).port
    assert b"<title>app A</title>" in get(port, "/A")[1]
    assert b"app A" not in get(port, "/A/empty")[1]


def test_a_folder_may_have_an_app_of_its_own(serve: Serve, visit: Visit, base: Path) -> None:
    (base / "index.py").write_text(APP.format(title="", text="of the folder"))
    visitor = visit(serve(base), path="/")
    visitor.wait_for(lambda: visitor.texts)
    assert visitor.texts == ["of the folder"]


def test_a_list_can_be_left_out(serve: Serve, base: Path) -> None:
    assert get(serve(base, index=False).port, "/A/")[0].status == 403


def test_a_list_can_be_one_s_own(serve: Serve, base: Path) -> None:
    server = serve(base, index=lambda path: f"<p>{os.path.relpath(path, base)}")
    response, body = get(server.port, "/A/empty/")
    assert (response.status, body) == (200, b"<p>A/empty")
    assert "'unsafe-inline'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("options", [{}, {"debug": True, "host": ""}], ids=["this machine", "debug"])
def test_a_developer_sees_why_a_file_cannot_be_loaded(
    serve: Serve, base: Path, options: dict[str, Any]
) -> None:
    response, body = get(serve(base, **options).port, "/bad")
    assert response.status == 500
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert b'bad.py", line 4, in <module>' in body
    assert b"nbsession/_server" not in body


def test_others_see_only_that_a_file_cannot_be_loaded(
    serve: Serve, base: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "nbsession"):
        response, body = get(serve(base, host="").port, "/bad")
    assert (response.status, body) == (500, b"An internal error occurred in the application.\n")
    assert caplog.records[0].exc_info is not None


def test_a_changed_file_is_loaded_again_by_reload(serve: Serve, visit: Visit, base: Path) -> None:
    server = serve(base)
    get(server.port, "/b")
    (base / "b.py").write_text(APP.format(title="new", text="new"))
    assert b"<title>new" not in get(server.port, "/b")[1]
    assert b"<title>new" in get(server.port, "/b?reload")[1]
    visitor = visit(server, path="/b")
    visitor.wait_for(lambda: visitor.texts)
    assert visitor.texts == ["new"]


def test_a_removed_file_is_no_app_any_more(serve: Serve, base: Path) -> None:
    port = serve(base).port
    assert get(port, "/b")[0].status == 200
    (base / "b.py").unlink()
    assert get(port, "/b")[0].status == 404


def test_visitors_of_other_apps_do_not_wait_while_a_file_is_loaded(serve: Serve, base: Path) -> None:
    STARTED.clear()
    GATE.clear()
    code = f"from {__name__} import GATE, STARTED\nSTARTED.set()\nGATE.wait({TIMEOUT})\ndef main(): ..."
    (base / "slow.py").write_text(code)
    port = serve(base).port
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(get, port, "/slow") for _ in range(20)]
        try:
            assert STARTED.wait(TIMEOUT)
            assert get(port, "/b")[0].status == 200
            assert not any(each.done() for each in waiting)
        finally:
            GATE.set()
    assert {each.result()[0].status for each in waiting} == {200}


def test_a_foreign_name_loads_nothing(serve: Serve, base: Path) -> None:
    (base / "b.py").write_text("import pathlib\npathlib.Path(__file__ + '.ran').touch()\ndef main(): ...")
    assert get(serve(base).port, "/b", Host="evil.example")[0].status == 403
    assert not (base / "b.py.ran").exists()


def test_files_are_served_from_the_static_directory(serve: Serve, base: Path) -> None:
    (base.parent / "files").mkdir()
    (base.parent / "files" / "a.txt").write_text("content")
    port = serve(base, static_dir=str(base.parent / "files")).port
    assert get(port, "/static/a.txt")[1] == b"content"
    assert get(port, "/static/../apps/b.py")[0].status in {400, 403, 404}
    assert get(port, "/b")[0].status == 200


def test_the_page_opens_in_a_browser_from_the_list(serve: Serve, open_page: Open, base: Path) -> None:
    page = open_page(serve(base).url)
    page.get_by_role("link", name="A/").click()
    page.get_by_role("link", name="c", exact=True).click()
    page.get_by_text("of A/c").wait_for()

"""A server's page and files where a proxy in front leads, with its prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbsession.output import put_text

from .visitor import get

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Serve, Visit

PREFIXES = ["/tools/app/", "/tools/app", "/tools/v1.2/app/", "/a/static/b/"]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_page_is_under_the_prefix_of_a_proxy(serve: Serve, visit: Visit, prefix: str) -> None:
    server = serve(lambda: put_text("here"))
    response, body = get(server.port, prefix)
    assert response.status == 200
    assert b"nbsession" in body
    assert get(server.port, f"{prefix}?nbsession=page.js")[0].status == 200
    visitor = visit(server, path=prefix)
    visitor.wait_for(lambda: visitor.texts == ["here"])


def test_a_page_by_http_is_under_the_prefix_of_a_proxy(serve: Serve, visit: Visit) -> None:
    visitor = visit(serve(lambda: put_text("here")), path="/tools/app/", protocol="http")
    visitor.wait_for(lambda: visitor.texts == ["here"])


@pytest.mark.parametrize("path", ["/tools/app/static/a.txt", "/static/a.txt", "/tools/static/static/a.txt"])
def test_files_are_under_the_prefix_of_a_proxy(serve: Serve, tmp_path: Path, path: str) -> None:
    (tmp_path / "static").mkdir()
    for folder in (tmp_path, tmp_path / "static"):
        (folder / "a.txt").write_text("content")
    port = serve(lambda: None, static_dir=str(tmp_path)).port
    assert get(port, path)[1] == b"content"
    assert get(port, path, Host="evil.example")[0].status == 403


@pytest.mark.parametrize("path", ["/tools/app/static/../conftest.py", "/x/static/%2e%2e/conftest.py"])
def test_files_under_a_prefix_stay_in_their_directory(serve: Serve, tmp_path: Path, path: str) -> None:
    (tmp_path / "conftest.py").write_text("secret")
    (tmp_path / "files").mkdir()
    response, body = get(serve(lambda: None, static_dir=str(tmp_path / "files")).port, path)
    assert response.status in {400, 403, 404}
    assert b"secret" not in body


@pytest.mark.parametrize("path", ["/favicon.ico", "/robots.txt", "/tools/app/apple-touch-icon.png"])
def test_what_is_asked_for_as_a_file_is_not_the_page(serve: Serve, path: str) -> None:
    assert get(serve(lambda: None).port, path)[0].status == 404

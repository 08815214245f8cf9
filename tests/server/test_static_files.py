"""Files of ``static_dir``: which are served, to whom, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .visitor import get

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Serve


def test_files_of_the_static_directory_are_served(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("content")
    port = serve(lambda: None, static_dir=str(tmp_path)).port
    assert get(port, "/static/a.txt")[1] == b"content"
    assert get(port, "/static/../conftest.py")[0].status in {400, 403, 404}


def test_links_do_not_lead_out_of_the_static_directory(serve: Serve, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (files / "link.txt").symlink_to(tmp_path / "secret.txt")
    (files / "folder").symlink_to(tmp_path)
    port = serve(lambda: None, static_dir=str(files)).port
    for name in ("link.txt", "folder/secret.txt"):
        response, body = get(port, f"/static/{name}")
        assert response.status in {403, 404}
        assert b"secret" not in body


def test_a_static_directory_may_be_a_link_itself(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text("content")
    (tmp_path / "link").symlink_to(tmp_path / "files")
    port = serve(lambda: None, static_dir=str(tmp_path / "link")).port
    assert get(port, "/static/a.txt")[1] == b"content"


@pytest.mark.parametrize("name", ["%00", "a%00.txt", "%ff", "a.txt/b", "x" * 5000])
def test_a_name_that_no_file_has_is_not_found(serve: Serve, tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text("content")
    port = serve(lambda: None, static_dir=str(tmp_path)).port
    assert get(port, f"/static/{name}")[0].status in {400, 403, 404}


def test_static_files_are_what_their_names_say(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("<script>1</script>")
    port = serve(lambda: None, static_dir=str(tmp_path)).port
    assert get(port, "/static/a.txt")[0].headers["X-Content-Type-Options"] == "nosniff"


def test_static_files_are_for_those_who_know_the_servers_name(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("content")
    port = serve(lambda: None, static_dir=str(tmp_path)).port
    response, body = get(port, "/static/a.txt", Host="evil.example")
    assert response.status == 403
    assert b"allowed_hosts" in body
    assert get(port, "/static/a.txt", Host="evil.example", X_Forwarded_Host="localhost")[0].status == 403


def test_static_files_are_found_by_the_name_that_a_proxy_is_asked_for(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("content")
    options = {
        "static_dir": str(tmp_path),
        "trust_xheaders": True,
        "allowed_hosts": ["tool.example", "inner"],
    }
    port = serve(lambda: None, **options).port
    assert get(port, "/static/a.txt", X_Forwarded_Host="evil.example")[0].status == 403
    assert get(port, "/static/a.txt", Host="inner", X_Forwarded_Host="tool.example")[1] == b"content"


def test_a_relative_static_directory_is_one_of_the_working_directory(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text("content")
    monkeypatch.chdir(tmp_path)
    port = serve(lambda: None, static_dir="files").port
    assert get(port, "/static/a.txt")[1] == b"content"

"""A folder of apps: what a path requests, and that nothing outside of the folder can be requested."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbsession._server.folder.app_folder import AppFolder, AppPath, parse_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def base(tmp_path: Path) -> Path:
    base = tmp_path / "apps"
    for name in (
        "b.py",
        "A/b.py",
        "A/index.py",
        "A/C/deep.py",
        "a b.py",
        "_hidden/a.py",
        ".hidden/a.py",
        "_a.py",
    ):
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text("def main(): ...\n")
    (tmp_path / "secret.py").write_text("def main(): ...\n")
    return base


def requested(base: Path, path: str) -> str | None:
    """The file that a path requests, relative to the folder."""
    parsed = parse_path(path)
    file = None if parsed is None else AppFolder(base).file(parsed)
    return None if file is None else str(file.relative_to(base.resolve()))


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/b", "b.py"),
        ("//b", "b.py"),
        ("/A/b", "A/b.py"),
        ("/A/C/deep", "A/C/deep.py"),
        ("/A/", "A/index.py"),
        ("/b/", "b.py"),
        ("/a%20b", "a b.py"),
    ],
)
def test_a_path_requests_a_file(base: Path, path: str, file: str) -> None:
    assert requested(base, path) == file


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/b.py",
        "/A",
        "/nope",
        "/_a",
        "/_hidden/a",
        "/.hidden/a",
        "/%5Fa",
        "/../secret",
        "/A/../b",
        "/A/../../secret",
        "/%2e%2e/secret",
        "/%2E%2E%2Fsecret",
        "/..%2fsecret",
        "/A%2Fb",
        "/..%5csecret",
        "/A//b",
        "/A/./b",
        "/b%00",
        "/%ff",
        "/" + "x" * 5000,
        "/" + "x/" * 5000,
    ],
)
def test_a_path_requests_nothing(base: Path, path: str) -> None:
    assert requested(base, path) is None


def test_an_absolute_path_is_one_below_the_folder(base: Path) -> None:
    assert requested(base, str(base.parent / "secret")) is None
    assert requested(base, "/" + str(base.parent / "secret")) is None


def test_links_do_not_lead_out_of_the_folder(base: Path) -> None:
    (base / "link.py").symlink_to(base.parent / "secret.py")
    (base / "out").symlink_to(base.parent)
    (base / "loop.py").symlink_to(base / "loop.py")
    assert [requested(base, path) for path in ("/link", "/out/secret", "/loop")] == [None, None, None]
    assert AppFolder(base).subfolder(AppPath(("out",), ends_in_slash=True)) is None
    subfolders, files = AppFolder(base).entries(base)
    assert subfolders == ["A"]
    assert [file.name for file in files] == ["a b.py", "b.py"]


def test_links_within_the_folder_are_followed(base: Path) -> None:
    (base / "link.py").symlink_to(base / "A" / "b.py")
    assert requested(base, "/link") == "A/b.py"


def test_the_folder_may_be_a_link_itself(base: Path) -> None:
    link = base.parent / "link"
    link.symlink_to(base)
    assert AppFolder(link).file(AppPath(("b",), ends_in_slash=False)) == base.resolve() / "b.py"


def test_a_folder_that_is_not_there_is_refused(base: Path) -> None:
    with pytest.raises(ValueError, match="expects base to be a folder"):
        AppFolder(base / "nope")
    with pytest.raises(TypeError, match="expects base to be a path"):
        AppFolder(7)  # type: ignore[arg-type]

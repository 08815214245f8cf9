"""What an uploaded file is stored in and saved from, and what it is called."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbsession._core.upload_content import IN_MEMORY, Quota, TooManyFilesError, UploadContent
from nbsession._core.uploaded_file import base_name, mime_type, timestamp


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_when_memory_is_short_small_files_go_to_disk() -> None:
    quota = Quota(4, 4)
    contents = [UploadContent(quota=quota), UploadContent(quota=quota)]
    for content in contents:
        content.write(b"abc")
    assert [each.in_memory for each in contents] == [True, False]


def test_memory_that_is_given_back_is_used_again() -> None:
    quota = Quota(4, 0)
    UploadContent(quota=quota).write(b"abc")
    later = UploadContent(quota=quota)
    later.write(b"abc")
    assert later.in_memory


def test_a_process_has_only_so_many_temporary_files() -> None:
    quota = Quota(IN_MEMORY, 1)
    first, second = UploadContent(quota=quota), UploadContent(quota=quota)
    first.write(bytes(IN_MEMORY + 1))
    with pytest.raises(TooManyFilesError):
        second.write(bytes(IN_MEMORY + 1))


def test_a_temporary_file_that_is_given_back_makes_room_for_another() -> None:
    quota = Quota(IN_MEMORY, 1)
    UploadContent(quota=quota).write(bytes(IN_MEMORY + 1))
    later = UploadContent(quota=quota)
    later.write(bytes(IN_MEMORY + 1))
    assert not later.in_memory


# -- saving -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 3, 2 * IN_MEMORY])
def test_a_file_can_be_saved(size: int, tmp_path: Path) -> None:
    content = UploadContent()
    content.write(b"x" * size)
    content.save(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == b"x" * size


def test_a_saved_file_on_the_same_file_system_is_not_copied(folder: Path) -> None:
    content = UploadContent()
    content.write(bytes(2 * IN_MEMORY))
    content.save(folder / "saved")
    with (folder / "saved").open("r+b") as file:
        file.write(b"changed")
    assert content.read().startswith(b"changed")


def test_two_saved_files_do_not_share_their_content(folder: Path) -> None:
    content = UploadContent()
    content.write(bytes(2 * IN_MEMORY))
    content.save(folder / "one")
    content.save(folder / "two")
    with (folder / "one").open("r+b") as file:
        file.write(b"changed")
    assert (folder / "two").read_bytes() == bytes(2 * IN_MEMORY)


def test_saving_replaces_a_file(folder: Path) -> None:
    (folder / "saved").write_text("old")
    content = UploadContent()
    content.write(bytes(2 * IN_MEMORY))
    content.save(folder / "saved")
    assert (folder / "saved").stat().st_size == 2 * IN_MEMORY


@pytest.mark.parametrize("size", [3, 2 * IN_MEMORY])
def test_a_saved_file_has_the_usual_permissions(size: int, folder: Path) -> None:
    (folder / "usual").write_text("")
    content = UploadContent()
    content.write(bytes(size))
    content.save(folder / "saved")
    assert (folder / "saved").stat().st_mode == (folder / "usual").stat().st_mode


def test_a_failed_save_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    content = UploadContent()
    content.write(b"abc")
    with pytest.raises(OSError, match="folder"):
        content.save(tmp_path / "folder")
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


def test_a_file_that_cannot_get_a_name_is_copied(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def link(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", link)
    content = UploadContent()
    content.write(b"ab" * IN_MEMORY)
    content.save(folder / "saved")
    assert (folder / "saved").read_bytes() == b"ab" * IN_MEMORY


def test_where_every_file_has_a_name_it_is_removed_at_once(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    opened = os.open

    def refuse(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
        return opened(path, flags, mode)

    monkeypatch.setattr(os, "open", refuse)
    content = UploadContent()
    content.write(b"ab" * IN_MEMORY)
    assert (content.read(), list(folder.iterdir())) == (b"ab" * IN_MEMORY, [])


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a.txt", "a.txt"),
        ("a\x00\n.txt", "a.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("..", "file"),
        ("a/", "file"),
        ("", "file"),
        (None, "file"),
        ({}, "file"),
    ],
)
def test_a_name_is_the_last_part_of_its_path(sent: object, name: str) -> None:
    assert base_name(sent) == name


@given(st.text())
def test_every_name_is_a_safe_one(sent: str) -> None:
    name = base_name(sent)
    assert name
    assert name not in {".", ".."}
    assert not set(name) & set("/\\\x00\n\r")
    assert len(name.encode()) <= 255


@pytest.mark.parametrize("sent", ["", None, 5, "text", "text/csv\r\nx: y", "a/" + "b" * 200, "te xt/csv", []])
def test_what_is_no_content_type_is_any(sent: object) -> None:
    assert mime_type(sent) == "application/octet-stream"


@pytest.mark.parametrize("sent", [None, "5", True, float("nan"), float("inf"), 10**400, []])
def test_what_is_no_time_is_0(sent: object) -> None:
    assert timestamp(sent) == 0.0

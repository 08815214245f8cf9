"""What ``download`` takes as a name and as content."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from nbsession._core.download_content import PIECE, Content, file_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("results.csv", "results.csv"),
        ("a/b\\c.txt", "a_b_c.txt"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("  spaced.txt ", "spaced.txt"),
        ("line\nbreak\x00.txt", "linebreak.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("größe.csv", "größe.csv"),
    ],
)
def test_names_lose_what_is_not_part_of_a_name(name: str, expected: str) -> None:
    assert file_name(name) == expected


@pytest.mark.parametrize("name", ["", " ", "/", "..", ".", "\x00\x1f", "___"])
def test_a_name_of_which_nothing_is_left_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"download\(\) expects a file name"):
        file_name(name)


def test_a_name_that_is_no_string_is_refused() -> None:
    with pytest.raises(TypeError, match=r"download\(\) expects the file name as a str, not NoneType"):
        file_name(None)


def test_a_long_name_keeps_its_suffix() -> None:
    name = file_name("ä" * 1000 + ".csv")
    assert name.endswith("ä.csv")
    assert len(name.encode()) <= 255


@given(st.text())
def test_every_name_is_safe_or_refused(name: str) -> None:
    try:
        safe = file_name(name)
    except ValueError:
        return
    assert safe
    assert not set(safe) & set("/\\\x00\n\r")
    assert len(safe.encode()) <= 255


@pytest.mark.parametrize("content", [b"abc", bytearray(b"abc"), memoryview(b"abc"), "abc"])
def test_bytes_and_text_are_kept_in_memory(content: object) -> None:
    kept = Content(content)
    assert (kept.in_memory, kept.size) == (b"abc", 3)


def test_bytes_are_not_copied() -> None:
    content = b"abc"
    assert Content(content).in_memory is content


def test_a_path_is_read_in_pieces_of_known_total(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * (PIECE + 1))
    content = Content(path)
    assert content.size == PIECE + 1
    assert [len(piece) for piece in content.pieces()] == [PIECE, 1]


def test_a_path_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Content(tmp_path / "missing")


def test_a_binary_file_is_read_to_its_end() -> None:
    assert b"".join(Content(io.BytesIO(b"abc" * PIECE)).pieces()) == b"abc" * PIECE


@given(st.lists(st.binary(max_size=300)))
def test_what_an_iterator_yields_is_joined_into_pieces(parts: list[bytes]) -> None:
    assert b"".join(Content(iter(parts)).pieces()) == b"".join(parts)


@pytest.mark.parametrize("content", [io.StringIO("text"), iter(["text"]), [1, 2]])
def test_content_that_yields_text_is_refused_when_it_is_read(content: object) -> None:
    with pytest.raises(TypeError, match=r"yields bytes, not (str|int)"):
        list(Content(content).pieces())


@pytest.mark.parametrize("content", [None, 5, {"a": 1}, 1.5])
def test_content_of_another_kind_is_refused(content: object) -> None:
    with pytest.raises(TypeError, match=r"download\(\) expects content that is bytes-like"):
        Content(content)


@pytest.mark.parametrize(
    ("content", "instead"),
    [
        (pd.DataFrame({"a": [1]}), "Pass its text: frame.to_csv()"),
        (pd.Series([1]), "Pass its text: series.to_csv()"),
        ({"a": 1}, "Pass its text: json.dumps(...)"),
        (
            Figure(),
            "Pass the picture that figure.savefig(file) writes to file = io.BytesIO(): file.getvalue()",
        ),
        (np.array([1]), "Pass its bytes: ndarray.tobytes()"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_content_that_is_nearly_a_file_is_refused_with_what_to_pass(content: object, instead: str) -> None:
    with pytest.raises(TypeError, match=r"^download\(\) expects content that is bytes-like") as caught:
        Content(content)
    assert str(caught.value).endswith(f"not {type(content).__name__}. {instead}")

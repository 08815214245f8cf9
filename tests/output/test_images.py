"""Images go to the page as bytes, whatever they come as."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from nbsession.output import put_image

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Screen

PNG = b"\x89PNG\r\n\x1a\n rest"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_a_buffer(screen: Screen, kind: Any) -> None:
    put_image(kind(PNG), title="t", width=20, height="50%")
    node = screen.only
    assert (node["content"], node["type"], screen.buffers) == (None, "image/png", [PNG])
    assert (node["title"], node["width"], node["height"]) == ("t", "20px", "50%")


def test_bytes_are_taken_as_they_are_now(screen: Screen) -> None:
    content = bytearray(PNG)
    put_image(content)
    content[:4] = b"gone"
    assert screen.buffers == [PNG]


def test_a_path_is_read(screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff rest")
    put_image(path)
    put_image(str(path))
    assert [node["type"] for node in screen.nodes] == ["image/jpeg"] * 2
    assert screen.buffers == [b"\xff\xd8\xff rest"] * 2


@pytest.mark.parametrize(
    "url", ["https://example.org/a.png", "data:image/png;base64,AA==", "/files/a.png", "./a.png"]
)
def test_other_text_is_a_url(screen: Screen, url: str) -> None:
    put_image(url)
    assert (screen.only["url"], screen.buffers) == (url, [])


def test_a_pil_image_is_encoded(screen: Screen) -> None:
    image = pytest.importorskip("PIL.Image")
    put_image(image.new("RGB", (2, 2)))
    put_image(image.new("RGB", (2, 2)), format="JPEG")
    assert [node["type"] for node in screen.nodes] == ["image/png", "image/jpeg"]
    assert image.open(io.BytesIO(screen.buffers[0])).size == (2, 2)


@pytest.mark.parametrize(
    ("begin", "kind"),
    [
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"<?xml?><svg>", "image/svg+xml"),
        (b"\0\0\1\0 rest", "image/x-icon"),
        (b"\0\0\0\x20ftypavif", "image/avif"),
    ],
)
def test_bytes_tell_what_they_are(screen: Screen, begin: bytes, kind: str) -> None:
    put_image(begin)
    assert screen.only["type"] == kind


def test_bytes_that_tell_nothing_need_a_format(screen: Screen) -> None:
    with pytest.raises(ValueError, match=r"starts with b'notanimage'; pass it"):
        put_image(b"notanimage")
    put_image(b"notanimage", format="jxl")
    assert screen.only["type"] == "image/jxl"


def test_a_file_s_name_that_tells_of_no_image_does_not_count(screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(PNG)
    put_image(path)
    assert screen.only["type"] == "image/png"


@pytest.mark.parametrize("name", ["nothere.png", "", "nothere\0.png"])
def test_a_file_that_is_not_there_is_refused_by_name(screen: Screen, name: str) -> None:
    with pytest.raises(FileNotFoundError, match=r"no file '(nothere.*)?' in '.*'; a URL .*\./"):
        put_image(name)
    assert screen.nodes == []


@pytest.mark.parametrize("width", ["red", "80", "-3px", "10px;position:fixed", "calc(1px)", True])
def test_a_length_is_a_length(width: Any) -> None:
    with pytest.raises(ValueError, match="width"):
        put_image(PNG, width=width)


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(TypeError, match=r"put_image\(\) expects"):
        put_image(5)

"""Files to the reader's disk and buffers back, byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end

IMPORT = "from nbsession import *\nimport io, os, hashlib, pathlib, random, tempfile\n"


def saved(download: object) -> bytes:
    return Path(download.path()).read_bytes()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("b'hello world!'", b"hello world!"),
        ("bytearray(b'abc')", b"abc"),
        ("memoryview(b'abc')", b"abc"),
        ("b''", b""),
        ("'größe'", "größe".encode()),
        ("io.BytesIO(b'from a file')", b"from a file"),
        ("(bytes([i]) for i in range(3))", b"\0\1\2"),
        ("[b'a', b'b']", b"ab"),
    ],
)
def test_every_kind_of_content(notebook: NotebookPage, content: str, expected: bytes) -> None:
    assert notebook.execute(IMPORT + f"download('file.txt', {content}).wait()") == []
    [download] = notebook.wait_for_downloads(1)
    assert (download.suggested_filename, saved(download)) == ("file.txt", expected)


def test_a_path(notebook: NotebookPage) -> None:
    code = """
path = pathlib.Path(tempfile.mkstemp()[1])
path.write_bytes(bytes(3_000_000))
download("zeros", path).wait()
"""
    notebook.execute(IMPORT + code)
    [download] = notebook.wait_for_downloads(1)
    assert saved(download) == bytes(3_000_000)


def test_sixty_four_megabytes_byte_for_byte(notebook: NotebookPage) -> None:
    code = """
content = random.Random(1).randbytes(64 * 1024 * 1024 + 1)
handle = download("random.bin", content)
handle.wait()
print(handle.done, hashlib.sha256(content).hexdigest())
"""
    shown = notebook.execute(IMPORT + code, timeout=90)
    [download] = notebook.wait_for_downloads(1)
    assert shown[-1] == f"True {hashlib.sha256(saved(download)).hexdigest()}"


def test_a_mutable_content_is_taken_as_it_was(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT + "a = bytearray(b'before'); handle = download('a', a); a[:] = b'after!'; handle.wait()"
    )
    [download] = notebook.wait_for_downloads(1)
    assert saved(download) == b"before"


def test_a_handle_may_be_awaited(notebook: NotebookPage) -> None:
    assert notebook.execute(IMPORT + "handle = download('a', b'a')\nawait handle\nhandle.done") == ["True"]
    notebook.wait_for_downloads(1)


def test_an_iterator_in_a_coroutine_is_read_by_a_thread(notebook: NotebookPage) -> None:
    code = """
async def save():
    await download("many", (bytes(100_000) for _ in range(100)))
await save()
"""
    notebook.execute(IMPORT + code)
    [download] = notebook.wait_for_downloads(1)
    assert saved(download) == bytes(10_000_000)


def test_the_handle_as_last_value_shows_nothing(notebook: NotebookPage) -> None:
    assert notebook.execute(IMPORT + "download('a', b'a')") == []
    notebook.wait_for_downloads(1)


def test_two_downloads_and_an_eval_at_once(notebook: NotebookPage) -> None:
    code = """
content = bytes(32 * 1024 * 1024)
first, second = download("a", content), download("b", content)
value = eval_js("1 + 1")
print(value, first.done, second.done)
first.wait(); second.wait()
"""
    shown = notebook.execute(IMPORT + code, timeout=90)
    assert shown[-1] == "2 False False"
    assert [len(saved(download)) for download in notebook.wait_for_downloads(2)] == [32 * 1024 * 1024] * 2


def test_twenty_files_in_a_row_are_all_saved(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT + "handles = [download(f'{i}.txt', str(i)) for i in range(20)]; handles[-1].wait()"
    )
    downloads = notebook.wait_for_downloads(20)
    assert [(each.suggested_filename, saved(each)) for each in downloads] == [
        (f"{number}.txt", str(number).encode()) for number in range(20)
    ]


def test_sixty_four_megabytes_come_back_whole(notebook: NotebookPage) -> None:
    code = """
block = random.Random(2).randbytes(1024 * 1024)
value = eval_js('''(() => {
    const bytes = new Uint8Array(64 * block.length);
    for (let i = 0; i < 64; i++) {
        bytes.set(block, i * block.length);
        bytes[i * block.length] = i;
    }
    return bytes.buffer;
})()''', block=block)
value == b"".join(bytes([number]) + block[1:] for number in range(64))
"""
    assert notebook.execute(IMPORT + code, timeout=90) == ["True"]


def test_a_download_in_a_widget_callback(notebook: NotebookPage) -> None:
    code = """
import ipywidgets
button = ipywidgets.Button(description="save")
button.on_click(lambda _: download("clicked.txt", b"clicked"))
button
"""
    notebook.execute(IMPORT + code)
    notebook.output_area(-1).get_by_role("button", name="save").click()
    [download] = notebook.wait_for_downloads(1)
    assert saved(download) == b"clicked"

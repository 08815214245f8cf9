"""Files to the reader's disk and buffers back, byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import OpenNotebook

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
def test_every_kind_of_content(open_notebook: OpenNotebook, content: str, expected: bytes) -> None:
    notebook = open_notebook([IMPORT + f"download('file.txt', {content}).wait()"])
    assert notebook.run(0) == []
    [download] = notebook.wait_for_downloads(1)
    assert (download.suggested_filename, saved(download)) == ("file.txt", expected)


def test_a_path(open_notebook: OpenNotebook) -> None:
    code = """
path = pathlib.Path(tempfile.mkstemp()[1])
path.write_bytes(bytes(3_000_000))
download("zeros", path).wait()
"""
    notebook = open_notebook([IMPORT + code])
    notebook.run(0)
    [download] = notebook.wait_for_downloads(1)
    assert saved(download) == bytes(3_000_000)


def test_sixty_four_megabytes_byte_for_byte(open_notebook: OpenNotebook) -> None:
    code = """
content = random.Random(1).randbytes(64 * 1024 * 1024 + 1)
handle = download("random.bin", content)
handle.wait()
print(handle.done, hashlib.sha256(content).hexdigest())
"""
    notebook = open_notebook([IMPORT + code])
    notebook.run(0, timeout=90)
    [download] = notebook.wait_for_downloads(1)
    assert f"True {hashlib.sha256(saved(download)).hexdigest()}" in notebook.text(0)


def test_a_mutable_content_is_taken_as_it_was(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(
        [IMPORT + "a = bytearray(b'before'); handle = download('a', a); a[:] = b'after!'; handle.wait()"]
    )
    notebook.run(0)
    [download] = notebook.wait_for_downloads(1)
    assert saved(download) == b"before"


def test_a_handle_may_be_awaited(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([IMPORT + "handle = download('a', b'a')\nawait handle\nhandle.done"])
    assert notebook.run(0) == ["True"]


def test_an_iterator_in_a_coroutine_is_read_by_a_thread(open_notebook: OpenNotebook) -> None:
    code = """
async def save():
    await download("many", (bytes(100_000) for _ in range(100)))
await save()
"""
    notebook = open_notebook([IMPORT + code])
    notebook.run(0)
    [download] = notebook.wait_for_downloads(1)
    assert saved(download) == bytes(10_000_000)


def test_the_handle_as_last_value_shows_nothing(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([IMPORT + "download('a', b'a')"])
    assert notebook.run(0) == []


def test_two_downloads_and_an_eval_at_once(open_notebook: OpenNotebook) -> None:
    code = """
content = bytes(32 * 1024 * 1024)
first, second = download("a", content), download("b", content)
value = eval_js("1 + 1")
print(value, first.done, second.done)
first.wait(); second.wait()
"""
    notebook = open_notebook([IMPORT + "eval_js('0')", code])
    notebook.run(0)
    notebook.run(1, timeout=90)
    assert notebook.text(1).startswith("2 False False")
    assert [len(saved(download)) for download in notebook.wait_for_downloads(2)] == [32 * 1024 * 1024] * 2


def test_twenty_files_in_a_row_are_all_saved(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(
        [IMPORT + "handles = [download(f'{i}.txt', str(i)) for i in range(20)]; handles[-1].wait()"]
    )
    notebook.run(0)
    downloads = notebook.wait_for_downloads(20)
    assert [(each.suggested_filename, saved(each)) for each in downloads] == [
        (f"{number}.txt", str(number).encode()) for number in range(20)
    ]


def test_sixty_four_megabytes_come_back_whole(open_notebook: OpenNotebook) -> None:
    code = """
value = eval_js('''(() => {
    const bytes = new Uint8Array(64 * 1024 * 1024);
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 31 + (i >> 13)) & 255;
    return bytes.buffer;
})()''')
import numpy as np
i = np.arange(64 * 1024 * 1024, dtype=np.int64)
print(len(value), np.array_equal(np.frombuffer(value, np.uint8), ((i * 31 + (i >> 13)) & 255).astype(np.uint8)))
"""
    notebook = open_notebook([IMPORT + code])
    notebook.run(0, timeout=90)
    assert notebook.text(0) == f"{64 * 1024 * 1024} True"


def test_a_download_in_a_widget_callback(open_notebook: OpenNotebook) -> None:
    code = """
import ipywidgets
button = ipywidgets.Button(description="save")
button.on_click(lambda _: download("clicked.txt", b"clicked"))
button
"""
    notebook = open_notebook([IMPORT + code])
    notebook.run(0)
    notebook.output_area(0).get_by_role("button", name="save").click()
    [download] = notebook.wait_for_downloads(1)
    assert saved(download) == b"clicked"

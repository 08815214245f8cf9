"""Downloads in a private window, whose room for them is small: others have filled it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import nbformat
import pytest

from .notebook_page import NotebookPage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from .jupyter_server import JupyterServer

pytestmark = [pytest.mark.any_front_end, pytest.mark.at_length]  # 2 GB have to be filled first

FILL = """
from nbsession import download, eval_js, run_js
run_js('''
    const MB = 1024 * 1024, content = new Uint8Array(16 * MB);
    const fits = (blob) => new Promise((done) => {
        const reader = new FileReader();
        reader.onload = () => done(true);
        reader.onerror = () => done(false);
        reader.readAsArrayBuffer(blob.slice(blob.size - 1));
    });
    window.filling = (async () => {
        window.kept = [];
        for (;;) {
            const blob = new Blob([content]);
            if (!await fits(blob)) break;
            kept.push(URL.createObjectURL(blob));
        }
    })();
    window.make_room = (files) => {
        for (const url of kept.splice(0, files)) URL.revokeObjectURL(url);
        // Blobs leave the room when they are collected as garbage, which V8 has to be made to do.
        for (let i = 0; i < 8; i++) new Uint8Array(16 * MB);
    };
''')
eval_js("filling")
"""


def content(number: int) -> bytes:
    return bytes([number]) * 32_000_000


@pytest.fixture
def notebook(private_context: BrowserContext, jupyter_server: JupyterServer) -> Iterator[NotebookPage]:
    """An open notebook in a private window whose room for Blobs is full."""
    path = f"private_{uuid.uuid4().hex[:6]}.ipynb"
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("")], metadata={"kernelspec": kernelspec}),
        jupyter_server.root / path,
    )
    page = NotebookPage(private_context, jupyter_server, path)
    page.execute(FILL, timeout=60)
    yield page
    page.close()
    jupyter_server.shut_down_kernel(path)


def saved(notebook: NotebookPage, count: int) -> list[bytes]:
    paths: list[Path] = [each.path() for each in notebook.wait_for_downloads(count)]
    return [path.read_bytes() for path in paths]


def test_files_in_a_row_are_all_saved_though_not_all_have_room_at_once(notebook: NotebookPage) -> None:
    code = """
run_js("make_room(6)")
for number in range(8):
    download(f"{number}.bin", bytes([number]) * 32_000_000).wait()
"""
    notebook.execute(code, timeout=60)
    assert saved(notebook, 8) == [content(number) for number in range(8)]


def test_a_file_without_room_says_that_it_waits_and_is_saved_when_there_is_some(
    notebook: NotebookPage,
) -> None:
    notebook.execute('file = download("late.bin", bytes([7]) * 32_000_000)')
    notebook.output_area(-1).get_by_text("waiting until the browser has room").wait_for()
    notebook.execute('run_js("make_room(Infinity)"); file.wait()', timeout=60)
    assert saved(notebook, 1) == [content(7)]

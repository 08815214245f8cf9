"""What nbval makes of the renditions in a notebook's file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from nbsession._jupyter.cells.view import VIEW_HTML, VIEW_TEXT

from .conftest import Cells, Run

Write = Callable[[str, Cells], Path]
NBVAL = ("pytest", "--nbval", "--nbval-current-env", "--nbsession", "--color=no")
IMAGE = """
import struct, zlib
from nbsession.output import put_image, put_text
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
def png(color):
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes([0, color]))) + chunk(b"IEND", b"")
    return bytes.fromhex("89504e470d0a1a0a") + data
put_text("shown")
"""


@pytest.fixture
def saved(write: Write, run: Run) -> Callable[..., Path]:
    """Write a notebook, run it as nbconvert does, and save it with its outputs."""

    def saved(*codes: str) -> Path:
        path = write("views.ipynb", [(code, None) for code in codes])
        done = run(
            "nbconvert", "--to", "notebook", "--execute", "--inplace", path.name, NBSESSION_BROWSER="headless"
        )
        assert done.returncode == 0, done.stderr
        return path

    return saved


def replace_html(path: Path, change: Callable[[str], str]) -> None:
    notebook = nbformat.read(path, as_version=4)
    data = notebook.cells[0].outputs[0].data
    data["text/html"] = change(data["text/html"])
    nbformat.write(notebook, path)


def replace_code(path: Path, old: str, new: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = notebook.cells[0].source.replace(old, new)
    nbformat.write(notebook, path)


def test_nbconvert_saves_renditions_and_nbval_finds_them_the_same(
    saved: Callable[..., Path], run: Run
) -> None:
    path = saved(IMAGE)
    [output] = nbformat.read(path, as_version=4).cells[0].outputs
    assert "<p>shown</p>" in output.data["text/html"]
    assert output.data["text/plain"] == VIEW_TEXT
    done = run(*NBVAL)
    assert done.returncode == 0, done.stdout
    assert "unhandled" not in done.stdout


def test_a_different_rendition_fails_its_cell(saved: Callable[..., Path], run: Run) -> None:
    replace_code(saved(IMAGE), "shown", "something else")
    done = run(*NBVAL)
    assert done.returncode == 1, done.stdout
    assert "something else" in done.stdout


def test_the_bytes_of_images_are_not_compared(saved: Callable[..., Path], run: Run) -> None:
    path = saved(IMAGE + "put_image(png(1))")
    replace_code(path, "put_image(png(1))", "put_image(png(2))")
    done = run(*NBVAL)
    assert done.returncode == 0, done.stdout


def test_a_notebook_that_an_earlier_version_has_saved_passes(saved: Callable[..., Path], run: Run) -> None:
    replace_html(saved(IMAGE), lambda _: VIEW_HTML)
    done = run(*NBVAL)
    assert done.returncode == 0, done.stdout


def test_a_view_that_a_later_cell_has_changed_is_not_compared(saved: Callable[..., Path], run: Run) -> None:
    path = saved(
        "from nbsession.output import put_text\nshown = put_text('shown')", "shown.update('changed')"
    )
    [output] = nbformat.read(path, as_version=4).cells[0].outputs
    assert "changed" in output.data["text/html"]
    done = run(*NBVAL)
    assert done.returncode == 0, done.stdout


def test_without_renditions_none_is_compared(saved: Callable[..., Path], run: Run) -> None:
    replace_code(saved(IMAGE), "shown", "something else")
    done = run(*NBVAL, NBSESSION_STATIC="off")
    assert done.returncode == 0, done.stdout

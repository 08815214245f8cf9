"""Files that the reader of a notebook uploads, by the kernel's comm."""

from __future__ import annotations

import filecmp
import hashlib
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.server.uploading import MIB, FileReader, some_file

from .test_forms import ASK

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import FillNotebook, OpenNotebook
    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end

LARGE = 5 * MIB + 17
HELD, PERCENT = 3 * MIB, 60
GROWTH = 64 * MIB
SHOW = """
import hashlib
def show(file):
    print(file["filename"], len(file["content"]), hashlib.sha256(file["content"]).hexdigest())
"""
OPEN_FILES = """
import os, pathlib, tempfile
tempfile.tempdir = tempfile.mkdtemp()
def open_files():
    links = []
    for each in pathlib.Path("/proc/self/fd").iterdir():
        try:
            links.append(os.readlink(each))
        except OSError:
            pass
    return sum(link.startswith(tempfile.tempdir) for link in links)
"""
PEAK = """
import gc, pathlib, re
def status(name):
    return int(re.search(name + r":\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) * 1024
gc.collect()
pathlib.Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
before = status("VmRSS")
"""


def shown(path: Path) -> str:
    """Return what ``show`` prints."""
    content = path.read_bytes()
    return f"{path.name} {len(content)} {hashlib.sha256(content).hexdigest()}"


def reader_of(notebook: NotebookPage, index: int = 0) -> FileReader:
    """Wait for the form below a cell, and return its reader."""
    form = notebook.output_area(index).locator("form.nbsession-form:visible")
    form.wait_for()
    return FileReader(notebook.page, form)


def test_files_arrive_byte_for_byte(fill_notebook: FillNotebook, tmp_path: Path) -> None:
    notebook = fill_notebook([ASK + SHOW + "for file in file_upload('Files', multiple=True): show(file)"])
    notebook.run(0, wait=False)
    reader = reader_of(notebook)
    paths = [some_file(tmp_path, size, name) for size, name in ((LARGE, "b"), (0, "a"), (1, "c"))]
    reader.choose(*paths)
    reader.submit()
    notebook.wait_idle()
    assert notebook.text(0).strip().split("\n") == [shown(path) for path in paths]


@pytest.mark.at_length
def test_a_file_is_stored_in_a_folder(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    notebook = open_notebook([ASK + f"print(file_upload('A file', path={str(folder)!r})['path'].name)"])
    notebook.run(0, wait=False)
    reader = reader_of(notebook)
    path = some_file(tmp_path, LARGE)
    reader.choose(path)
    reader.submit()
    notebook.wait_idle()
    notebook.wait_for_text(0, "some.bin")
    assert (folder / "some.bin").read_bytes() == path.read_bytes()


def test_a_pins_file_is_its_value(fill_notebook: FillNotebook, tmp_path: Path) -> None:
    code = "from nbsession.pin import *\nput_file_upload('table', label='A table')"
    notebook = fill_notebook([SHOW + code, "show(pin.table)"])
    notebook.run(0)
    reader = FileReader(notebook.page, notebook.output_area(0))
    path = some_file(tmp_path, LARGE)
    reader.choose(path)
    expect(reader.rows).to_contain_text("uploaded")
    assert notebook.run(1) == [shown(path)]


def test_a_stopped_form_can_be_submitted_again(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    notebook = open_notebook([ASK + SHOW + "show(file_upload('A file'))"])
    notebook.run(0, wait=False)
    reader = reader_of(notebook)
    reader.hold_after(HELD)
    path = some_file(tmp_path, LARGE)
    reader.choose(path)
    reader.submit()
    reader.wait_until_under_way(PERCENT)
    reader.stop()
    expect(reader.rows).to_have_attribute("data-state", "chosen")
    reader.go_on()
    reader.submit()
    notebook.wait_idle()
    assert notebook.text(0).strip() == shown(path)


def test_a_reload_in_the_middle_leaves_a_form_that_takes_files(
    open_notebook: OpenNotebook, tmp_path: Path
) -> None:
    notebook = open_notebook([ASK + SHOW + OPEN_FILES + "file = file_upload('A file')", "show(file)"])
    notebook.run(0, wait=False)
    reader = reader_of(notebook)
    reader.hold_after(HELD)
    path = some_file(tmp_path, LARGE)
    reader.choose(path)
    reader.submit()
    reader.wait_until_under_way(PERCENT)
    notebook.save()
    notebook.reload_only()
    reader = reader_of(notebook)
    reader.choose(path)
    reader.submit()
    expect(notebook.output_area(0).locator("form")).to_have_count(0)
    assert notebook.run(1) == [shown(path)]
    assert notebook.execute("del file; print(open_files())") == ["0"]


@pytest.mark.at_length
def test_stop_in_the_middle_leaves_no_temporary_file(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    notebook = open_notebook([ASK + OPEN_FILES + "file_upload('A file')", "print(open_files())"])
    notebook.run(0, wait=False)
    reader = reader_of(notebook)
    reader.hold_after(HELD)
    reader.choose(some_file(tmp_path, LARGE))
    reader.submit()
    reader.wait_until_under_way(PERCENT)
    notebook.interrupt()
    notebook.wait_idle()
    notebook.wait_for_text(0, "KeyboardInterrupt")
    assert notebook.run(1) == ["0"]


@pytest.mark.at_length
def test_two_cells_upload_at_once(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    """One blocks, the other one's app has a thread of its own."""
    app = "def app():\n    show(file_upload('First'))\nstart_server(app)"
    notebook = open_notebook([ASK + SHOW + app, "show(file_upload('Second'))"])
    notebook.run(0)
    first = reader_of(notebook, 0)
    notebook.run(1, wait=False)
    second = reader_of(notebook, 1)
    first.hold_after(HELD)
    paths = [some_file(tmp_path, LARGE, name) for name in ("first", "second")]
    for reader, path in zip((first, second), paths, strict=True):
        reader.choose(path)
        reader.submit()
    first.wait_until_under_way(PERCENT)
    second.wait_until_under_way(PERCENT)
    first.go_on()
    notebook.wait_idle()
    for index, path in enumerate(paths):
        notebook.wait_for_text(index, shown(path))


@pytest.mark.at_length
def test_a_gigabyte_passes_through_little_memory(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    ask = f"file_upload('A file', path={str(folder)!r})"
    notebook = open_notebook([ASK + PEAK + ask + "\nprint(status('VmHWM') - before)"])
    notebook.run(0, wait=False)
    reader = reader_of(notebook)
    path = some_file(tmp_path, 2**30)
    reader.choose(path)
    reader.submit()
    notebook.wait_idle(timeout=280)
    growth = int(notebook.text(0))
    print(f"the memory grew by {growth / 1e6:.1f} MB")
    assert growth < GROWTH
    assert filecmp.cmp(path, folder / "some.bin", shallow=False)

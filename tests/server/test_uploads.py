"""Files that readers of served pages upload, in a real browser."""

from __future__ import annotations

import filecmp
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from nbsession import defer_call, hold
from nbsession.input import file_upload
from nbsession.output import put_button, put_text
from nbsession.pin import pin, put_file_upload

from .uploading import MIB, FileReader, some_file
from .visitor import TIMEOUT
from .window import NO_SOCKETS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Serve
    from .window import Open

LARGE = 5 * MIB + 17
HELD, PERCENT = 3 * MIB, 60
GROWTH = 64 * MIB


class Asked:
    """An app that asks for files, and what it was answered.

    Parameters
    ----------
    ask : callable
        Asks.
    """

    def __init__(self, ask: Callable[[], Any]) -> None:
        self._ask = ask
        self._answers: Queue[Any] = Queue()

    def __call__(self) -> None:
        try:
            self._answers.put(self._ask())
        except BaseException as error:
            self._answers.put(error)
            raise
        put_text("thank you")

    def answer(self, timeout: float = TIMEOUT) -> Any:
        """Wait for an answer, or for the exception in its place."""
        return self._answers.get(timeout=timeout)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def open_files(folder: Path) -> int:
    """Return how many files of a folder this process has open, with and without a name."""
    found = 0
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that listed them
            found += str(each.readlink()).startswith(str(folder))
    return found


# -- what arrives --------------------------------------------------------------------------------


@pytest.mark.parametrize("init", ["", NO_SOCKETS], ids=["websocket", "http"])
def test_a_file_of_some_megabytes_arrives_byte_for_byte(
    serve: Serve, open_page: Open, tmp_path: Path, init: str
) -> None:
    asked = Asked(lambda: file_upload("A file"))
    reader = FileReader(open_page(serve(asked).url, init=init))
    path = some_file(tmp_path, LARGE)
    reader.choose(path)
    reader.submit()
    answer = asked.answer()
    assert answer.pop("content") == path.read_bytes()
    assert answer == {
        "filename": "some.bin",
        "mime_type": "application/octet-stream",
        "last_modified": pytest.approx(path.stat().st_mtime, abs=0.001),
    }


def test_a_file_is_stored_in_a_folder(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    asked = Asked(lambda: file_upload("A file", path=folder))
    reader = FileReader(open_page(serve(asked).url))
    path = some_file(tmp_path, LARGE)
    reader.choose(path)
    reader.submit()
    assert asked.answer()["path"] == folder / "some.bin"
    assert (folder / "some.bin").read_bytes() == path.read_bytes()


def test_several_files_come_in_the_order_that_is_listed(
    serve: Serve, open_page: Open, tmp_path: Path
) -> None:
    asked = Asked(lambda: file_upload("Files", multiple=True))
    reader = FileReader(open_page(serve(asked).url))
    paths = [some_file(tmp_path, size, name) for size, name in ((LARGE, "b"), (0, "a"), (1, "c"))]
    reader.choose(*paths)
    reader.submit()
    assert [(file["filename"], file["content"]) for file in asked.answer()] == [
        (path.name, path.read_bytes()) for path in paths
    ]


def test_a_pins_file_is_its_value(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    values: Queue[Any] = Queue()

    def app() -> None:
        put_file_upload("table", label="A table")
        put_button("read", lambda: values.put(pin.table))
        hold()

    page = open_page(serve(app).url)
    reader = FileReader(page)
    path = some_file(tmp_path, LARGE)
    reader.choose(path)
    expect(reader.rows).to_contain_text("uploaded")
    page.get_by_role("button", name="read").click()
    value = values.get(timeout=TIMEOUT)
    assert (value["filename"], value["content"]) == ("some.bin", path.read_bytes())


# -- in the middle -------------------------------------------------------------------------------


def test_the_progress_is_shown(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    reader = FileReader(open_page(serve(Asked(lambda: file_upload("A file"))).url))
    reader.hold_after(HELD)
    reader.choose(some_file(tmp_path, LARGE))
    reader.submit()
    reader.wait_until_under_way(PERCENT)


def test_a_stopped_form_can_be_submitted_again(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    asked = Asked(lambda: file_upload("A file"))
    reader = FileReader(open_page(serve(asked).url))
    reader.hold_after(HELD)
    path = some_file(tmp_path, LARGE)
    reader.choose(path)
    reader.submit()
    reader.wait_until_under_way(PERCENT)
    reader.stop()
    expect(reader.rows).to_have_attribute("data-state", "chosen")
    reader.go_on()
    reader.submit()
    assert asked.answer()["content"] == path.read_bytes()


@pytest.mark.at_length
def test_another_file_can_be_chosen_after_a_stop(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    asked = Asked(lambda: file_upload("A file"))
    reader = FileReader(open_page(serve(asked).url))
    reader.hold_after(HELD)
    reader.choose(some_file(tmp_path, LARGE))
    reader.submit()
    reader.wait_until_under_way(PERCENT)
    reader.stop()
    reader.go_on()
    reader.choose(some_file(tmp_path, 3, "other.txt"))
    reader.submit()
    assert asked.answer()["filename"] == "other.txt"


def test_a_reload_in_the_middle_leaves_a_form_that_takes_files(
    serve: Serve, open_page: Open, tmp_path: Path, temporary: Path
) -> None:
    asked = Asked(lambda: file_upload("A file"))
    page = open_page(serve(asked, resume_on_reload=True).url)
    reader = FileReader(page)
    reader.hold_after(HELD)
    path = some_file(tmp_path, LARGE)
    reader.choose(path)
    reader.submit()
    reader.wait_until_under_way(PERCENT)
    page.reload()
    reader.choose(path)
    reader.submit()
    assert asked.answer()["content"] == path.read_bytes()
    assert open_files(temporary) == 0


def test_a_form_and_a_pin_upload_at_once(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    values: Queue[Any] = Queue()

    def app() -> None:
        put_file_upload("beside", label="A pin")
        values.put(file_upload("A form"))
        put_button("read", lambda: values.put(pin.beside))
        hold()

    page = open_page(serve(app).url)
    form, beside = FileReader(page, page.locator("form")), FileReader(page, page.locator(".nbsession-pin"))
    form.hold_after(HELD)
    first, second = some_file(tmp_path, LARGE, "form.bin"), some_file(tmp_path, LARGE, "pin.bin")
    form.choose(first)
    form.submit()
    beside.choose(second)
    form.wait_until_under_way(PERCENT)
    beside.wait_until_under_way(PERCENT)
    form.go_on()
    assert values.get(timeout=TIMEOUT)["content"] == first.read_bytes()
    expect(beside.rows).to_contain_text("uploaded")
    page.get_by_role("button", name="read").click()
    assert values.get(timeout=TIMEOUT)["content"] == second.read_bytes()


@pytest.mark.at_length
def test_two_visitors_upload_at_once(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    asked = Asked(lambda: file_upload("A file"))
    server = serve(asked)
    readers = [FileReader(open_page(server.url)) for _ in range(2)]
    paths = [some_file(tmp_path, LARGE, name) for name in ("a", "b")]
    for reader, path in zip(readers, paths, strict=True):
        reader.hold_after(HELD)
        reader.choose(path)
        reader.submit()
    for reader in readers:
        reader.wait_until_under_way(PERCENT)
    for reader in readers:
        reader.go_on()
    answers = {answer["filename"]: answer["content"] for answer in (asked.answer(), asked.answer())}
    assert answers == {path.name: path.read_bytes() for path in paths}


@pytest.mark.parametrize("init", ["", NO_SOCKETS], ids=["websocket", "http"])
def test_a_session_that_ends_in_the_middle_leaves_no_temporary_file(
    serve: Serve, open_page: Open, tmp_path: Path, temporary: Path, init: str
) -> None:
    asked = Asked(lambda: file_upload("A file"))
    page = open_page(serve(asked).url, init=init)
    reader = FileReader(page)
    reader.hold_after(HELD)
    reader.choose(some_file(tmp_path, LARGE))
    reader.submit()
    reader.wait_until_under_way(PERCENT)
    before = open_files(temporary)
    page.goto("about:blank")
    assert type(asked.answer()).__name__ == "SessionClosedException"
    assert (before, open_files(temporary)) == (1, 0)


@pytest.mark.at_length
def test_a_pin_whose_session_ends_in_the_middle_leaves_no_temporary_file(
    serve: Serve, open_page: Open, tmp_path: Path, temporary: Path
) -> None:
    closed = threading.Event()

    def app() -> None:
        put_file_upload("table")
        defer_call(closed.set)
        hold()

    page = open_page(serve(app).url)
    reader = FileReader(page)
    reader.hold_after(HELD)
    reader.choose(some_file(tmp_path, LARGE))
    reader.wait_until_under_way(PERCENT)
    before = open_files(temporary)
    page.goto("about:blank")
    assert closed.wait(TIMEOUT)
    assert (before, open_files(temporary)) == (1, 0)


# -- limits --------------------------------------------------------------------------------------


def test_a_file_above_the_limit_is_refused_in_the_page(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    asked = Asked(lambda: file_upload("A file", max_size="1M"))
    reader = FileReader(open_page(serve(asked).url))
    reader.choose(some_file(tmp_path, MIB + 1))
    expect(reader.rows.get_by_role("alert")).to_contain_text("1")
    reader.submit()
    reader.choose(some_file(tmp_path, MIB, "small.bin"))
    reader.submit()
    assert asked.answer()["filename"] == "small.bin"


def test_a_form_without_limits_takes_what_the_server_does(
    serve: Serve, open_page: Open, tmp_path: Path
) -> None:
    asked = Asked(lambda: file_upload("A file"))
    reader = FileReader(open_page(serve(asked, max_payload_size="2M").url))
    reader.choose(some_file(tmp_path, 2 * MIB + 1))
    reader.submit()
    expect(reader.rows.get_by_role("alert")).to_contain_text("larger than 2.1 MB")
    reader.choose(some_file(tmp_path, 2 * MIB, "small.bin"))
    reader.submit()
    assert asked.answer()["filename"] == "small.bin"


# -- a gigabyte ----------------------------------------------------------------------------------


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:"))) * 1024


@pytest.mark.at_length
@pytest.mark.parametrize("init", ["", NO_SOCKETS], ids=["websocket", "http"])
def test_a_gigabyte_passes_through_little_memory(
    serve: Serve, open_page: Open, tmp_path: Path, init: str
) -> None:
    asked = Asked(lambda: file_upload("A file", path=tmp_path / "uploads", max_size="2G"))
    reader = FileReader(open_page(serve(asked).url, init=init))
    path = some_file(tmp_path, 2**30)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _status("VmRSS")
    reader.choose(path)
    reader.submit()
    answer = asked.answer(250)
    growth = _status("VmHWM") - before
    print(f"the memory grew by {growth / 1e6:.1f} MB")
    assert growth < GROWTH
    assert filecmp.cmp(path, answer["path"], shallow=False)

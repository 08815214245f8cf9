"""Files that a page sends: whole, within their limits, never more of them in memory than the window."""

from __future__ import annotations

import os
import tempfile
import tracemalloc
from pathlib import Path

import pytest

from nbsession._core.upload_content import IN_MEMORY
from nbsession._core.uploads import FIRST, PIECE, WINDOW, Limits

from .upload_form import Form, temporary_files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


# -- what arrives -------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, FIRST, FIRST + 1, 3 * WINDOW + 17])
def test_a_file_arrives_byte_for_byte(size: int) -> None:
    form = Form()
    content = os.urandom(size)
    assert form.take(form.send(content)).content() == content


def test_a_page_is_told_when_a_file_is_stored() -> None:
    form = Form()
    number = form.send(b"abc")
    assert form.page.stored(number)


def test_a_file_that_is_not_written_yet_is_not_stored() -> None:
    form = Form()
    number = form.announce(3)
    form.piece(number, b"abc")
    form.say("uploaded", number)
    assert not form.page.stored(number)


def test_a_page_is_granted_a_window_beyond_what_is_written() -> None:
    form = Form()
    number = form.announce(10 * WINDOW)
    form.uploads.work()
    assert form.page.granted(number) == WINDOW


def test_nothing_more_is_granted_while_nothing_is_written() -> None:
    form = Form()
    number = form.announce(10 * WINDOW)
    form.uploads.work()
    form.fill(number, WINDOW)
    assert (form.page.granted(number), form.uploads.waiting) == (WINDOW, WINDOW)


def test_a_file_of_64_mib_takes_few_grants() -> None:
    form = Form()
    form.send(bytes(64 * 1024 * 1024))
    assert len(form.page.told) < 300


def test_what_it_is_comes_with_a_file() -> None:
    form = Form()
    file = form.take(form.send(b"abc", name="b.csv", type="text/csv", modified=1_700_000_000_500))
    told = (file.filename, file.mime_type, file.last_modified, file.size)
    assert told == ("b.csv", "text/csv", 1_700_000_000.5, 3)


def test_views_of_larger_buffers_are_not_kept() -> None:
    form = Form()
    number = form.announce(1)
    frame = bytearray(b"abc")
    form.piece(number, memoryview(frame)[1:2])
    frame.clear()  # fails while a view exists
    form.say("uploaded", number)
    form.uploads.work()
    assert form.take(number).content() == b"b"


def test_the_writing_thread_is_woken_once_until_it_works() -> None:
    form = Form()
    number = form.announce(3)
    for byte in b"abc":
        form.piece(number, bytes([byte]))
    assert form.wakes == 1


def test_the_writing_thread_is_woken_again_after_it_has_worked() -> None:
    form = Form()
    number = form.announce(3)
    form.uploads.work()
    form.piece(number, b"a")
    assert form.wakes == 2


# -- where it is --------------------------------------------------------------------------------


def test_a_small_file_takes_no_temporary_file() -> None:
    form = Form()
    before = temporary_files()
    form.take(form.send(bytes(IN_MEMORY)))
    assert temporary_files() == before


def test_a_large_file_is_not_kept_in_memory() -> None:
    form = Form()
    piece = bytes(PIECE)
    number = form.announce(32 * 1024 * 1024)
    tracemalloc.start()
    try:
        for _ in range(32 * 1024 * 1024 // PIECE):
            form.piece(number, piece)
            form.uploads.work()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * WINDOW


def test_a_temporary_file_has_no_name(folder: Path) -> None:
    form = Form()
    form.send(bytes(2 * IN_MEMORY))
    assert list(folder.iterdir()) == []


def test_a_field_can_name_the_folder_of_its_temporary_files(tmp_path: Path) -> None:
    folder = tmp_path / "is created" / "when it is needed"
    form = Form({"one": Limits(directory=str(folder))})
    number = form.send(bytes(2 * IN_MEMORY))
    assert (form.page.stored(number), folder.is_dir()) == (True, True)


def test_a_folder_that_cannot_be_created_stops_the_upload(tmp_path: Path) -> None:
    (tmp_path / "a file").write_bytes(b"")
    form = Form({"one": Limits(directory=str(tmp_path / "a file"))})
    number = form.announce(2 * IN_MEMORY)
    form.uploads.work()
    form.fill(number, 2 * IN_MEMORY)
    form.uploads.work()
    assert form.page.stopped(number) == ["It could not be stored."]


def test_a_closed_form_keeps_nothing() -> None:
    form = Form()
    before = temporary_files()
    form.send(bytes(2 * IN_MEMORY))
    form.uploads.close()
    assert temporary_files() == before


def test_a_file_that_was_taken_outlives_its_form() -> None:
    form = Form()
    content = os.urandom(2 * IN_MEMORY)
    file = form.take(form.send(content))
    form.uploads.close()
    assert file.content() == content


def test_nothing_is_received_after_the_end() -> None:
    form = Form()
    form.uploads.close()
    form.announce(5)
    assert (form.wakes, form.page.told) == (0, [])


def test_a_discarded_file_leaves_nothing() -> None:
    form = Form()
    before = temporary_files()
    number = form.send(bytes(2 * IN_MEMORY))
    form.say("discard", number)
    form.uploads.work()
    assert temporary_files() == before


# -- limits ---------------------------------------------------------------------------------------


def test_a_file_above_the_limit_is_refused_when_it_is_announced() -> None:
    form = Form({"one": Limits(max_size=3_000_000)})
    number = form.announce(3_000_001)
    assert form.page.stopped(number) == ["The file is larger than 3 MB."]


def test_a_file_at_the_limit_is_taken() -> None:
    form = Form({"one": Limits(max_size=3)})
    assert form.take(form.send(b"abc")).size == 3


def test_files_above_the_total_are_refused() -> None:
    form = Form({"many": Limits(max_total_size=5, multiple=True)})
    form.send(b"abc", "many")
    number = form.announce(3, "many")
    assert form.page.stopped(number) == ["The files are larger than 5 bytes together."]


def test_a_discarded_file_does_not_count() -> None:
    form = Form({"many": Limits(max_total_size=5, multiple=True)})
    form.say("discard", form.send(b"abc", "many"))
    number = form.send(b"abc", "many")
    assert form.page.stored(number)


def test_a_total_of_all_fields_holds() -> None:
    form = Form(max_total_size=5)
    form.send(b"abc", "one")
    number = form.announce(3, "many")
    assert form.page.stopped(number) == ["All files are larger than 5 bytes together."]


def test_more_bytes_than_announced_are_refused() -> None:
    form = Form({"one": Limits(max_size=4)})
    number = form.announce(3)
    form.piece(number, b"abc")
    form.piece(number, b"d")
    assert form.page.stopped(number) == ["The file is larger than it was when it was chosen."]


def test_fewer_bytes_than_announced_are_refused() -> None:
    form = Form()
    number = form.announce(3)
    form.piece(number, b"ab")
    form.say("uploaded", number)
    assert form.page.stopped(number) == ["The file is smaller than it was when it was chosen."]


def test_a_second_file_of_a_field_for_one_is_refused() -> None:
    form = Form()
    form.send(b"abc")
    number = form.announce(3)
    assert form.page.stopped(number) == ["Only one file can be chosen."]


def test_a_field_for_one_takes_another_instead() -> None:
    form = Form()
    form.say("discard", form.send(b"abc"))
    assert form.take(form.send(b"def")).content() == b"def"


def test_one_file_comes_after_the_other() -> None:
    form = Form()
    form.announce(3, "many")
    number = form.announce(3, "many")
    assert form.page.stopped(number) == ["Another file is still being uploaded."]


def test_thousands_of_files_are_refused() -> None:
    form = Form()
    numbers = [form.send(b"", "many") for _ in range(1001)]
    assert [number for number in numbers if form.page.stopped(number)] == numbers[1000:]


# -- what a form makes of a value -----------------------------------------------------------------


def test_files_are_in_the_order_that_the_page_names() -> None:
    form = Form()
    first, second = form.send(b"abc", "many"), form.send(b"de", "many")
    assert [file.size for file in form.uploads.take("many", [second, first])] == [2, 3]


def test_no_files_are_no_files() -> None:
    assert Form().uploads.take("one", []) == []


def test_the_same_file_can_be_taken_again() -> None:
    form = Form()
    number = form.send(b"abc")
    assert form.take(number) is form.take(number)


@pytest.mark.parametrize(
    "value", [None, "a", 5, {}, [None], ["100"], [100.0], [True], [[100]], [7], [100, 100]]
)
def test_a_value_that_names_no_files_is_refused(value: object) -> None:
    form = Form()
    form.send(b"abc")
    with pytest.raises(ValueError, match="files that were uploaded"):
        form.uploads.take("one", value)


def test_a_file_of_another_field_is_refused() -> None:
    form = Form()
    number = form.send(b"abc", "many")
    with pytest.raises(ValueError, match="files that were uploaded"):
        form.uploads.take("one", [number])


def test_an_unfinished_file_is_refused() -> None:
    form = Form()
    number = form.announce(3)
    form.uploads.work()
    with pytest.raises(ValueError, match="files that were uploaded"):
        form.uploads.take("one", [number])


def test_a_discarded_file_is_refused() -> None:
    form = Form()
    number = form.send(b"abc")
    form.say("discard", number)
    with pytest.raises(ValueError, match="files that were uploaded"):
        form.uploads.take("one", [number])

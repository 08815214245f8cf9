"""Files that a page sends: whole, within their limits, never more of them in memory than the window."""

from __future__ import annotations

import errno
import gc
import json
import os
import tempfile
import threading
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbsession._core.backlog import BACKLOG_LIMIT
from nbsession._core.upload_content import IN_MEMORY, UploadContent
from nbsession._core.uploads import FIRST, PIECE, WINDOW, Limits, Uploads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbsession._core.uploaded_file import UploadedFile

CHANNEL = 5
TIMEOUT = 60.0
NAMED = {"one": Limits(), "many": Limits(multiple=True)}


class FakeSession:
    """A session, as its uploads know it."""

    number = CHANNEL


class FakePage:
    """A page that sends files."""

    def __init__(self) -> None:
        self.told: list[list[Any]] = []
        self.violations: list[str] = []
        self.unsent = 0
        self.context = "first"

    def answer(self, channel: int, text: str, buffers: Sequence[Any]) -> None:
        assert channel == CHANNEL
        self.told.append(json.loads(text))

    def waiting(self, channel: int | None = None) -> int:
        return self.unsent

    def violate(self, what: str) -> None:
        self.violations.append(what)

    def granted(self, number: int) -> int:
        return max((each[2] for each in self.told if each[:2] == ["granted", number]), default=FIRST)

    def stopped(self, number: int) -> list[str]:
        return [each[2] for each in self.told if each[:2] == ["stopped", number]]

    def stored(self, number: int) -> bool:
        return ["stored", number] in self.told


class Form:
    """Uploads and a page, whose numbers begin at 100."""

    def __init__(self, limits: dict[str, Limits] = NAMED, max_total_size: int = 0) -> None:
        self.page = FakePage()
        self.wakes = 0
        self.uploads = Uploads(FakeSession(), limits, self._woken, max_total_size=max_total_size)
        self._number = 99

    def _woken(self) -> None:
        self.wakes += 1

    def say(self, event: str, *rest: object, buffers: Sequence[Any] = ()) -> None:
        self.uploads.receive(event, rest, buffers, self.page)

    def announce(self, size: object, field: object = "one", **about: object) -> int:
        self._number += 1
        self.say("upload", field, self._number, {"name": "a.txt", "size": size, **about})
        return self._number

    def piece(self, number: int, content: object) -> None:
        self.say("piece", number, buffers=(content,))

    def fill(self, number: int, size: int) -> None:
        """Send so many bytes in pieces, whatever has been granted."""
        for _ in range(size // PIECE):
            self.piece(number, bytes(PIECE))

    def send(self, content: bytes, field: str = "one", **about: object) -> int:
        """Send a file as a page of ours does."""
        number = self.announce(len(content), field, **about)
        at = 0
        while at < len(content):
            self.uploads.work()
            after = min(at + PIECE, len(content), self.page.granted(number))
            assert after > at, "it must be granted more"
            self.piece(number, content[at:after])
            at = after
        self.say("uploaded", number)
        self.uploads.work()
        return number

    def take(self, number: int, field: str = "one") -> UploadedFile:
        [file] = self.uploads.take(field, [number])
        return file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the disk take nothing more."""

    def write(descriptor: int, content: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        yield


def temporary_files() -> int:
    """How many nameless files this process has open, without those of objects that nothing refers to."""
    gc.collect()
    count = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # closed by another thread
            count += str(descriptor.readlink()).endswith("(deleted)")
    return count


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


# -- hostile pages --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "rest"),
    [
        ("upload", []),
        ("upload", ["one", "5", {"size": 1}]),
        ("upload", ["one", True, {"size": 1}]),
        ("upload", ["one", -1, {"size": 1}]),
        ("upload", ["one", 2**70, {"size": 1}]),
        ("upload", ["one", 200, None]),
        ("upload", ["one", 200, {}]),
        ("upload", ["one", 200, {"size": -1}]),
        ("upload", ["one", 200, {"size": 1.5}]),
        ("upload", ["one", 200, {"size": True}]),
        ("upload", ["one", 200, {"size": 2**70}]),
        ("upload", [["one"], 200, {"size": 1}]),
        ("upload", ["another", 200, {"size": 1}]),
        ("upload", ["one", 100, {"size": 1}]),
        ("piece", []),
        ("piece", [None]),
        ("piece", [200]),
        ("piece", [{}]),
        ("uploaded", []),
        ("uploaded", [200]),
        ("discard", ["100"]),
    ],
)
def test_what_no_page_of_ours_says_is_a_violation(event: str, rest: list[object]) -> None:
    form = Form()
    form.send(b"abc")
    form.say(event, *rest)
    assert len(form.page.violations) == 1


@pytest.mark.parametrize("buffers", [[], [b"a", b"b"], [bytes(PIECE + 1)]])
def test_a_piece_is_one_buffer_of_limited_size(buffers: list[bytes]) -> None:
    form = Form()
    number = form.announce(FIRST)
    form.say("piece", number, buffers=buffers)
    assert (len(form.page.violations), form.page.stopped(number)) == (1, ["The upload failed."])


def test_a_piece_beyond_the_grant_is_a_violation() -> None:
    form = Form()
    number = form.announce(10 * WINDOW)
    form.fill(number, FIRST + PIECE)
    assert (form.page.violations, form.uploads.waiting) == (["more bytes of a file than were granted"], 0)


def test_a_piece_after_the_end_is_a_violation() -> None:
    form = Form()
    form.piece(form.send(b"abc"), b"d")
    assert form.page.violations == ["a piece of a file after its end"]


def test_what_comes_for_a_file_that_is_over_is_ignored() -> None:
    form = Form({"one": Limits(max_size=3)})
    number = form.announce(4)
    form.piece(number, b"abcd")
    form.say("uploaded", number)
    form.say("discard", number)
    assert (form.page.violations, form.uploads.waiting, len(form.page.told)) == ([], 0, 1)


def test_files_that_are_dropped_at_once_take_no_more_than_the_window() -> None:
    form = Form()
    for _ in range(50):
        number = form.announce(FIRST)
        form.fill(number, FIRST)
        form.say("discard", number)
    assert (form.uploads.waiting, form.page.violations) == (0, [])


def test_unwritten_files_take_no_more_than_the_window() -> None:
    form = Form()
    for _ in range(3):
        number = form.announce(FIRST, "many")
        form.fill(number, FIRST)
        form.say("uploaded", number)
    assert (form.uploads.waiting, len(form.page.violations)) == (WINDOW, 1)


def test_a_page_that_takes_no_answers_is_let_go() -> None:
    form = Form({"one": Limits(max_size=1)})
    form.page.unsent = 2 * BACKLOG_LIMIT + 1
    form.announce(2)
    assert (form.page.violations, form.page.told) == (["it does not take the answers to its files"], [])


def test_a_session_goes_on_after_violations() -> None:
    form = Form()
    form.say("piece", 5, buffers=[b"a"])
    assert form.take(form.send(b"abc")).content() == b"abc"


def test_another_page_begins_anew() -> None:
    form = Form()
    first = form.send(b"abc")
    form.page = FakePage()
    second = form.send(b"def")
    assert form.take(second).content() == b"def"
    with pytest.raises(ValueError, match="files that were uploaded"):
        form.uploads.take("one", [first])


def test_what_an_earlier_page_says_late_is_ignored() -> None:
    form = Form()
    earlier, number = form.page, form.announce(3)
    form.page = FakePage()
    form.announce(3)
    form.uploads.receive("piece", [number], [b"abc"], earlier)
    assert (form.uploads.waiting, earlier.violations) == (0, [])


# -- disks and threads ------------------------------------------------------------------------------


@pytest.mark.usefixtures("full_disk")
def test_on_a_full_disk_a_file_is_stopped_and_leaves_nothing() -> None:
    form = Form()
    before = temporary_files()
    number = form.announce(2 * IN_MEMORY)
    form.uploads.work()
    form.fill(number, 2 * IN_MEMORY)
    form.uploads.work()
    assert form.page.stopped(number) == ["There is no room left for the file."]
    assert temporary_files() == before


def test_an_interrupted_write_stops_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(descriptor: int, content: object) -> int:
        raise KeyboardInterrupt

    form = Form()
    number = form.announce(2 * IN_MEMORY)
    form.uploads.work()
    form.fill(number, 2 * IN_MEMORY)
    monkeypatch.setattr(os, "write", write)
    with pytest.raises(KeyboardInterrupt):
        form.uploads.work()
    assert form.page.stopped(number) == ["The upload was interrupted."]


def test_after_an_interrupt_others_can_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(content: UploadContent, piece: object) -> None:
        raise KeyboardInterrupt

    form = Form()
    form.piece(form.announce(3), b"abc")
    monkeypatch.setattr(UploadContent, "write", write)
    with pytest.raises(KeyboardInterrupt):
        form.uploads.work()
    monkeypatch.undo()
    assert form.take(form.send(b"abc")).content() == b"abc"


def test_a_slow_disk_holds_up_neither_the_receiving_thread_nor_a_discard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writes, goes_on = threading.Event(), threading.Event()
    write = UploadContent.write

    def slowly(content: UploadContent, piece: bytes) -> None:
        writes.set()
        assert goes_on.wait(TIMEOUT)
        write(content, piece)

    form = Form()
    number = form.announce(WINDOW)
    form.uploads.work()
    monkeypatch.setattr(UploadContent, "write", slowly)
    form.piece(number, bytes(PIECE))
    thread = threading.Thread(target=form.uploads.work)
    thread.start()
    try:
        assert writes.wait(TIMEOUT)
        form.piece(number, bytes(PIECE))
        form.uploads.work()  # returns: another thread works
        form.say("discard", number)
        assert form.uploads.waiting == 0
    finally:
        goes_on.set()
        thread.join(TIMEOUT)
    monkeypatch.undo()
    assert form.take(form.send(b"abc")).content() == b"abc"


# -- any order --------------------------------------------------------------------------------------

NUMBERS = st.integers(0, 6)
SIZES = st.sampled_from([0, 1, PIECE - 1, PIECE, PIECE + 1])
EVENTS = st.one_of(
    st.tuples(st.just("upload"), NUMBERS, st.sampled_from([0, 1, PIECE, FIRST, 3 * WINDOW])),
    st.tuples(st.just("piece"), NUMBERS, SIZES),
    st.tuples(st.just("pieces"), NUMBERS, st.integers(1, 9)),
    st.tuples(st.just("uploaded"), NUMBERS, st.none()),
    st.tuples(st.just("discard"), NUMBERS, st.none()),
    st.tuples(st.just("work"), st.none(), st.none()),
    st.tuples(st.just("send"), st.none(), st.sampled_from([0, 5, FIRST + 1, WINDOW])),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=40))
def test_in_any_order_a_page_fills_no_more_than_the_window_and_files_arrive_whole(
    events: list[tuple[str, Any, Any]],
) -> None:
    form = Form()
    arrived: dict[int, bytes] = {}

    def send(_: int, size: int) -> None:
        content = os.urandom(size)
        number = form.announce(size, "many")
        if not form.page.stopped(number):
            form.say("discard", number)
            arrived[form.send(content, "many")] = content

    def discard(number: int, _: int) -> None:
        form.say("discard", number)
        arrived.pop(number, None)

    acts = {
        "upload": lambda number, size: form.say("upload", "many", number, {"name": "a", "size": size}),
        "piece": lambda number, size: form.piece(number, os.urandom(size)),
        "pieces": lambda number, count: form.fill(number, count * PIECE),
        "uploaded": lambda number, _: form.say("uploaded", number),
        "discard": discard,
        "work": lambda *_: form.uploads.work(),
        "send": send,
    }
    for event, number, size in events:
        acts[event](number, size)
        assert 0 <= form.uploads.waiting <= WINDOW
    for sent, content in arrived.items():
        assert form.take(sent, "many").content() == content
    form.uploads.close()
    assert form.uploads.waiting == 0


@pytest.mark.parametrize("step", [1, -50], ids=["a larger number", "a smaller number"])
def test_a_page_that_was_reloaded_in_the_middle_begins_anew(step: int) -> None:
    form = Form()
    former = form.announce(3)
    form.piece(former, b"a")
    form.page.context = "second"
    number = former + step
    form.say("upload", "one", number, {"name": "a.txt", "size": 3})
    form.piece(number, b"abc")
    form.say("uploaded", number)
    form.uploads.work()
    assert (form.page.violations, form.take(number).content()) == ([], b"abc")

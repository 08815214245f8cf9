"""Files of pages that do not follow the protocol, and of disks and threads that fail."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbsession._core.backlog import BACKLOG_LIMIT
from nbsession._core.upload_content import IN_MEMORY, UploadContent
from nbsession._core.uploads import FIRST, PIECE, WINDOW, Limits

from .upload_form import TIMEOUT, FakePage, Form, temporary_files

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the disk take nothing more."""

    def write(descriptor: int, content: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        yield


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

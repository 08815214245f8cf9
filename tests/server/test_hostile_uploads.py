"""Visitors whose pages lie about their files: refused, in little memory, and nobody else notices."""

from __future__ import annotations

import tempfile
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import hold
from nbsession.input import file_upload
from nbsession.input import input as ask_text
from nbsession.output import put_text
from nbsession.pin import put_file_upload

from .test_uploads import Asked, open_files
from .uploading import MIB

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Serve, Visit
    from .visitor import Visitor

PIECE = bytes(256 * 1024)


class Liar:
    """A visitor who sends files without a browser."""

    def __init__(self, visitor: Visitor, kind: str = "form") -> None:
        self.visitor = visitor
        visitor.wait_for(lambda: self._nodes(kind))
        node = self._nodes(kind)[0]
        field = node["fields"][0] if kind == "form" else node["field"]
        self._key, self.name = node["key"], field["name"]

    def _nodes(self, kind: str) -> list[dict[str, Any]]:
        return [node for node in self.visitor.outputs if node["kind"] == kind]

    def say(self, event: str, *rest: object, buffers: tuple[bytes, ...] = ()) -> None:
        self.visitor.say_on_last_channel(["input", self._key, event, *rest], buffers)

    def announce(self, number: int, size: int) -> None:
        self.say("upload", self.name, number, {"name": "a.bin", "type": "", "size": size, "modified": 0})

    def send(self, number: int, content: bytes) -> None:
        """Send a small file as a page of ours does."""
        self.announce(number, len(content))
        if content:
            self.say("piece", number, buffers=(content,))
        self.say("uploaded", number)

    def submit(self, *numbers: int) -> None:
        self.say("submit", {self.name: list(numbers)})

    def told(self, number: int) -> list[Any]:
        """Wait until a file is stored or stopped, and return what was said."""

        def found() -> list[list[Any]]:
            return [each for each in self.visitor.uploads if each[0] != "granted" and each[1] == number]

        self.visitor.wait_for(found)
        return found()[0]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_ten_gigabytes_are_refused_where_a_megabyte_is_allowed(serve: Serve, visit: Visit) -> None:
    asked = Asked(lambda: file_upload("A file", max_size="1M"))
    liar = Liar(visit(serve(asked)))
    liar.announce(1, 10 * 2**30)
    assert liar.told(1) == ["stopped", 1, "The file is larger than 1.05 MB."]
    liar.send(2, b"abc")
    liar.submit(2)
    assert asked.answer()["content"] == b"abc"


def test_a_form_without_limits_is_limited_to_the_largest_payload(serve: Serve, visit: Visit) -> None:
    asked = Asked(lambda: file_upload("Files", multiple=True))
    liar = Liar(visit(serve(asked, max_payload_size="1M")))
    liar.send(1, b"abc")
    liar.announce(2, MIB - 2)
    assert liar.told(2) == ["stopped", 2, "All files are larger than 1.05 MB together."]
    liar.submit(1)
    assert [file["content"] for file in asked.answer()] == [b"abc"]


def test_a_pin_without_limits_is_limited_to_the_largest_payload(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_file_upload("file")
        hold()

    liar = Liar(visit(serve(app, max_payload_size="1M")), "pin")
    liar.announce(1, MIB + 1)
    assert liar.told(1) == ["stopped", 1, "All files are larger than 1.05 MB together."]


def test_more_bytes_than_announced_are_refused(serve: Serve, visit: Visit) -> None:
    asked = Asked(lambda: file_upload("A file", max_size="1M"))
    liar = Liar(visit(serve(asked)))
    liar.announce(1, 3)
    liar.say("piece", 1, buffers=(PIECE,))
    assert liar.told(1)[0] == "stopped"
    liar.send(2, b"abc")
    liar.submit(2)
    assert asked.answer()["content"] == b"abc"


def test_a_page_that_sends_pieces_of_no_file_is_closed_and_others_go_on(
    serve: Serve, visit: Visit, temporary: Path
) -> None:
    answers: Queue[Any] = Queue()

    def app() -> None:
        answers.put(file_upload("A file", multiple=True))
        put_text("thank you")

    server = serve(app)
    honest, liar = Liar(visit(server)), Liar(visit(server))
    liar.send(1, b"abc")
    liar.say("piece", 77, buffers=(PIECE,))
    liar.visitor.wait_gone()
    honest.send(1, b"abc")
    honest.submit(1)
    honest.visitor.wait_for(lambda: "thank you" in honest.visitor.texts)
    assert open_files(temporary) == 0


def test_of_more_than_a_thousand_files_the_rest_is_refused(serve: Serve, visit: Visit) -> None:
    asked = Asked(lambda: file_upload("Files", multiple=True))
    liar = Liar(visit(serve(asked)))
    for number in range(1, 1002):
        liar.send(number, b"")
    assert liar.told(1000) == ["stored", 1000]
    assert liar.told(1001) == ["stopped", 1001, "At most 1,000 files can be uploaded."]
    liar.submit(*range(1, 1001))
    assert len(asked.answer()) == 1000


def test_a_form_without_files_takes_none(serve: Serve, visit: Visit) -> None:
    asked = Asked(lambda: ask_text("Your name"))
    liar = Liar(visit(serve(asked)))
    liar.send(1, PIECE)
    liar.say("submit", {liar.name: "Ada"})
    assert (asked.answer(), liar.visitor.uploads) == ("Ada", [])


def test_files_that_were_not_uploaded_are_no_answer(serve: Serve, visit: Visit) -> None:
    asked = Asked(lambda: file_upload("Files", multiple=True))
    liar = Liar(visit(serve(asked)))
    liar.submit(5, 6)
    liar.send(1, b"abc")
    assert liar.told(1)[0] == "stored"
    liar.submit(1)
    assert [file["content"] for file in asked.answer()] == [b"abc"]


def test_a_pin_that_has_expired_takes_no_files(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_file_upload("file")
        ask_text("Go on?")
        put_file_upload("file")
        put_text("there is another")
        hold()

    liar = Liar(visit(serve(app)), "pin")
    liar.announce(1, 2 * MIB)
    form = Liar(liar.visitor)
    form.say("submit", {form.name: "yes"})
    assert liar.told(1) == ["stopped", 1, "This input can no longer be changed."]
    liar.announce(2, 3)
    assert liar.told(2) == ["stopped", 2, "This input can no longer be changed."]


def test_a_page_that_sends_too_large_a_piece_is_closed(serve: Serve, visit: Visit, temporary: Path) -> None:
    liar = Liar(visit(serve(lambda: file_upload("A file"))))
    liar.announce(1, 10 * MIB)
    liar.say("piece", 1, buffers=(PIECE + b"a",))
    liar.visitor.wait_gone()
    assert open_files(temporary) == 0

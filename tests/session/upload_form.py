"""A form that takes files, and the page that sends them."""

from __future__ import annotations

import gc
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbsession._core.uploads import FIRST, PIECE, Limits, Uploads

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def temporary_files() -> int:
    """How many nameless files this process has open, without those of objects that nothing refers to."""
    gc.collect()
    count = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # closed by another thread
            count += str(descriptor.readlink()).endswith("(deleted)")
    return count

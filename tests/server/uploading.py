"""What a reader with files does on a page of ours, in a notebook or served."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from .visitor import TIMEOUT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

MIB = 2**20

_GATE = """
(most) => {
    const { slice, arrayBuffer } = Blob.prototype;
    const held = new WeakSet();
    const opened = new Promise((resolve) => { window.openGate = resolve; });
    Blob.prototype.slice = function (start, ...rest) {
        const part = slice.call(this, start, ...rest);
        if (start >= most) held.add(part);
        return part;
    };
    Blob.prototype.arrayBuffer = async function () {
        if (held.has(this)) await opened;
        return arrayBuffer.call(this);
    };
}
"""


class FileReader:
    """A reader who has been asked for files.

    Parameters
    ----------
    page : Page
        The page.
    within : Locator, optional
        Where the form or pin is, if the page shows several.
    """

    def __init__(self, page: Page, within: Locator | None = None) -> None:
        self._page = page
        self._within = page.locator("body") if within is None else within

    def choose(self, *files: Path) -> None:
        self._within.locator("input[type=file]").set_input_files(list(files))

    def submit(self) -> None:
        self._within.get_by_role("button", name="Submit").click()

    def stop(self) -> None:
        self._within.get_by_role("button", name="Stop").click()

    def hold_after(self, size: int) -> None:
        """Let the page read so many bytes of each file, and no more before `go_on`."""
        self._page.evaluate(_GATE, size)

    def go_on(self) -> None:
        self._page.evaluate("openGate()")

    def wait_until_under_way(self, percent: int) -> None:
        """Wait until the page shows that Python has so much of a file."""
        bar = self._within.get_by_role("progressbar")
        expect(bar).to_have_attribute("aria-valuenow", str(percent), timeout=TIMEOUT * 1000)

    @property
    def rows(self) -> Locator:
        """The files that the page lists."""
        return self._within.locator(".nbsession-upload")


def some_file(folder: Path, size: int, name: str = "some.bin") -> Path:
    """Write a file of random bytes; those of a large one repeat, at no length that a piece has."""
    path = folder / name
    block = random.Random(name).randbytes(min(size, MIB + 1))
    with path.open("wb") as file:
        left = size
        while left:
            left -= file.write(block[:left])
    return path

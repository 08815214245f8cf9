"""The reader's own browser, and the file that leads it to the page."""

from __future__ import annotations

import io
import tempfile
from typing import TYPE_CHECKING

from nbsession._own_page import browser
from nbsession._own_page.browser import ReadersBrowser

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class Reader(io.StringIO):
    """Opens the page as soon as its address is told."""

    def __init__(self, browser: ReadersBrowser) -> None:
        super().__init__()
        self._browser = browser

    def write(self, text: str) -> int:
        self._browser.opened()
        return super().write(text)


def test_a_page_that_is_open_as_soon_as_its_address_is_told_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("BROWSER", "true %s")
    opened: list[str] = []
    monkeypatch.setattr(browser, "open_browser", opened.append)
    reader = ReadersBrowser()
    monkeypatch.setattr("sys.stderr", Reader(reader))

    reader.open("http://127.0.0.1:1/?token=x")

    assert not list(tmp_path.iterdir())
    assert not opened

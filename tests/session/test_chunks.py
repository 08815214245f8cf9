"""A page asks for a part of the client: it gets what there is, once, whatever else it asks for."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

import nbsession
from nbsession._core import chunks
from nbsession._core.page import Page

from .test_page_sending import Unwound, Wire

STATIC = Path(nbsession.__file__).parent / "static"


@pytest.fixture
def page() -> Page:
    unwound: Any = Unwound()
    return Page("page", "context", {}, Wire(), unwound)


def ask(page: Page, *names: object, frame: int = 1) -> None:
    said = json.dumps([["chunk", name] for name in names]).encode()
    page.receive({"number": frame, "ack": 0, "items": [[0, 1]]}, [said])


def sent(page: Page) -> list[list[bytes]]:
    """Return the buffers of the frames that have items, each with its messages first."""
    page.flush()
    frames = page.transport.frames  # type: ignore[attr-defined]
    return [buffers for frame, buffers in frames if frame.get("items")]


def test_the_answer_is_the_file(page: Page) -> None:
    ask(page, "code_editor")
    [[message, content]] = sent(page)
    assert json.loads(message) == [["chunk", "code_editor"]]
    assert gzip.decompress(content) == (STATIC / "code_editor.js").read_bytes()


def test_a_context_gets_it_once_however_often_it_asks(page: Page) -> None:
    ask(page, *["code_editor"] * 100)
    ask(page, "code_editor", frame=2)
    assert len(sent(page)) == 1


def test_the_next_context_gets_it_again(page: Page) -> None:
    ask(page, "code_editor")
    page.renew("next", {}, page.transport, None)
    ask(page, "code_editor")
    assert len(sent(page)) == 2


@pytest.mark.parametrize("name", ["bridge", "../secrets", "", None, 5, [], {}, ["code_editor"]])
def test_there_are_no_others(page: Page, name: object, caplog: pytest.LogCaptureFixture) -> None:
    ask(page, name)
    assert sent(page) == []
    assert caplog.records == []


def test_a_page_is_told_if_the_file_is_missing(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks.compressed_chunk.cache_clear()
    monkeypatch.setattr(chunks, "_STATIC", tmp_path)
    ask(page, "code_editor")
    assert [json.loads(message) for [message] in sent(page)] == [[["chunk", "code_editor"]]]

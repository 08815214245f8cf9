"""Buffers as text: what the vectors say, as the page's side does it."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from nbsession._jupyter.pages.text_only import from_text, in_text
from nbsession._jupyter.shell.shell_interceptor import CommMessage

VECTORS = Path(__file__).parents[1] / "vectors" / "text_only" / "envelopes.json"
ENVELOPES = json.loads(VECTORS.read_text(encoding="utf-8"))["envelopes"]

vectors = pytest.mark.parametrize("vector", ENVELOPES, ids=[vector["name"] for vector in ENVELOPES])


def buffers_of(vector: dict[str, Any]) -> list[bytes]:
    return [
        b64decode(text[7:]) if text.startswith("base64:") else text.encode() for text in vector["buffers"]
    ]


def received(content: dict[str, Any], buffers: list[memoryview] | None = None) -> CommMessage:
    taken: list[CommMessage] = []
    from_text(taken.append)(CommMessage(content, buffers or [], {"session": "page"}))
    [message] = taken
    return message


@vectors
def test_what_is_published_has_no_buffers(vector: dict[str, Any]) -> None:
    published: list[Any] = []
    publish = in_text(lambda *message: published.append(message))
    publish(vector["envelope"], [memoryview(buffer) for buffer in buffers_of(vector)])
    assert published == [(vector["said"], ())]


@vectors
def test_what_a_page_says_has_its_buffers_again(vector: dict[str, Any]) -> None:
    message = received(vector["said"])
    assert message.content["context"] == vector["envelope"]["context"]
    assert message.content.get("frame") == vector["envelope"].get("frame")
    assert [bytes(buffer) for buffer in message.buffers] == buffers_of(vector)
    assert message.header == {"session": "page"}


def test_buffers_that_came_all_the_same_are_kept() -> None:
    assert received({"context": "c"}, [memoryview(b"binary")]).buffers == [b"binary"]


@pytest.mark.parametrize("base64", [["A"], ["!!!!"], 3, [None]])
def test_what_is_no_base64_is_no_message(base64: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        received({"context": "c", "base64": base64})

"""Messages that are handled behind a long one."""

from __future__ import annotations

from queue import Queue

import pytest

from nbsession._core.behind import Behind
from nbsession._link import Message, Unparsed

TIMEOUT = 60


def test_a_fault_in_handling_a_message_does_not_stop_those_after_it(caplog: pytest.LogCaptureFixture) -> None:
    handled: Queue[object] = Queue()

    def handle(message: Message) -> None:
        if message.body == ["broken"]:
            raise KeyError
        handled.put(message.body)

    behind = Behind(handle, lambda _: None, lambda: False, 1000)
    for name in ("broken", "whole"):
        behind.put(Message(1, [name], []))
    assert handled.get(timeout=TIMEOUT) == ["whole"]
    assert "could not be handled" in caplog.text


def test_the_processing_time_of_a_long_text_is_told() -> None:
    told: Queue[float] = Queue()
    text = b"[" + b"1," * 500_000 + b"1]"
    behind = Behind(lambda _: None, lambda _: None, lambda: False, 10_000_000, told.put)
    behind.put(Message(1, Unparsed(text), []))
    assert told.get(timeout=TIMEOUT) > 0.001

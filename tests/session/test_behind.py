"""Messages that are handled behind a long one."""

from __future__ import annotations

from queue import Queue

import pytest

from nbsession._core.behind import Behind
from nbsession._link import Message

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

"""A page that says, over and over, that it does not have a channel."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from nbsession._core.page import Page

from .test_page_sending import Unwound, Wire

NUMBER = 7


@pytest.fixture
def page() -> Page:
    """Return a page with an open channel, which takes nothing of what it is sent."""
    unwound: Any = Unwound()
    page = Page("page", "context", {}, Wire(), unwound)
    page.open(Mock(number=NUMBER, opening=lambda: {"kind": "session"}))
    page.flush()
    return page


def refuse(page: Page, frame: int, times: int = 1) -> None:
    said = b",".join([b'["refused", 7]'] * times)
    page.receive({"number": frame, "ack": 0, "items": [[0, 1]]}, [b"[" + said + b"]"])


def opened(page: Page) -> int:
    page.flush()
    return str(page.transport.frames).count('["open", 7')  # type: ignore[attr-defined]


def test_what_it_says_at_one_time_opens_the_channel_again_once(page: Page) -> None:
    refuse(page, 1, times=1000)
    assert opened(page) == 2


def test_what_it_says_later_opens_the_channel_again(page: Page) -> None:
    refuse(page, 1)
    refuse(page, 2)
    assert opened(page) == 3


def test_a_page_that_reads_none_of_the_answers_is_let_go(page: Page) -> None:
    reasons: list[str] = []
    page.on_violation(reasons.append)
    for frame in range(1, 50_000):
        refuse(page, frame)
        if reasons:
            break
    assert page.waiting(0) < 2 * 1024 * 1024
    assert "misses channels" in reasons[0]

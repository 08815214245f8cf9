"""The session of a page's own callbacks, which shows nothing but toasts."""

from __future__ import annotations

import itertools
import threading

import pytest

from nbsession._core.session import Session
from nbsession._jupyter.own_page_platform import OwnPagePlatform
from nbsession._own_page.unseen import Unseen


class Platform(OwnPagePlatform):
    """The part of a platform that knows such sessions, without a kernel."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unseen = Unseen()
        self._page_sessions: dict[str, Session] = {}
        self._kept: dict[int, Session] = {}
        self._open: dict[int, Session] = {}
        self.next_channel = itertools.count(1).__next__


@pytest.fixture
def platform() -> Platform:
    """A platform whose sessions are on a page of the kernel's own."""
    return Platform()


def test_it_is_the_same_for_each_callback(platform: Platform) -> None:
    assert platform.page_session("a") is platform.page_session("b")


def test_it_is_not_kept_to_be_read_when_it_has_closed(platform: Platform) -> None:
    session = platform.page_session("a")
    session.view_shown()
    assert not platform.keep_outputs(session)


def test_a_cell_s_session_is_kept_to_be_read_if_it_has_shown_something(platform: Platform) -> None:
    session = platform.new_session("a")
    assert not platform.keep_outputs(session)
    session.view_shown()
    assert platform.keep_outputs(session)


def test_callbacks_have_a_new_one_when_it_has_closed(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "keep_outputs", lambda _: True)  # the platform hears later that it is over
    former = platform.page_session("a")
    former.close("because")
    session = platform.page_session("a")
    assert (session is former, session.closed) == (False, None)
    assert platform.page_session("a") is session

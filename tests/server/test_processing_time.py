"""A page that causes much processing time waits, so that the others need not."""

from __future__ import annotations

import logging
import select
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from nbsession import defer_call, eval_js, hold
from nbsession._server.adapters import tornado_server, wsgi
from nbsession._server.pages import throttle, time_budget

from .visitor import TIMEOUT

if TYPE_CHECKING:
    from .conftest import Serve, Visit
    from .visitor import Visitor

LARGE = "x" * 700_000
MANY, OFTEN = 20, 200


@pytest.fixture
def used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing left of the budget that pages share, and allowances that do not grow with time."""
    monkeypatch.setattr(time_budget, "_ALL_EACH_SECOND", 0.0)
    monkeypatch.setattr(time_budget, "_SHARED_AT_MOST", 0.0)
    monkeypatch.setattr(wsgi, "_LATE", 60.0)


class Apps:
    """An app that gets a large value, and one that gets small ones until it is told to stop."""

    def __init__(self) -> None:
        self.got = threading.Event()
        self.stop = threading.Event()
        self.small = 0
        self.small_at = self.got_at = 0.0

    def large(self) -> None:
        assert eval_js("large") == LARGE
        self.got_at = time.monotonic()
        self.got.set()
        hold()

    def calm(self) -> None:
        while not self.stop.is_set():
            self.small_at = time.monotonic()
            eval_js("small")
            self.small += 1
        hold()

    def both(self) -> dict[str, object]:
        return {"large": self.large, "calm": self.calm}


def wait_beside(serve: Serve, visit: Visit, **protocol: str) -> tuple[bool, float]:
    """Say something large while another page is active; say whether it waited, and how long after the other's end."""
    apps = Apps()
    server = serve(apps.both())
    calm = visit(server, "&app=calm", **protocol)
    calm.wait_for(lambda: apps.small)
    try:
        large = visit(server, "&app=large", evaluate=lambda _: LARGE, **protocol)
        calm.wait_for(lambda: large.evaluated)  # by HTTP the other one answers, and does nothing beside
        since = apps.small
        calm.wait_for(lambda: apps.small >= since + MANY)
        waits = not apps.got.is_set()
    finally:
        apps.stop.set()
    assert apps.got.wait(TIMEOUT)
    return waits, apps.got_at - apps.small_at


@pytest.mark.usefixtures("used_up")
def test_a_large_message_waits_while_other_pages_are_active(serve: Serve, visit: Visit) -> None:
    waits, seconds = wait_beside(serve, visit)
    assert waits
    assert seconds > 0.9


@pytest.mark.usefixtures("used_up")
def test_a_large_request_waits_while_other_pages_are_active(serve: Serve, visit: Visit) -> None:
    waits, seconds = wait_beside(serve, visit, protocol="http")
    assert waits
    assert seconds > 0.9


@pytest.mark.usefixtures("used_up")
def test_a_page_that_waits_is_not_taken_for_gone(
    serve: Serve, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tornado_server, "PING_EVERY", 0.3)
    apps = Apps()
    server = serve(apps.both())
    calm = visit(server, "&app=calm")
    calm.wait_for(lambda: apps.small)
    try:
        large = visit(server, "&app=large", evaluate=lambda _: LARGE)
        calm.wait_for(lambda: large.evaluated)
        until = time.monotonic() + 1.5
        calm.wait_for(lambda: time.monotonic() > until)
    finally:
        apps.stop.set()
    assert apps.got.wait(TIMEOUT)
    assert not large.gone


@pytest.mark.usefixtures("used_up")
def test_a_large_message_does_not_wait_where_its_page_is_alone(serve: Serve, visit: Visit) -> None:
    apps = Apps()
    large = visit(serve(apps.both()), "&app=large", evaluate=lambda _: LARGE)
    large.wait_for(apps.got.is_set)
    assert large.evaluated == ["large"]


@pytest.mark.usefixtures("used_up")
def test_what_an_app_asks_for_costs_its_page_nothing(serve: Serve, visit: Visit) -> None:
    """Two pages answer as fast as they can: neither waits for the other."""
    apps = Apps()
    server = serve(apps.both())
    visitors = [visit(server, "&app=calm") for _ in range(2)]
    try:
        for visitor in visitors:
            visitor.wait_for(partial(_has_answered_often, visitor))
    finally:
        apps.stop.set()
    assert not any(visitor.gone for visitor in visitors)


def _has_answered_often(visitor: Visitor) -> bool:
    return len(visitor.evaluated) > OFTEN


@pytest.mark.usefixtures("used_up")
def test_a_page_that_would_wait_too_long_is_cut_off_and_may_come_back(
    serve: Serve, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "_LONGEST", 1.5)  # new pages wait for half a second
    monkeypatch.setattr(wsgi, "_LATE", 1.5)
    apps = Apps()
    server = serve(apps.both())
    calm = visit(server, "&app=calm")
    calm.wait_for(lambda: apps.small)
    try:
        large = visit(server, "&app=large", evaluate=lambda _: LARGE)
        large.wait_gone()
        assert not apps.got.is_set()
    finally:
        apps.stop.set()
    monkeypatch.setattr(time_budget, "_ACTIVE", 0.0)
    large.reconnect()
    assert apps.got.wait(TIMEOUT)


@pytest.mark.usefixtures("used_up")
def test_that_a_page_is_cut_off_is_no_error_of_the_server(
    serve: Serve, visit: Visit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(throttle, "_LONGEST", 1.5)
    monkeypatch.setattr(wsgi, "_LATE", 1.5)
    apps = Apps()
    server = serve(apps.both())
    calm = visit(server, "&app=calm", protocol="http")
    calm.wait_for(lambda: apps.small)
    try:
        large = visit(server, "&app=large", evaluate=lambda _: LARGE, protocol="http")
        calm.wait_for(lambda: large.gone)
    finally:
        apps.stop.set()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.skipif(not hasattr(select, "POLLRDHUP"), reason="this system does not tell")
@pytest.mark.usefixtures("used_up")
def test_a_page_that_leaves_while_it_waits_has_left_at_once(serve: Serve, visit: Visit) -> None:
    left = threading.Event()
    apps = Apps()

    def large() -> None:
        defer_call(left.set)
        eval_js("large")

    server = serve({"large": large, "calm": apps.calm}, reconnect_timeout=0)
    calm = visit(server, "&app=calm")
    calm.wait_for(lambda: apps.small)
    try:
        visitor = visit(server, "&app=large", evaluate=lambda _: LARGE)
        calm.wait_for(lambda: visitor.evaluated)
        visitor.vanish()
        calm.wait_for(left.is_set)
    finally:
        apps.stop.set()

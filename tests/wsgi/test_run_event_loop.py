"""``run_event_loop``: the loop of coroutine apps in a WSGI application, in a thread of the program."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from nbsession._server.run.assembly import make_endpoint
from nbsession._server.run.coroutine_loop import coroutine_loop
from nbsession.platform import run_event_loop
from nbsession.platform.flask import wsgi_app
from tests.server.visitor import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The loop, which another thread runs."""

    def run() -> None:
        with suppress(asyncio.CancelledError):
            run_event_loop()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while (loop := coroutine_loop()) is None:
        thread.join(0.01)
        assert thread.is_alive()
    yield loop
    for task in asyncio.all_tasks(loop):
        loop.call_soon_threadsafe(task.cancel)
    thread.join(TIMEOUT)
    assert coroutine_loop() is None


def loop_of_an_application(monkeypatch: pytest.MonkeyPatch) -> asyncio.AbstractEventLoop:
    """The loop that the coroutine apps of a Flask application run on."""
    loops: list[Any] = []

    def record(backend: Any, apps: Any, options: Any, loop: Any, **rest: Any) -> Any:
        loops.append(loop)
        return make_endpoint(backend, apps, options, loop, **rest)

    monkeypatch.setattr("nbsession._server.adapters.wsgi_mounted.make_endpoint", record)
    wsgi_app(lambda: None).test_client().get("/", environ_overrides={"wsgi.multithread": True})
    return loops[0]  # type: ignore[no-any-return]


def test_coroutine_apps_run_on_it(loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert loop_of_an_application(monkeypatch) is loop


def test_without_it_they_have_a_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    assert loop_of_an_application(monkeypatch).is_running()

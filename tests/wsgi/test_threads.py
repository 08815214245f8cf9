"""What a server with few threads does with many visitors."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import eval_js, hold, info
from nbsession._server.adapters.wsgi_threads import Threads
from tests.server.visitor import TIMEOUT, Visitor, get

from .pages import settled

if TYPE_CHECKING:
    from nbsession._server.run.handle import ServerHandle
    from tests.load.page import Page

ROOT = Path(__file__).parents[2]
EXCHANGE = "/?nbsession=exchange"


def serve(start_server: Any, apps: Any, **options: Any) -> ServerHandle:
    async def start() -> ServerHandle:
        handle: ServerHandle = start_server(apps, port=0, **options)
        return handle

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, start()).result()


# -- how many polls are held ---------------------------------------------------------------------


@pytest.mark.parametrize(("count", "held"), [(1, 0), (2, 1), (3, 1), (8, 4)])
def test_half_of_the_threads_may_hold_polls(count: int, held: int) -> None:
    threads = Threads(count)
    with ExitStack() as stack:
        assert [stack.enter_context(threads.hold()) for _ in range(held + 2)] == [True] * held + [False] * 2
    with threads.hold() as again:
        assert again is (held > 0)


def test_a_server_that_does_not_say_how_many_it_has_is_taken_to_have_those_seen_at_once() -> None:
    threads = Threads()
    with ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(threads.at_work())
    with ExitStack() as stack:
        assert [stack.enter_context(threads.hold()) for _ in range(4)] == [True, True, True, False]


def test_a_server_has_a_thread() -> None:
    with pytest.raises(ValueError, match="threads must be 1 or more, not 0"):
        Threads(0)


# -- on a server ---------------------------------------------------------------------------------


def test_polls_beyond_half_of_the_threads_are_answered_at_once(start_server: Any) -> None:
    server = serve(start_server, hold, threads=4)
    answers: Queue[str] = Queue()

    def poll(page: Page) -> None:
        headers = {"Nbsession-Context": page.context, "Nbsession-Hold": "20"}
        response, _ = get(server.port, EXCHANGE, "POST", None, **headers)
        answers.put(response.getheader("Nbsession-Hold", "held"))

    polls = [threading.Thread(target=poll, args=(settled(server.port),)) for _ in range(4)]
    for each in polls:
        each.start()
    assert [answers.get(timeout=TIMEOUT) for _ in range(2)] == ["0", "0"]
    assert answers.empty()
    server.close()
    assert [answers.get(timeout=TIMEOUT) for _ in range(2)] == ["held", "held"]
    for each in polls:
        each.join()


def test_an_answer_without_news_has_a_length_and_no_chunks(start_server: Any) -> None:
    server = serve(start_server, hold)
    page = settled(server.port)
    response, body = get(server.port, EXCHANGE, "POST", Nbsession_Context=page.context, Nbsession_Hold="0")
    server.close()
    assert (response.status, body) == (200, b"")
    assert (response.getheader("Content-Length"), response.getheader("Transfer-Encoding")) == ("0", None)


def test_of_fifty_visitors_on_eight_threads_none_is_starved(start_server: Any) -> None:
    visitors, rounds = 50, 10
    counts: dict[object, int] = {}
    changed = threading.Condition()
    enough = threading.Event()

    def app() -> None:
        me = object()
        while not enough.is_set():
            assert eval_js("1 + 1") == "1 + 1"
            with changed:
                counts[me] = counts.get(me, 0) + 1
                changed.notify_all()

    def all_have_enough() -> bool:
        return len(counts) == visitors and min(counts.values()) >= rounds

    server = serve(start_server, app, threads=8)
    command = [sys.executable, "-m", "tests.wsgi.pages", str(server.port), str(visitors), "app"]
    with subprocess.Popen(command, cwd=ROOT) as pages, changed:
        assert changed.wait_for(all_have_enough, 60), sorted(counts.values())
        enough.set()
        pages.kill()
    server.close()


def test_info_tells_of_the_framework(start_server: Any) -> None:
    told: list[Any] = []

    def app() -> None:
        told.append((info.backend, info.protocol, info.request))

    server = serve(start_server, app)
    visitor = Visitor(server.port, protocol="http")
    visitor.wait_for(lambda: visitor.ended)
    server.close()
    ((backend, protocol, request),) = told
    assert protocol == "http"
    assert type(request).__module__.split(".")[0] == backend
    assert request.method == "POST"

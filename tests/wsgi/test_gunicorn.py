"""What a server that can keep sessions tells the others, and how one ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from nbsession._server.wire.envelope import join, pack
from tests.backends.backends import Server
from tests.backends.process import ServerProcess
from tests.load.page import Page
from tests.server.visitor import get

from .pages import settled

if TYPE_CHECKING:
    from collections.abc import Iterator

EXCHANGE = "/?nbsession=exchange"


@pytest.fixture
def gunicorn() -> Iterator[Any]:
    """Run a framework's application on gunicorn."""
    running: list[ServerProcess] = []

    def gunicorn(framework: str, *options: str) -> ServerProcess:
        # Imported before it listens, in the process that the workers are copies of.
        always = ("--bind=127.0.0.1:0", "--no-control-socket", "--preload")
        application = f"tests.wsgi.application:{framework}"
        command = (sys.executable, "-m", "gunicorn", *always, *options, application)
        running.append(ServerProcess(Server(framework, command)))
        return running[-1]

    yield gunicorn
    for server in running:
        server.end()


def test_a_server_of_one_request_at_a_time_says_that_it_keeps_no_sessions(gunicorn: Any) -> None:
    port = gunicorn("flask", "--worker-class=sync", "--workers=1").port
    for path, method in (("/", "GET"), (EXCHANGE, "POST")):
        response, text = get(port, path, method)
        assert response.status == 409
        assert b"gthread" in text
        assert b"stickiness" in text


def test_a_process_that_does_not_know_a_page_says_what_several_processes_need(gunicorn: Any) -> None:
    port = gunicorn("django", "--worker-class=gthread", "--workers=2", "--threads=4").port
    page = Page()
    response, text = get(port, EXCHANGE, "POST", Nbsession_Context=page.context)
    assert response.status == 409
    assert b"expired" in text
    assert b"gthread" in text
    assert b"stickiness" in text
    said = pack({"context": page.context, "frame": {"ack": 0}}, ())
    assert get(port, EXCHANGE, "POST", join([said]), Nbsession_Context=page.context)[0].status == 409
    response, welcome = get(port, EXCHANGE, "POST", join([page.hello()]), Nbsession_Context=page.context)
    assert response.status == 200
    assert b"welcome" in welcome


def test_deferred_functions_run_when_the_server_ends(gunicorn: Any) -> None:
    server = gunicorn("flask", "--worker-class=gthread", "--workers=1", "--threads=4")
    settled(server.port)
    server.wait_for("a session")
    server.process.terminate()
    server.wait_for("the session has closed")

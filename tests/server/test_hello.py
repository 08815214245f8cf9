"""How visits begin: who counts as a page, and what becomes of those who do not."""

from __future__ import annotations

import threading
from contextlib import closing
from queue import Queue
from typing import TYPE_CHECKING

import pytest

from nbsession import defer_call, eval_js, hold
from nbsession._apps.function_app import FunctionApp
from nbsession._server.adapters import tornado_server, tornado_socket
from nbsession._server.event_loop import conversation
from nbsession._server.pages.clients import FAILED
from nbsession._server.wire.envelope import join, pack
from nbsession.output import put_text

from .visitor import TIMEOUT, Socket, get

if TYPE_CHECKING:
    from .conftest import Serve, Visit

CONTEXT = "c" * 32


def test_a_hello_that_comes_twice_leaves_the_connection_alone(serve: Serve, visit: Visit) -> None:
    """A page says it again after a second without an answer."""
    go = threading.Event()

    def app() -> None:
        put_text("before")
        go.wait(TIMEOUT)
        put_text(f"after {eval_js('x')}")

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts)
    visitor.welcomed = False
    visitor.say({"hello": visitor.hello})
    visitor.wait_for(lambda: visitor.welcomed)
    go.set()
    visitor.wait_for(lambda: len(visitor.texts) > 1 or visitor.gone)
    assert visitor.texts == ["before", "after x"]


def test_an_app_that_ends_while_its_page_is_greeted_keeps_the_page_until_all_has_arrived(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = FunctionApp.start

    def start_and_end(app: FunctionApp) -> None:
        ended = threading.Event()
        app.session.on_close(lambda _: ended.set())
        start(app)
        assert ended.wait(TIMEOUT)
        assert app.session.wait_closed(TIMEOUT)

    monkeypatch.setattr(FunctionApp, "start", start_and_end)
    hello = pack({"hello": {"version": "1.0", "page": "p" * 32, "context": CONTEXT}}, ())
    with closing(Socket(serve(lambda: None).port)) as silent:
        silent.send(hello)
        while b"the app has ended" not in _bytes(silent.receive()):
            pass
        silent.send(hello)
        while b"welcome" not in (heard := _bytes(silent.receive())):
            assert b"ended" not in heard


def _bytes(message: bytes | str | None) -> bytes:
    assert isinstance(message, bytes)
    return message


@pytest.mark.parametrize(
    "envelope",
    [
        {"context": CONTEXT, "alive": True},
        {"hello": {"version": "1.0"}},
        {"hello": {"version": "99.0", "page": "p" * 32, "context": CONTEXT}},
    ],
)
def test_a_socket_that_does_not_become_a_page_s_is_closed(
    serve: Serve, envelope: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (tornado_socket, conversation):
        monkeypatch.setattr(module, "HELLO_WITHIN", 0.1)
    with closing(Socket(serve(lambda: None).port)) as stranger:
        stranger.wire.settimeout(None)  # one that stays open is waited for until the test's own limit
        stranger.send(pack(envelope, ()))
        while stranger.receive() is not None:
            pass


def test_a_socket_that_does_not_answer_pings_is_closed(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tornado_server, "PING_EVERY", 0.05)
    with closing(Socket(serve(lambda: None).port)) as deaf:
        deaf.wire.settimeout(None)
        hello = {"version": "1.0", "page": "p" * 32, "context": CONTEXT}
        deaf.send(pack({"hello": hello}, ()))
        while deaf.receive() is not None:
            pass


def test_sockets_of_our_own_server_are_not_read_by_tornado(
    serve: Serve, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That costs a quarter of an ``eval_js``; see tornado_wire.py."""
    monkeypatch.setattr(tornado_socket, "TornadoWire", None)
    visitor = visit(serve(lambda: put_text("here")))
    visitor.wait_for(lambda: visitor.texts)


@pytest.mark.parametrize(("texts", "heard"), [(True, {str}), (False, {bytes})])
def test_a_page_is_spoken_to_as_it_speaks(
    serve: Serve, visit: Visit, *, texts: bool, heard: set[type]
) -> None:
    visitor = visit(serve(lambda: put_text(eval_js("x", big="y" * 1000))), texts=texts)
    visitor.wait_for(lambda: visitor.texts)
    assert visitor.texts == ["x"]
    assert visitor.heard == heard


def test_what_is_large_comes_as_bytes_to_a_page_that_speaks_by_text(serve: Serve, visit: Visit) -> None:
    visitor = visit(serve(lambda: put_text(eval_js("x", big="y" * 100_000))), texts=True)
    visitor.wait_for(lambda: visitor.texts)
    assert visitor.texts == ["x"]
    assert visitor.heard == {str, bytes}


def test_a_request_speaks_for_its_own_page_only(serve: Serve) -> None:
    began = threading.Event()
    port = serve(began.set).port
    hello = {"version": "1.0", "page": "p" * 32, "context": "another" * 8}
    body = join([pack({"hello": hello}, ())])
    response, _ = get(port, "/?nbsession=exchange", "POST", body, Nbsession_Context=CONTEXT)
    assert response.status == 400
    assert not began.is_set()


def test_a_session_that_cannot_be_started_is_told(
    serve: Serve, visit: Visit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        msg = "can't start new thread"
        raise RuntimeError(msg)

    monkeypatch.setattr("nbsession._server.pages.served_apps.make_app", fail)
    visitor = visit(serve(lambda: put_text("here")))
    visitor.wait_for(lambda: visitor.ended)
    assert visitor.ended == FAILED
    assert "can't start new thread" in caplog.text


def test_a_coroutine_app_may_close_its_server(serve: Serve, visit: Visit) -> None:
    closed = threading.Event()

    async def app() -> None:
        server.close("closed by an app")
        closed.set()

    server = serve(app)
    visitor = visit(server)
    assert closed.wait(TIMEOUT)
    visitor.wait_for(lambda: visitor.ended == "closed by an app")


def _hello(context: str, **fields: object) -> bytes:
    return pack({"hello": {"version": "1.0", "page": "p" * 32, "context": context, **fields}}, ())


def test_a_connection_carries_one_page_at_a_time(serve: Serve) -> None:
    closed: Queue[str] = Queue()

    def app() -> None:
        defer_call(lambda: closed.put(eval_js.__name__))
        hold()

    with closing(Socket(serve(app).port)) as wire:
        for number in range(3):
            wire.send(_hello(f"{number:032}"))
        for _ in range(2):
            closed.get(timeout=TIMEOUT)
        assert closed.empty()


def test_a_connection_by_which_hello_is_said_without_end_is_closed(serve: Serve) -> None:
    with closing(Socket(serve(lambda: hold()).port)) as wire:  # noqa: PLW0108 -- an app is a function of ours
        for number in range(101):
            wire.send(_hello(f"{number:032}"))
        while wire.receive() is not None:
            pass


def test_a_page_that_tells_more_of_itself_than_pages_do_is_not_let_in(serve: Serve) -> None:
    with closing(Socket(serve(lambda: hold()).port)) as wire:  # noqa: PLW0108 -- as above
        wire.send(_hello(CONTEXT, info={"language": "x" * 65 * 1024}))
        assert wire.receive() is None

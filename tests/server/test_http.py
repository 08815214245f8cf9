"""Pages that speak by HTTP: what they can do is what others can; what is held, and when they have gone."""

from __future__ import annotations

import socket
import threading
import time
import tracemalloc
from queue import Queue
from typing import TYPE_CHECKING, Any, cast

import pytest

from nbsession import defer_call, eval_js, hold, info
from nbsession._server.http.request import Request
from nbsession._server.options import ServerOptions
from nbsession._server.pages.clients import Clients
from nbsession._server.pages.http_connections import HttpConnection, HttpConnections, patience
from nbsession._server.wire.envelope import join, pack
from nbsession._sync.timer_thread import TimerThread
from nbsession.output import put_buttons, put_text
from nbsession.platform import tornado_http
from tests.load.page import Page

from .conftest import serving
from .visitor import TIMEOUT, Requests, get

if TYPE_CHECKING:
    from http.client import HTTPResponse

    from .conftest import Serve, Visit

PATH = "/?nbsession=exchange"
CONTEXT = "c" * 32


def test_an_app_gets_values_from_its_page(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_text(f"{info.protocol} {eval_js('1 + 1')}")

    visitor = visit(serve(app), protocol="http")
    visitor.wait_for(lambda: visitor.texts == ["http 1 + 1"])


def test_a_coroutine_app_gets_values_from_its_page(serve: Serve, visit: Visit) -> None:
    async def app() -> None:
        put_text(await eval_js("x"))

    visitor = visit(serve(app), protocol="http")
    visitor.wait_for(lambda: visitor.texts == ["x"])


def test_buttons_call_back(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_buttons(["go"], onclick=put_text)

    visitor = visit(serve(app), protocol="http")
    visitor.wait_for(lambda: visitor.outputs)
    visitor.call(visitor.outputs[0]["callback"], 0)
    visitor.wait_for(lambda: visitor.texts[1:] == ["go"])


def test_a_chain_of_evals_does_not_wait_for_polls(serve: Serve, visit: Visit) -> None:
    took: list[float] = []

    def app() -> None:
        eval_js("0")
        began = time.monotonic()
        for _ in range(20):
            eval_js("1")
        took.append(time.monotonic() - began)
        put_text("done")

    visitor = visit(serve(app), protocol="http")
    visitor.wait_for(lambda: visitor.texts)
    assert took[0] < 20  # a poll each would be a second each, at least


def test_leaving_the_page_closes_its_session(serve: Serve, visit: Visit) -> None:
    closed = threading.Event()

    def app() -> None:
        defer_call(closed.set)
        put_text("here")
        hold()

    visitor = visit(serve(app), protocol="http")
    visitor.wait_for(lambda: visitor.texts)
    visitor.leave()
    assert closed.wait(TIMEOUT)


def test_a_page_that_is_silent_for_too_long_has_gone(serve: Serve, visit: Visit) -> None:
    closed = threading.Event()

    def app() -> None:
        defer_call(closed.set)
        put_text("here")
        hold()

    visitor = visit(serve(app, session_expire_seconds=0.3), protocol="http")
    visitor.wait_for(lambda: visitor.texts)
    visitor.vanish()
    assert closed.wait(TIMEOUT)


def test_the_end_of_an_app_is_told(serve: Serve, visit: Visit) -> None:
    visitor = visit(serve(lambda: put_text("done")), protocol="http")
    visitor.wait_for(lambda: visitor.ended)
    assert (visitor.texts, visitor.ended) == (["done"], "the app has ended")


@pytest.mark.parametrize("said", [None, {"frame": {"ack": 1}}], ids=["a poll", "an acknowledgement"])
def test_the_end_of_an_app_is_told_again(serve: Serve, visit: Visit, said: dict[str, Any] | None) -> None:
    visitor = visit(serve(lambda: None), protocol="http")
    visitor.wait_for(lambda: visitor.ended)
    body = b"" if said is None else join([pack({"context": visitor.context, **said}, ())])
    response, heard = get(visitor.port, PATH, "POST", body, Nbsession_Context=visitor.context)
    assert response.status == 200
    assert b"the app has ended" in heard


def test_a_page_may_go_over_from_a_socket_to_http(serve: Serve, visit: Visit) -> None:
    go = threading.Event()

    def app() -> None:
        put_text("by socket")
        go.wait(TIMEOUT)
        put_text(f"by {info.protocol}")

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts)
    visitor.protocol = "http"
    visitor.reconnect()
    visitor.wait_for(lambda: cast("Requests", visitor.socket).polls)
    go.set()
    visitor.wait_for(lambda: visitor.texts[1:] == ["by http"])


def test_a_server_can_be_told_to_speak_http(serve: Serve) -> None:
    _, body = get(serve(lambda: None, protocol="http").port)
    assert b'data-nbsession-protocol="http"' in body


# -- requests ------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"\0", b"\0\0\0\xff", b"\0\0\0\2{}", b"\0\0\0\6\0\0\0\2[]", b"x" * 100])
def test_malformed_requests_are_refused(serve: Serve, body: bytes) -> None:
    response, _ = get(serve(lambda: None).port, PATH, "POST", body, Nbsession_Context=CONTEXT)
    assert response.status == 400


def test_requests_of_other_origins_are_refused(serve: Serve) -> None:
    port = serve(lambda: None).port
    response, _ = get(port, PATH, "POST", b"", Origin="http://evil.example", Nbsession_Context=CONTEXT)
    assert response.status == 403


def test_a_foreign_context_gets_nothing(serve: Serve) -> None:
    response, body = get(serve(lambda: None).port, PATH, "POST", b"", Nbsession_Context=CONTEXT)
    assert response.status == 200
    assert b"expired" in body


def test_a_request_without_a_context_only_asks_whether_there_is_anybody(serve: Serve) -> None:
    assert get(serve(lambda: None).port, PATH, "POST", b"")[0].status == 204


def test_a_request_that_is_too_large_is_refused(serve: Serve) -> None:
    port = serve(lambda: None).port
    try:
        response, _ = get(port, PATH, "POST", bytes(64 * 2**20), Nbsession_Context=CONTEXT)
    except OSError:  # it does not read to the end what it does not want
        return
    assert response.status in {400, 413}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_only_posts_bring_messages(serve: Serve, method: str) -> None:
    assert get(serve(lambda: None).port, PATH, method)[0].status == 405


# -- parts ---------------------------------------------------------------------------------------


def _in_parts(port: int, page: Page, body: bytes, order: list[str]) -> list[HTTPResponse]:
    """Say something in three parts, in whatever order."""
    size = len(body) // 3 + 1
    return [
        get(
            port,
            PATH,
            "POST",
            body[int(part[0]) * size : (int(part[0]) + 1) * size],
            Nbsession_Context=page.context,
            Nbsession_Part=part,
        )[0]
        for part in order
    ]


@pytest.fixture
def here(serve: Serve) -> tuple[int, Page, threading.Event]:
    """Serve an app to a page that has said hello; the event is set when it has said goodbye."""
    closed, page = threading.Event(), Page()

    def app() -> None:
        defer_call(closed.set)
        hold()

    port = serve(app).port
    hello = join([page.hello()])
    assert get(port, PATH, "POST", hello, Nbsession_Context=page.context)[0].status == 200
    return port, page, closed


Here = tuple[int, Page, threading.Event]


def _goodbye(page: Page) -> bytes:
    return join([pack({"context": page.context, "goodbye": True}, ())])


def test_a_page_has_left_though_what_it_says_last_breaks_off(here: Here) -> None:
    port, page, closed = here
    lines = [
        f"POST {PATH} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Content-Type: application/octet-stream",
        "Content-Length: 100",
        f"Nbsession-Context: {page.context}",
        "Nbsession-Last: 1",
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as wire:
        wire.sendall("\r\n".join([*lines, "", "half"]).encode())
    assert closed.wait(TIMEOUT)


def test_what_a_page_says_in_parts_counts_when_it_is_whole(here: Here) -> None:
    port, page, closed = here
    _in_parts(port, page, _goodbye(page), ["0/3", "1/3"])
    assert not closed.is_set()
    (last,) = _in_parts(port, page, _goodbye(page), ["2/3"])
    assert last.status == 200
    assert closed.wait(TIMEOUT)


def test_parts_may_begin_anew(here: Here) -> None:
    port, page, closed = here
    answers = _in_parts(port, page, _goodbye(page), ["0/3", "1/3", "0/3", "1/3", "2/3"])
    assert [answer.status for answer in answers] == [200] * 5
    assert closed.wait(TIMEOUT)


@pytest.mark.parametrize("order", [["1/3"], ["0/3", "2/3"], ["0/3", "1/3", "1/3"]])
def test_parts_that_are_out_of_turn_are_refused(here: Here, order: list[str]) -> None:
    port, page, _ = here
    assert _in_parts(port, page, _goodbye(page), order)[-1].status == 400


@pytest.mark.parametrize("part", ["", "x", "0/x", "-1/3", "1", "0/0"])
def test_odd_parts_change_nothing(here: Here, part: str) -> None:
    port, page, closed = here
    get(port, PATH, "POST", _goodbye(page), Nbsession_Context=page.context, Nbsession_Part=part)
    _in_parts(port, page, _goodbye(page), ["0/3", "1/3", "2/3"])
    assert closed.wait(TIMEOUT)


def test_parts_are_together_no_more_than_a_message(here: Here) -> None:
    port, page, _ = here
    assert _in_parts(port, page, bytes(4 * 2**20), ["0/3", "1/3", "2/3"])[1].status == 400


def test_parts_of_a_foreign_page_get_nothing(serve: Serve) -> None:
    headers = {"Nbsession_Context": CONTEXT, "Nbsession_Part": "0/2"}
    response, body = get(serve(lambda: None).port, PATH, "POST", b"x", **headers)
    assert response.status == 200
    assert b"expired" in body


def test_that_pages_speak_in_parts_is_logged_once(here: Here, caplog: pytest.LogCaptureFixture) -> None:
    port, page, _ = here
    with caplog.at_level("WARNING", "nbsession"):
        _in_parts(port, page, _goodbye(page), ["0/3", "1/3", "2/3"])
    (line,) = [record.getMessage() for record in caplog.records if record.name == "nbsession"]
    assert "client_max_body_size" in line


# -- holding -------------------------------------------------------------------------------------


def _request(**headers: str) -> Request:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", "/", {}, given, {}, host="", secure=False, user_ip="", original=None)


@pytest.mark.parametrize(
    ("wanted", "body", "seconds"),
    [
        ("20", b"", 20.0),
        ("600", b"", 25.0),
        ("-1", b"", 0.0),
        ("nan", b"", 0.0),
        ("x", b"", 0.0),
        ("20", b"said", 0.05),
    ],
)
def test_how_long_an_answer_is_held(wanted: str, body: bytes, seconds: float) -> None:
    assert patience(_request(Nbsession_Hold=wanted), body, 25.0) == seconds


@pytest.fixture
def connection() -> Any:
    made = HttpConnection(_request(), TimerThread(), 60.0, lambda _: None)
    yield made
    made.close()


def test_what_comes_wakes_the_answer_that_is_held(connection: HttpConnection) -> None:
    woken: list[int] = []
    connection.listen(lambda: woken.append(1))
    assert not woken
    connection.send({"context": CONTEXT}, ())
    assert woken == [1]


def test_another_request_releases_the_one_that_is_held(connection: HttpConnection) -> None:
    woken: list[str] = []
    connection.listen(lambda: woken.append("first"))
    connection.listen(lambda: woken.append("second"))
    assert woken == ["first"]


def test_a_page_whose_poll_is_held_has_not_gone() -> None:
    alarm, expired, later = TimerThread(), threading.Event(), threading.Event()
    connection = HttpConnection(_request(), alarm, 0.01, lambda _: expired.set())
    connection.listen(wake := threading.Event().set)
    looked = alarm.handle(lambda _: later.set())
    looked.at(time.monotonic() + 0.1)
    assert later.wait(TIMEOUT)
    assert not expired.is_set()
    connection.forget(wake)  # who waited has gone
    assert expired.wait(TIMEOUT)
    looked.close()


def test_a_large_backlog_is_answered_in_parts(connection: HttpConnection) -> None:
    for _ in range(10):
        connection.send({"context": CONTEXT}, (bytes(2**20),))
    assert [len(connection.take()) for _ in range(4)] == [3, 3, 3, 1]


def test_a_page_that_has_ended_is_not_told_that_another_process_may_know_it() -> None:
    alarm, page = TimerThread(), Page()
    clients = Clients(alarm, ServerOptions(), lambda _: "full")
    http_connections = HttpConnections(clients, alarm, 60.0)
    request = _request(Nbsession_Context=page.context)
    assert b"welcome" in http_connections.receive(request, join([page.hello()])).take()[0]  # type: ignore[union-attr]
    assert b"full" in http_connections.receive(request, b"").take()[0]  # type: ignore[union-attr]
    again = http_connections.receive(request, b"", must_be_known=True)
    assert b"full" in again.take()[0]  # type: ignore[union-attr]


def test_tornado_s_check_for_forgery_leaves_pages_alone(serve: Serve, visit: Visit) -> None:
    server = serve(lambda: put_text("here"), tornado_app_settings={"xsrf_cookies": True})
    visitor = visit(server, protocol="http")
    visitor.wait_for(lambda: visitor.texts == ["here"])


def test_a_page_that_only_says_hello_starts_no_app(serve: Serve, visit: Visit) -> None:
    started: list[str] = []

    def app() -> None:
        started.append(info.protocol)
        put_text("here")

    server = serve(app)
    for _ in range(20):
        page = Page()
        hello = join([page.hello()])
        assert get(server.port, PATH, "POST", hello, Nbsession_Context=page.context)[0].status == 200
    visitor = visit(server, protocol="http")
    visitor.wait_for(lambda: visitor.texts == ["here"])
    assert started == ["http"]


def test_pages_that_only_said_hello_give_way_to_others() -> None:
    alarm = TimerThread()
    greeted: list[Any] = []
    clients = Clients(alarm, ServerOptions(max_sessions=3), greeted.append)
    http_connections = HttpConnections(clients, alarm, 60.0)
    for _ in range(10):
        page = Page()
        http_connections.receive(_request(Nbsession_Context=page.context), join([page.hello()]))
    assert len(clients) == 3
    http_connections.receive(_request(Nbsession_Context=page.context), b"")
    assert [visit.page.context for visit in greeted] == [page.context]


def test_a_body_of_empty_messages_is_refused_at_the_first() -> None:
    alarm = TimerThread()
    http_connections = HttpConnections(Clients(alarm, ServerOptions(), lambda _: None), alarm, 60.0)
    body = bytes(2 * 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="a message of 0 bytes"):
            http_connections.receive(_request(Nbsession_Context=CONTEXT), body)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_a_page_that_fetches_nothing_of_what_it_asks_for_is_let_go() -> None:
    let_go: Queue[HttpConnection] = Queue()
    connection = HttpConnection(_request(), TimerThread(), 60.0, let_go.put)
    for _ in range(20):
        connection.send({"context": CONTEXT}, (bytes(2**20),))
    assert let_go.get(timeout=TIMEOUT) is connection
    assert connection.take() == []


def test_tornado_http_serves_pages_that_use_http() -> None:
    with serving(tornado_http.start_server) as serve:
        body = get(serve(lambda: None).port)[1]
    assert b'data-nbsession-protocol="http"' in body

"""Who may come in: names, origins, what pages may load, and what bad visitors can do."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING

import pytest

from nbsession import defer_call, eval_js, hold, run_js
from nbsession._core.backlog import BACKLOG_LIMIT
from nbsession._server.http.host_policy import HostPolicy
from nbsession._server.run.process import allow_many_connections
from nbsession._server.wire.envelope import pack
from nbsession.output import put_text

from .visitor import TIMEOUT, Socket, get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbsession._server.run.handle import ServerHandle

    from .conftest import Knock, Serve, Visit


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080", "app.localhost", "127.8.9.1"]
)
def test_a_local_server_goes_by_loopback_names(host: str) -> None:
    assert HostPolicy(loopback_only=True).knows(host)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "192.168.0.1", "", "evil.example@localhost", "[::1", "a/b"],
)
def test_a_local_server_goes_by_no_other_name(host: str) -> None:
    assert not HostPolicy(loopback_only=True).knows(host)


def test_a_server_on_the_network_goes_by_addresses_and_listed_names() -> None:
    host_policy = HostPolicy(["tool.example"])
    assert host_policy.knows("192.168.0.1:8080")
    assert host_policy.knows("[2001:db8::1]:8080")
    assert host_policy.knows("tool.example:8080")
    assert host_policy.knows(socket.gethostname())
    assert not host_policy.knows("evil.example")
    assert HostPolicy(["*"]).knows("anything.example")


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_in_an_application_a_visitor_of_this_machine_goes_by_loopback_names(peer: str) -> None:
    host_policy = HostPolicy(loopback_only=True, local_peers_only=True)
    assert host_policy.knows("localhost:8000", peer)
    assert not host_policy.knows("evil.example", peer)


@pytest.mark.parametrize("peer", ["192.168.0.7", "2001:db8::1", "", "testclient", "/run/tool.socket"])
def test_in_an_application_others_go_by_any_name(peer: str) -> None:
    assert HostPolicy(loopback_only=True, local_peers_only=True).knows("evil.example", peer)


def test_a_name_that_is_not_the_servers_gets_nothing(serve: Serve, knock: Knock) -> None:
    port = serve(lambda: None).port
    for path in ("/", "/?nbsession=page.js"):
        response, body = get(port, path, Host="evil.example")
        assert response.status == 403
        assert b"allowed_hosts" in body
    assert knock(port, Host="evil.example", Origin="http://evil.example") == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://", "http://["]
)
def test_pages_of_other_origins_may_not_connect(serve: Serve, knock: Knock, origin: str) -> None:
    assert knock(serve(lambda: None).port, Origin=origin) == 403


def test_a_page_behind_a_proxy_that_hides_its_address_is_told_the_proxy_s_setting(serve: Serve) -> None:
    port = serve(lambda: None).port
    response, body = get(port, "/?nbsession=exchange", "POST", b"", Origin="https://tool.example")
    assert response.status == 403
    said = body.decode()
    assert "'https://tool.example'" in said
    assert f"'127.0.0.1:{port}'" in said
    assert "proxy_set_header Host $http_host;" in said


def test_a_refused_name_is_told_the_header_that_it_came_by(serve: Serve) -> None:
    port = serve(lambda: None, trust_xheaders=True).port
    _, body = get(port, X_Forwarded_Host="tool.example")
    assert "proxy_set_header X-Forwarded-Host $http_host;" in body.decode()


def test_each_cause_of_refusals_is_logged_once(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    port = serve(lambda: None).port
    with caplog.at_level("WARNING", "nbsession"):
        for origin in ("http://a.example", "http://b.example", "http://a.example"):
            get(port, "/?nbsession=exchange", "POST", b"", Origin=origin)
        for host in ("c.example", "d.example", "c.example"):
            get(port, Host=host)
    logged = [record.getMessage() for record in caplog.records if record.name == "nbsession"]
    assert len(logged) == 4
    for line, name in zip(logged, "abcd", strict=True):
        assert f"{name}.example" in line


def test_visitors_cannot_fill_the_log_with_refusals(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    port = serve(lambda: None).port
    with caplog.at_level("WARNING", "nbsession"):
        for number in range(150):
            get(port, Host=f"{number}.example")
    assert len(caplog.records) == 100


def test_allowed_origins_may_connect(serve: Serve, visit: Visit, knock: Knock) -> None:
    server = serve(hold, allowed_origins=["https://*.example.com"])
    visitor = visit(server, headers={"Origin": "https://tool.example.com"})
    visitor.wait_for(lambda: visitor.opened)
    assert knock(server.port, Origin="https://example.org") == 403


def test_check_origin_decides_in_place_of_the_list(serve: Serve, visit: Visit) -> None:
    server = serve(hold, check_origin=lambda origin: origin == "https://a.example")
    visitor = visit(server, headers={"Origin": "https://a.example"})
    visitor.wait_for(lambda: visitor.opened)


# -- the page ------------------------------------------------------------------------------------


def test_the_page_loads_nothing_from_elsewhere(serve: Serve) -> None:
    response, body = get(serve(lambda: None).port)
    policy = response.getheader("Content-Security-Policy") or ""
    sources = {source for directive in policy.split("; ") for source in directive.split()[1:]}
    assert {source for source in sources if "." in source} <= {
        source for source in sources if "127.0.0.1" in source
    }
    assert "'unsafe-eval'" in policy
    assert "frame-ancestors 'self'" in policy
    assert b"//" not in body


def test_sources_that_are_allowed_stand_in_the_policy(serve: Serve) -> None:
    server = serve(lambda: None, allowed_sources=["https://*.example.com/a_b"])
    policy = get(server.port)[0].getheader("Content-Security-Policy") or ""
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    named = {
        name for name, sources in directives.items() if sources.split()[-1] == "https://*.example.com/a_b"
    }
    assert named == {"default-src", "script-src", "style-src", "connect-src"}


@pytest.mark.parametrize("source", ["a.example; script-src *", "a.example b.example", "", "a,b", "'none'"])
def test_a_source_cannot_be_more_than_one(serve: Serve, source: str) -> None:
    with pytest.raises(ValueError, match="allowed_sources"):
        serve(lambda: None, allowed_sources=[source])


def test_sources_are_a_list(serve: Serve) -> None:
    with pytest.raises(TypeError, match="allowed_sources"):
        serve(lambda: None, allowed_sources="https://a.example")


@pytest.mark.parametrize("resumes", [True, False])
def test_the_page_knows_whether_a_reload_goes_on(serve: Serve, *, resumes: bool) -> None:
    body = get(serve(lambda: None, resume_on_reload=resumes).port)[1]
    assert (b'data-nbsession-notes="each-frame"' in body) == resumes


def test_the_page_is_marked_as_what_it_is(serve: Serve) -> None:
    response, _ = get(serve(lambda: None).port)
    assert response.getheader("X-Content-Type-Options") == "nosniff"
    assert response.getheader("Referrer-Policy") == "no-referrer"
    assert response.getheader("Cache-Control") == "no-store"
    assert response.getheader("Cross-Origin-Opener-Policy") == "same-origin-allow-popups"


def test_the_app_s_name_cannot_leave_the_title(serve: Serve) -> None:
    _, body = get(serve({"<script>alert(1)</script>": lambda: None}).port)
    assert b"<script>alert" not in body


@pytest.mark.parametrize("purpose", ["../secrets", "bridge.js", "x", "page.js/../view.js"])
def test_there_are_no_other_files(serve: Serve, purpose: str) -> None:
    assert get(serve(lambda: None).port, f"/?nbsession={purpose}")[0].status == 404


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# -- bad visitors --------------------------------------------------------------------------------


@pytest.fixture
def other(serve: Serve, visit: Visit) -> Iterator[ServerHandle]:
    """Another visitor's app, which is to remain unharmed."""

    def app() -> None:
        put_text("here")
        for _ in iter(int, 1):
            put_text(eval_js("still here"))

    server = serve({"loop": app, "index": hold})
    visitor = visit(server, "&app=loop")
    visitor.wait_for(lambda: visitor.texts)
    yield server
    seen = len(visitor.outputs)
    visitor.wait_for(lambda: len(visitor.outputs) > seen)
    visitor.leave()


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\0\0",
        b"\0\0\0\7nonsense",
        struct.pack(">I", 2**32 - 1) + b"{}",
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 2) + b"\xff\xff",
        struct.pack(">I", 2) + b"{}more",
        pack({"buffers": [-1]}, ()),
        pack({"buffers": [10**12]}, ()),
        pack({"buffers": ["1"]}, ()),
        struct.pack(">I", 200_000) + b"[" * 200_000,
        pack({"hello": {"page": "p", "context": "guessable", "version": "1.0"}}, ()),
        pack({"hello": None}, ()),
    ],
    ids=range(13),
)
def test_malformed_messages_end_their_socket(other: ServerHandle, message: bytes) -> None:
    with closing(Socket(other.port)) as wire:
        wire.send(message)
        assert wire.receive() is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"nonsense",
        b"[]",
        b"{}more",
        b"\xff\xff",
        b'{"a": NaN}',
        b'{"bodies": 1}',
        b'{"bodies": [1]}',
        b"[" * 200_000,
        b'{"hello": {"page": "p", "context": "guessable", "version": "1.0"}}',
    ],
    ids=range(10),
)
def test_malformed_texts_end_their_socket(other: ServerHandle, text: bytes) -> None:
    with closing(Socket(other.port)) as wire:
        wire.send(text, opcode=1)
        assert wire.receive() is None


def test_a_frame_of_a_gigabyte_is_refused_before_it_is_read(other: ServerHandle) -> None:
    with closing(Socket(other.port)) as wire:
        wire.wire.sendall(struct.pack(">BBQ", 0x82, 0x80 | 127, 2**30) + bytes(4))
        assert wire.receive() is None


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        pytest.param(b"\x81\x81\0\0\0\0\xff", 1007, id="a text that is not UTF-8"),
        pytest.param(b"\x88\x81\0\0\0\0\x03", 1002, id="a close frame of one byte"),
        pytest.param(b"\x88\x82\0\0\0\0\x03\xed", 1002, id="a close with a code that is not sent"),
        pytest.param(b"\x88\x83\0\0\0\0\x03\xe8\xff", 1007, id="a close with a reason that is not UTF-8"),
        pytest.param(b"\x88\x82\0\0\0\0\x03\xe9", 1001, id="a close, answered"),
    ],
)
def test_a_frame_is_answered_with_the_close_that_the_rfc_has_for_it(
    other: ServerHandle, frame: bytes, code: int
) -> None:
    with closing(Socket(other.port)) as wire:
        wire.wire.sendall(frame)
        assert wire.receive_frame() == (8, struct.pack(">H", code))


def test_a_foreign_context_gets_nothing(other: ServerHandle) -> None:
    with closing(Socket(other.port)) as wire:
        wire.send(pack({"context": "0" * 32, "frame": {"ack": 0}}, ()))
        answer = wire.receive()
    assert answer is not None
    assert json.loads(answer[4:])["ended"].startswith("the session has expired")


def test_odd_envelopes_change_nothing(other: ServerHandle, visit: Visit) -> None:
    visitor = visit(other)
    visitor.wait_for(lambda: visitor.opened)
    for envelope in (
        {"context": visitor.context, "frame": {"ack": 10**9}},
        {"context": visitor.context, "frame": "x"},
        {"context": visitor.context},
        {"context": [1]},
        {"unknown": 1},
    ):
        visitor.say(envelope)
    visitor.leave()


def test_a_reader_that_takes_nothing_does_not_hold_up_others(serve: Serve, visit: Visit) -> None:
    said: list[int] = []
    ended = threading.Event()

    def flood() -> None:
        defer_call(ended.set)
        while True:
            run_js("0", x="y" * 2**20)
            said.append(1)

    server = serve({"flood": flood, "index": lambda: put_text("here")}, reconnect_timeout=0)
    with closing(Socket(server.port, "&app=flood")) as slow:
        hello = {"version": "1.0", "page": "p" * 32, "context": "c" * 32}
        slow.send(pack({"hello": hello}, ()))
        quick = visit(server)
        quick.wait_for(lambda: quick.texts == ["here"])
        wait_until(lambda: len(said) * 2**20 >= BACKLOG_LIMIT)
        assert not ended.is_set()
    assert ended.wait(TIMEOUT)
    # What waits, what is on its way to the reader, and no more: there the program is made to wait.
    assert len(said) * 2**20 <= BACKLOG_LIMIT + 16 * 2**20


@pytest.mark.parametrize("path", ["/", "/?nbsession=page.js"])
def test_head_asks_for_what_get_would_bring(serve: Serve, path: str) -> None:
    port = serve(lambda: None).port
    asked, nothing = get(port, path, "HEAD")
    got, content = get(port, path)
    assert (asked.status, nothing) == (200, b"")
    assert asked.getheader("Content-Type") == got.getheader("Content-Type")
    assert asked.getheader("Content-Length") == str(len(content))


@pytest.mark.parametrize("headers", ["Host: evil.example", "Host: 127.0.0.1\r\nOrigin: https://evil.example"])
def test_who_may_not_come_in_is_told_so_before_the_request_s_body_has_come(
    serve: Serve, headers: str
) -> None:
    head = f"POST /?nbsession=exchange HTTP/1.1\r\n{headers}\r\nContent-Length: 1000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", serve(lambda: None).port), timeout=TIMEOUT) as wire:
        wire.sendall(head.encode())
        assert wire.recv(1000).startswith(b"HTTP/1.1 403 ")


def test_half_open_connections_do_not_keep_others_out(other: ServerHandle, visit: Visit) -> None:
    allow_many_connections()
    with ExitStack() as stack:
        for _ in range(2000):
            wire = socket.create_connection(("127.0.0.1", other.port), timeout=TIMEOUT)
            stack.callback(wire.close)
            wire.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        visitor = visit(other)
        visitor.wait_for(lambda: visitor.opened)
        visitor.leave()


def test_a_request_that_breaks_off_is_no_error(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(lambda: None)
    port = server.port
    head = f"POST /?nbsession=exchange HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 1000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as wire:
        wire.sendall(head.encode() + b"half")
    server.close()  # when all requests have ended
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n:\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"x" * 300_000 + b"\r\n\r\n",
    ],
    ids=["is none", "has a header without a name", "has a header that is too large"],
)
def test_a_request_that_cannot_be_read_is_no_error(
    serve: Serve, caplog: pytest.LogCaptureFixture, request_: bytes
) -> None:
    server = serve(lambda: None)
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT) as wire,
        suppress(ConnectionError),
    ):
        wire.sendall(request_)
        while wire.recv(1000):
            pass
    server.close()  # when all requests have ended
    assert not [record for record in caplog.records if record.levelname == "ERROR"]

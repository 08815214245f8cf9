"""What the Jupyter server's extension tells, whatever the headers claim, and what it changes of the server."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.web import Application

from nbsession.server_extension import _load_jupyter_server_extension, address

PEER = "10.0.0.9"


class Connection:
    """What tornado knows of the socket."""

    def __init__(self, remote_ip: str) -> None:
        self.context = type("Context", (), {"remote_ip": remote_ip, "protocol": "http"})()


def request(remote_ip: str = PEER, *forwarded: str) -> HTTPServerRequest:
    headers = HTTPHeaders({"Host": "localhost"})
    for value in forwarded:
        headers.add("X-Forwarded-For", value)
    start = RequestStartLine("GET", "/nbsession/whoami", "HTTP/1.1")
    return HTTPServerRequest(start_line=start, headers=headers, connection=Connection(remote_ip))  # type: ignore[arg-type]


def test_headers_are_nothing_to_a_server_that_does_not_trust_them() -> None:
    assert address(request(PEER, "203.0.113.7"), trusts_headers=False) == PEER


@pytest.mark.parametrize(
    "forwarded",
    [
        ["203.0.113.7"],
        ["198.51.100.1, 203.0.113.7"],
        ["198.51.100.1", "203.0.113.7"],
        ["198.51.100.1,,  203.0.113.7"],
        ["<script>, 203.0.113.7"],
    ],
    ids=str,
)
def test_of_a_list_only_what_the_last_proxy_wrote_counts(forwarded: list[str]) -> None:
    assert address(request(PEER, *forwarded), trusts_headers=True) == "203.0.113.7"


@pytest.mark.parametrize(
    "last", ["unknown", "", "203.0.113.7; drop", "x" * 10_000], ids=lambda last: last[:20]
)
def test_what_is_no_address_is_not_told(last: str) -> None:
    assert address(request(PEER, f"198.51.100.1,{last}"), trusts_headers=True) == PEER


def test_an_address_that_came_by_an_ipv6_socket_is_told_as_it_is() -> None:
    assert address(request(PEER, "::ffff:203.0.113.7"), trusts_headers=True) == "203.0.113.7"


def test_an_ipv6_address() -> None:
    assert address(request(PEER, "2001:DB8::1"), trusts_headers=True) == "2001:db8::1"


def test_a_server_on_a_unix_socket_sees_no_address() -> None:
    assert address(request(""), trusts_headers=False) == ""


def loaded(*handlers: Any) -> Application:
    """Return a server's application after the extension has been loaded."""
    application = Application(handlers, base_url="/user/")
    _load_jupyter_server_extension(SimpleNamespace(web_app=application))  # type: ignore[arg-type]
    return application


def test_kernels_sockets_send_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []

    async def opens(_: object, kernel_id: str) -> None:
        opened.append(kernel_id)

    monkeypatch.setattr(KernelWebsocketHandler, "open", opens)
    application = loaded(("/channels", KernelWebsocketHandler))
    handler_class = application.wildcard_router.rules[0].target
    handler = handler_class.__new__(handler_class)
    handler.set_nodelay = opened.append
    asyncio.run(handler.open("kernel"))
    assert opened == [True, "kernel"]


def test_a_handler_of_somebody_else_stays() -> None:
    class Theirs(KernelWebsocketHandler):
        pass

    application = loaded(("/channels", Theirs))
    assert application.wildcard_router.rules[0].target is Theirs

"""What is believed of the headers that proxies add: the proxy's words, not the visitor's."""

from __future__ import annotations

from typing import Any

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from starlette.datastructures import Headers
from tornado.httputil import HTTPHeaders
from werkzeug.datastructures import Headers as WerkzeugHeaders

from nbsession._server.http.forwarded import as_forwarded
from nbsession._server.http.request import Request

VISITOR, FORGED = "198.51.100.1", "203.0.113.7"
Lines = list[tuple[str, str]]


def in_tornado(lines: Lines) -> Any:
    headers = HTTPHeaders()
    for name, value in lines:
        headers.add(name, value)
    return headers


def in_starlette(lines: Lines) -> Any:
    return Headers(raw=[(name.lower().encode(), value.encode()) for name, value in lines])


def in_aiohttp(lines: Lines) -> Any:
    return CIMultiDictProxy(CIMultiDict(lines))


@pytest.fixture(
    params=[in_tornado, in_starlette, in_aiohttp, WerkzeugHeaders], ids=lambda made: made.__name__
)
def ask(request: pytest.FixtureRequest) -> Any:
    """Return what the lines of a request's head make of it, in the words of each framework."""

    def ask(*lines: tuple[str, str]) -> Request:
        headers = request.param([("Host", "127.0.0.1:8080"), *lines])
        direct = Request("GET", "/", {}, headers, {}, "127.0.0.1:8080", False, "127.0.0.1", None)  # noqa: FBT003
        return as_forwarded(direct)

    return ask


def test_the_last_address_is_the_proxys(ask: Any) -> None:
    assert ask(("X-Forwarded-For", f"{FORGED}, {VISITOR}")).user_ip == VISITOR


def test_the_last_line_is_the_proxys(ask: Any) -> None:
    assert ask(("X-Forwarded-For", FORGED), ("X-Forwarded-For", VISITOR)).user_ip == VISITOR


def test_a_header_that_the_proxy_does_not_set_counts_for_nothing_beside_those_it_sets(ask: Any) -> None:
    request = ask(
        ("X-Real-Ip", FORGED),
        ("X-Scheme", "http"),
        ("X-Forwarded-For", VISITOR),
        ("X-Forwarded-Proto", "https"),
    )
    assert (request.user_ip, request.secure) == (VISITOR, True)


def test_the_last_scheme_and_host_are_the_proxys(ask: Any) -> None:
    request = ask(("X-Forwarded-Proto", "https, http"), ("X-Forwarded-Host", "evil.example, tool.example"))
    assert (request.secure, request.host) == (False, "tool.example")


def test_x_real_ip_counts_where_it_is_all_that_the_proxy_sets(ask: Any) -> None:
    assert ask(("X-Real-Ip", VISITOR)).user_ip == VISITOR


@pytest.mark.parametrize("address", ["unknown", "", "1.2.3.4:80, x", "<b>"])
def test_what_is_no_address_changes_nothing(ask: Any, address: str) -> None:
    assert ask(("X-Forwarded-For", address)).user_ip == "127.0.0.1"

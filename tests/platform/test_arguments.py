"""What servers, and what goes into one's own application, are called with."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import pytest

from nbsession.platform import aiohttp, django, flask, starlette, tornado

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOUNTED = [tornado.webio_handler, starlette.routes, starlette.asgi_app, aiohttp.handler]
SERVERS = [tornado.start_server, starlette.start_server, aiohttp.start_server]
IDS = ["tornado", "starlette", "aiohttp"]


@pytest.fixture(autouse=True)
def _no_server_takes_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbsession.platform.server.mounted.give_way", lambda: None)
    monkeypatch.setattr("nbsession.platform.server.wsgi_mounted.give_way", lambda: None)
    monkeypatch.setattr("nbsession.platform.server.serving.give_way", lambda: None)


@pytest.mark.parametrize("function", [*MOUNTED, *SERVERS])
def test_the_signature_tells_the_options(function: Callable[..., object]) -> None:
    parameters = inspect.signature(function).parameters
    assert parameters["reconnect_timeout"].default == 20.0
    assert parameters["max_payload_size"].annotation == "int | str"
    assert ("port" in parameters) == ("static_dir" in parameters and function is not starlette.asgi_app)


@pytest.mark.parametrize("function", MOUNTED)
def test_an_unknown_option_is_refused(function: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match="did you mean 'reconnect_timeout'"):
        function(lambda: None, reconnect_timeot=1)


WITHOUT_SENSE: list[tuple[str, object, type[Exception]]] = [
    ("max_payload_size", "much", ValueError),
    ("reconnect_timeout", "20", TypeError),
    ("reconnect_timeout", -1, ValueError),
    ("reconnect_timeout", float("nan"), ValueError),
    ("session_expire_seconds", True, TypeError),
    ("max_sessions", 0.5, TypeError),
    ("allowed_origins", "https://example.com", TypeError),
    ("allowed_hosts", "example.com", TypeError),
    ("allowed_hosts", [b"example.com"], TypeError),
    ("allowed_sources", "https://example.com", TypeError),
    ("check_origin", "https://example.com", TypeError),
    ("protocol", "ws", ValueError),
]


@pytest.mark.parametrize(("option", "value", "error"), WITHOUT_SENSE)
@pytest.mark.parametrize("function", MOUNTED)
def test_an_option_without_sense_is_refused(
    function: Callable[..., object], option: str, value: object, error: type[Exception]
) -> None:
    with pytest.raises(error, match=option):
        function(lambda: None, **{option: value})


@pytest.mark.parametrize(
    ("port", "error"), [("8080", TypeError), (None, TypeError), (65536, ValueError), (-1, ValueError)]
)
def test_a_port_without_sense_is_refused(port: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="port"):
        tornado.start_server(lambda: None, port=port)


@pytest.mark.parametrize(
    "function",
    [tornado.start_server, starlette.asgi_app, flask.wsgi_app, django.wsgi_app],
    ids=["start_server", "starlette", "flask", "django"],
)
def test_a_static_dir_must_be_there(function: Callable[..., object], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="static_dir"):
        function(lambda: None, static_dir=str(tmp_path / "missing"))


@pytest.mark.parametrize("platform", [tornado, starlette, aiohttp], ids=IDS)
def test_a_server_says_at_once_what_is_wrong(platform: Any) -> None:
    with pytest.raises(ValueError, match="remote_access"):
        platform.start_server(lambda: None, remote_access=True)
    with pytest.raises(TypeError, match="expects functions"):
        platform.start_server([1])


def test_a_setting_that_uvicorn_does_not_know_is_refused() -> None:
    async def start() -> None:
        starlette.start_server(lambda: None, port=0, no_such_setting=1)

    with pytest.raises(TypeError, match="no_such_setting"):
        asyncio.run(start())

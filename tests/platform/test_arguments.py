"""What servers, and what goes into one's own application, are called with."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import pytest

from nbsession.platform import aiohttp, starlette, tornado

if TYPE_CHECKING:
    from collections.abc import Callable

MOUNTED = [tornado.webio_handler, starlette.routes, starlette.asgi_app, aiohttp.handler]
SERVERS = [tornado.start_server, starlette.start_server, aiohttp.start_server]
IDS = ["tornado", "starlette", "aiohttp"]


@pytest.fixture(autouse=True)
def _no_server_takes_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbsession.platform.server.mounted.give_way", lambda: None)
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


@pytest.mark.parametrize("function", MOUNTED)
def test_an_option_without_sense_is_refused(function: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="max_payload_size"):
        function(lambda: None, max_payload_size="much")


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

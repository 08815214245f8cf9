"""What servers, and what goes into one's own application, are called with."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import pytest

import nbsession
from nbsession._server.run.arguments import options_of
from nbsession._server.run.handle import ServerHandle
from nbsession.platform import aiohttp, django, flask, starlette, tornado, tornado_http

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOUNTED = [tornado.webio_handler, starlette.routes, starlette.asgi_app, aiohttp.handler]
SERVERS = [tornado.start_server, starlette.start_server, aiohttp.start_server]
IDS = ["tornado", "starlette", "aiohttp"]
SETTINGS = {
    "tornado": (tornado.start_server, "tornado_app_settings"),
    "starlette": (starlette.start_server, "uvicorn_settings"),
    "aiohttp": (aiohttp.start_server, "aiohttp_settings"),
    "flask": (flask.start_server, "waitress_settings"),
    "django": (django.start_server, "django_settings"),
    "django's wsgi_app": (django.wsgi_app, "django_settings"),
}
"""What takes the framework's own settings, and by which argument."""
of_all = pytest.mark.parametrize(("function", "argument"), SETTINGS.values(), ids=SETTINGS)


@pytest.fixture(autouse=True)
def _no_server_takes_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbsession._server.run.mounted.give_way", lambda: None)
    monkeypatch.setattr("nbsession._server.adapters.wsgi_mounted.give_way", lambda: None)
    monkeypatch.setattr("nbsession._server.run.serving.give_way", lambda: None)


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


def _call(function: Callable[..., object], **options: object) -> None:
    """Call it in an event loop, where a server does not block; close what it returns."""

    async def call() -> None:
        handle: Any = function(lambda: None, **options)
        if isinstance(handle, ServerHandle):
            handle.close()

    asyncio.run(call())


@of_all
@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("allowed_orgins", "allowed_origins"),
        ("max_sesions", "max_sessions"),
        ("trust_xheader", "trust_xheaders"),
        ("ALLOWED_HOSTS", None),
    ],
)
def test_a_misspelt_option_is_no_setting_of_the_framework_s(
    function: Callable[..., object], argument: str, name: str, meant: str | None
) -> None:
    hint = "" if meant is None else rf"; did you mean '{meant}'\?"
    with pytest.raises(TypeError, match=rf"no option '{name}'{hint} .* settings go into {argument}="):
        _call(function, **{name: ["x"]})


@of_all
@pytest.mark.parametrize("name", ["allowed_origins", "debug", "port", "threads"])
def test_an_option_among_the_framework_s_settings_is_refused(
    function: Callable[..., object], argument: str, name: str
) -> None:
    with pytest.raises(TypeError, match=f"{argument} has no effect on '{name}'"):
        _call(function, **{argument: {name: 1}})


@of_all
@pytest.mark.parametrize("name", ["allowed_orgins", "max_sesions"])
def test_a_misspelt_option_among_the_framework_s_settings_is_refused(
    function: Callable[..., object], argument: str, name: str
) -> None:
    with pytest.raises(TypeError, match=f"{argument} has no (effect on|setting) '{name}'"):
        _call(function, **{argument: {name: 1}})


@of_all
def test_settings_are_a_mapping(function: Callable[..., object], argument: str) -> None:
    with pytest.raises(TypeError, match=f"{argument} must be a mapping"):
        _call(function, **{argument: "debug"})


@pytest.mark.parametrize(
    ("platform", "name", "instead"),
    [
        ("tornado", "websocket_max_message_size", "max_payload_size"),
        ("tornado", "websocket_ping_interval", "every 30 s"),
        ("starlette", "workers", "one process"),
        ("starlette", "reload", "debug=True"),
        ("starlette", "uds", "host and port"),
        ("flask", "listen", "host and port"),
    ],
)
def test_a_setting_without_effect_is_refused_with_the_reason(platform: str, name: str, instead: str) -> None:
    function, argument = SETTINGS[platform]
    with pytest.raises(TypeError, match=f"{argument} has no effect on '{name}': .*{instead}"):
        _call(function, **{argument: {name: 1}})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("function", "argument", "name", "error"),
    [
        (starlette.start_server, "uvicorn_settings", "log_lvl", TypeError),
        (aiohttp.start_server, "aiohttp_settings", "keepalive_timout", TypeError),
        (aiohttp.start_server, "websocket_settings", "hartbeat", TypeError),
        (aiohttp.handler, "websocket_settings", "hartbeat", TypeError),
        (flask.start_server, "waitress_settings", "conection_limit", ValueError),
        (django.start_server, "django_settings", "time_zone", TypeError),
    ],
)
def test_a_setting_that_the_framework_does_not_know_is_refused_at_once(
    function: Callable[..., object], argument: str, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match=name):
        _call(function, **{argument: {name: 1}})


@pytest.mark.parametrize(
    ("platform", "given"),
    [
        ("tornado", {"cookie_secret": "x", "autoreload": False}),
        ("starlette", {"log_level": "critical"}),
        ("aiohttp", {"keepalive_timeout": 5.0}),
        ("flask", {"connection_limit": 10}),
    ],
)
def test_a_setting_of_the_framework_s_is_taken(platform: str, given: dict[str, object]) -> None:
    function, argument = SETTINGS[platform]
    _call(function, port=0, **{argument: given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("function", "positional"),
    [
        (tornado.webio_handler, (True, 0, ["https://a.example"], None)),
        (tornado_http.webio_handler, (True, 60, 10, ["https://a.example"], None)),
        (flask.webio_view, (True, 60, 10, ["https://a.example"], None)),
        (flask.wsgi_app, (True, None, ["https://a.example"], None, 60, 10, "1M")),
        (django.webio_view, (True, 60, 10, ["https://a.example"], None)),
        (django.wsgi_app, (True, None, ["https://a.example"], None, 60, 10, False, "1M")),
        (aiohttp.webio_handler, (True, 0, ["https://a.example"], None, "1M", {"heartbeat": 20})),
        (starlette.webio_routes, (True, 0, ["https://a.example"], None)),
        (starlette.asgi_app, (True, 0, None, False, ["https://a.example"], None)),
    ],
)
def test_options_may_be_given_in_pywebio_s_order(
    function: Callable[..., object], positional: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def record(given: Any, **defaults: Any) -> Any:
        seen.append(options_of(given, **defaults))
        return seen[-1]

    for module in ("nbsession._server.run.mounted", "nbsession._server.adapters.wsgi_mounted"):
        monkeypatch.setattr(f"{module}.options_of", record)
    function(lambda: None, *positional)
    assert seen[0].allowed_origins == ["https://a.example"]


@pytest.mark.parametrize(
    "function",
    [
        nbsession.start_server,
        *SERVERS,
        flask.start_server,
        django.start_server,
        tornado_http.start_server,
    ],
)
def test_an_option_of_a_server_is_not_given_twice_nor_are_too_many(function: Callable[..., object]) -> None:
    first = list(inspect.signature(function).parameters)[3]
    with pytest.raises(TypeError, match=f"got the option '{first}' by position and by name"):
        function(lambda: None, 0, "127.0.0.1", None, **{first: None})
    with pytest.raises(TypeError, match="options by position, not 20"):
        function(lambda: None, 0, "127.0.0.1", *[None] * 20)


@pytest.mark.parametrize("function", [nbsession.platform.path_deploy, nbsession.platform.path_deploy_http])
def test_a_folder_is_deployed_with_valid_arguments_only(
    function: Callable[..., object], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="expects base to be a folder"):
        function(tmp_path / "missing")
    with pytest.raises(TypeError, match="expects index to be a bool or a function"):
        function(tmp_path, index="index.html")
    with pytest.raises(ValueError, match="static_dir must be a directory"):
        function(tmp_path, 0, "127.0.0.1", *(True, str(tmp_path / "missing")))
    with pytest.raises(TypeError, match="did you mean 'reconnect_timeout'"):
        function(tmp_path, reconnect_timeot=1)


def test_a_server_takes_the_option_at_its_place(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="static_dir must be a directory"):
        tornado.start_server(lambda: None, 0, "127.0.0.1", *(False, True, str(tmp_path / "missing")))

"""Flask and Django: what each is given, what a project's own rules do, and what is said where one is missing."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sys
from typing import Any

import django.test
import flask
import pytest
import werkzeug.middleware.proxy_fix

import nbsession.platform.django
import nbsession.platform.flask
from nbsession import session
from nbsession._server.http.forwarded import as_forwarded
from nbsession._server.http.request import Request
from nbsession.output import put_text
from tests.server.visitor import Visitor

from .test_threads import serve

# The documentation's example of run_asyncio_coroutine; `pywebio` is `nbsession` here.
EXAMPLE = """
async def app():
    put_text('hello')
    await run_asyncio_coroutine(asyncio.sleep(1))
    put_text('world')

pywebio.platform.flask.start_server(app)
"""


def test_the_documentation_s_coroutine_needs_no_loop_started_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    start_server = nbsession.platform.flask.start_server
    monkeypatch.setattr(
        nbsession.platform.flask, "start_server", lambda app: started.append(serve(start_server, app))
    )
    names = {"put_text": put_text, "run_asyncio_coroutine": session.run_asyncio_coroutine}
    exec(EXAMPLE, {**names, "asyncio": asyncio, "pywebio": nbsession})
    visitor = Visitor(started[0].port, protocol="http")
    visitor.wait_for(lambda: visitor.ended)
    started[0].close()
    assert (visitor.texts, visitor.ended) == (["hello", "world"], "the app has ended")


@pytest.mark.parametrize("framework", ["flask", "django"])
@pytest.mark.parametrize("missing", ["framework", "waitress"])
def test_a_missing_package_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, framework: str, missing: str
) -> None:
    package = framework if missing == "framework" else missing
    name = f"nbsession.platform.{framework}"
    monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "nbsession._server.adapters.waitress_server", raising=False)
    monkeypatch.setitem(sys.modules, package, None)

    def use() -> None:
        importlib.import_module(name).start_server(lambda: None, port=0)

    with pytest.raises(ImportError) as raised:
        use()
    assert str(raised.value) == f"{name} needs {package}: pip install 'nbsession[{framework}]'"


@pytest.mark.parametrize("platform", [nbsession.platform.flask, nbsession.platform.django])
def test_options_are_checked_and_told(platform: Any) -> None:
    with pytest.raises(
        TypeError, match=r"view\(\) has no option 'allowed_host'; did you mean 'allowed_hosts'"
    ):
        platform.view(lambda: None, allowed_host=["x"])
    with pytest.raises(ValueError, match="protocol must be 'http'"):
        platform.start_server(lambda: None, protocol="websocket")
    assert {"threads", "allowed_hosts", "max_sessions"} <= set(inspect.signature(platform.view).parameters)
    assert "protocol" not in inspect.signature(platform.start_server).parameters


def test_a_view_of_flask_names_its_methods() -> None:
    application = flask.Flask(__name__)
    application.add_url_rule("/tool", "tool", nbsession.platform.flask.view(lambda: None))
    (rule,) = [rule for rule in application.url_map.iter_rules() if rule.endpoint == "tool"]
    assert rule.methods == {"GET", "HEAD", "POST"}


def test_a_view_of_django_s_is_exempt_from_its_csrf_check_and_holds_no_transaction() -> None:
    view: Any = nbsession.platform.django.view(lambda: None)
    assert view.csrf_exempt
    assert view._non_atomic_requests


def test_a_project_of_django_s_keeps_its_settings() -> None:
    nbsession.platform.django.wsgi_app(lambda: None)
    with pytest.raises(TypeError, match="put TIME_ZONE into the project's settings"):
        nbsession.platform.django.wsgi_app(lambda: None, django_settings={"TIME_ZONE": "Europe/Berlin"})


def test_a_project_of_django_s_own_rules_come_first() -> None:
    nbsession.platform.django.wsgi_app(lambda: None)
    view = nbsession.platform.django.view(lambda: None)
    factory = django.test.RequestFactory(**{"wsgi.multithread": True})
    assert view(factory.get("/")).status_code == 200
    with (
        django.test.override_settings(ALLOWED_HOSTS=["tool.example"]),
        pytest.raises(django.core.exceptions.DisallowedHost),
    ):
        view(factory.get("/", headers={"Host": "evil.example"}))


@pytest.mark.parametrize(
    ("listed", "headers", "address", "status"),
    [
        (["*"], {"Host": "tool.example"}, "127.0.0.1", 403),
        (["*", ".example"], {"Host": "tool.example"}, "127.0.0.1", 200),
        (["*"], {"Host": "tool.example"}, "192.168.0.7", 200),
        (["*"], {"Host": "tool.example"}, "", 200),
        (["*"], {}, "127.0.0.1", 200),
    ],
    ids=["any name", "listed", "another machine", "a socket of Unix", "no name"],
)
def test_django_s_names_count_for_its_view(
    listed: list[str], headers: dict[str, str], address: str, status: int
) -> None:
    nbsession.platform.django.wsgi_app(lambda: None)
    view = nbsession.platform.django.view(lambda: None)
    factory = django.test.RequestFactory(
        headers=headers, **{"wsgi.multithread": True, "REMOTE_ADDR": address}
    )
    with django.test.override_settings(ALLOWED_HOSTS=listed):
        assert view(factory.get("/")).status_code == status


@pytest.mark.parametrize(
    ("fixed", "address", "status"),
    [(False, "127.0.0.1", 403), (True, "127.0.0.1", 200), (False, "192.168.0.7", 200)],
    ids=["this machine", "behind werkzeug's ProxyFix", "another machine"],
)
def test_werkzeug_s_proxies_count_for_a_view_of_flask(*, fixed: bool, address: str, status: int) -> None:
    application = flask.Flask(__name__)
    application.add_url_rule("/tool", "tool", nbsession.platform.flask.view(lambda: None))
    if fixed:
        application.wsgi_app = werkzeug.middleware.proxy_fix.ProxyFix(application.wsgi_app)  # type: ignore[method-assign]
    asked = {"Host": "tool.example"}, {"REMOTE_ADDR": address, "wsgi.multithread": True}
    response = application.test_client().get("/tool", headers=asked[0], environ_overrides=asked[1])
    assert response.status_code == status


# -- behind a proxy ------------------------------------------------------------------------------


def _request(**headers: str) -> Request:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(
        "GET", "/", {}, given, {}, host="127.0.0.1:8080", secure=False, user_ip="127.0.0.1", original=None
    )


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, ("127.0.0.1", False, "127.0.0.1:8080")),
        ({"X_Forwarded_For": "10.0.0.1, 203.0.113.7"}, ("203.0.113.7", False, "127.0.0.1:8080")),
        ({"X_Real_Ip": "2001:db8::1"}, ("2001:db8::1", False, "127.0.0.1:8080")),
        ({"X_Forwarded_For": "<script>"}, ("127.0.0.1", False, "127.0.0.1:8080")),
        (
            {"X_Forwarded_Proto": "http, https", "X_Forwarded_Host": "tool.example"},
            ("127.0.0.1", True, "tool.example"),
        ),
        ({"X_Scheme": "https", "X_Forwarded_Proto": "http"}, ("127.0.0.1", False, "127.0.0.1:8080")),
        ({"X_Forwarded_Proto": "javascript"}, ("127.0.0.1", False, "127.0.0.1:8080")),
    ],
)
def test_a_proxy_says_who_the_visitor_is(headers: dict[str, str], expected: tuple[str, bool, str]) -> None:
    asked = as_forwarded(_request(**headers))
    assert (asked.user_ip, asked.secure, asked.host) == expected

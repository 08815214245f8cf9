"""Whole applications of ours under the prefix of a proxy, on another server, and with routes of their own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from nbsession.platform.django import wsgi_app as django_app
from nbsession.platform.flask import wsgi_app as flask_app
from nbsession.platform.starlette import asgi_app

if TYPE_CHECKING:
    from pathlib import Path


def app() -> None: ...


@pytest.fixture(params=["flask", "django"])
def wsgi(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    (tmp_path / "a").write_text("content")
    make: Any = {"flask": flask_app, "django": django_app}[request.param]
    return make(app, static_dir=str(tmp_path))


def ask_wsgi(application: Any, path: str) -> tuple[str, bytes]:
    from wsgiref.util import setup_testing_defaults  # noqa: PLC0415 -- for these tests

    environ: dict[str, Any] = {"PATH_INFO": path}
    setup_testing_defaults(environ)
    environ["wsgi.multithread"] = True
    told: list[str] = []
    answer = application(environ, lambda status, _, __=None: told.append(status))
    try:
        return told[0], b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()


def ask_asgi(application: Any, path: str, root: str = "") -> tuple[int, bytes]:
    """Ask an application, mounted under ``root``."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": "GET",
        "scheme": "http",
        "path": root + path,
        "root_path": root,
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as pool:  # in this thread a loop of Playwright's may run
        pool.submit(asyncio.run, application(scope, receive, send)).result()
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


def test_a_wsgi_application_serves_the_page_under_a_prefix(wsgi: Any) -> None:
    for path in ("/", "/tools/app/", "/tools/app"):
        status, body = ask_wsgi(wsgi, path)
        assert status.startswith("200")
        assert b"data-nbsession-protocol" in body


def test_a_wsgi_application_serves_its_files_under_a_prefix(wsgi: Any) -> None:
    for path in ("/static/a", "/tools/app/static/a"):
        assert ask_wsgi(wsgi, path)[1] == b"content"
    assert ask_wsgi(wsgi, "/tools/app/static/b")[0].startswith("404")


@pytest.mark.parametrize("root", ["", "/mounted"])
def test_an_asgi_application_serves_page_and_files_under_a_prefix(root: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("content")
    application = asgi_app(app, static_dir=str(tmp_path))
    for path in ("/", "/tools/app/", "/tools/app"):
        assert b"data-nbsession-protocol" in ask_asgi(application, path, root)[1]
    for path in ("/static/a", "/tools/app/static/a"):
        assert ask_asgi(application, path, root) == (200, b"content")
    for path in ("/static/b", "/tools/app/static/b", "/favicon.ico"):
        assert ask_asgi(application, path, root)[0] == 404


def test_somebody_s_own_routes_come_first() -> None:
    flask: Flask = flask_app(app)
    flask.add_url_rule("/own", "own", lambda: "own")
    assert ask_wsgi(flask, "/own") == ("200 OK", b"own")
    starlette: Starlette = asgi_app(app)
    starlette.router.routes.append(Route("/own", lambda _: PlainTextResponse("own")))
    assert ask_asgi(starlette, "/own") == (200, b"own")

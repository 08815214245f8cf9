"""What apps are served on: each backend's name, its request, and the servers that it is tested on."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Backend:
    """A framework.

    Attributes
    ----------
    name : str
        Its module in ``nbsession.platform``, and ``info.backend``.
    requests : mapping
        What ``info.request`` is, by what the page speaks; the first is what it speaks by itself.
    """

    name: str
    requests: dict[str, str]

    @property
    def protocols(self) -> list[str]:
        return list(self.requests)


TORNADO = "tornado.httputil.HTTPServerRequest"
AIOHTTP = "aiohttp.web_request.Request"
BACKENDS = {
    backend.name: backend
    for backend in (
        Backend("tornado", {"websocket": TORNADO, "http": TORNADO}),
        Backend(
            "starlette",
            {"websocket": "starlette.websockets.WebSocket", "http": "starlette.requests.Request"},
        ),
        Backend("aiohttp", {"websocket": AIOHTTP, "http": AIOHTTP}),
        Backend("flask", {"http": "flask.wrappers.Request"}),
        Backend("django", {"http": "django.core.handlers.wsgi.WSGIRequest"}),
    )
}


@dataclass(frozen=True)
class Server:
    """A server in a process of its own.

    Attributes
    ----------
    backend : str
        In `BACKENDS`.
    command : tuple of str
        Serves the apps of `apps` at ``/``, or at `PREFIX` beside other pages; says at what address.
    """

    backend: str
    command: tuple[str, ...]


PREFIX = "/tools/app"


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-u", "-m", *arguments)


GUNICORN = (
    "gunicorn",
    "--worker-class=gthread",
    "--workers=1",
    "--threads=16",
    "--bind=127.0.0.1:0",
    "--no-control-socket",
)
SERVERS = {
    "tornado": Server("tornado", _python("tests.backends.serve", "tornado")),
    "starlette on uvicorn": Server("starlette", _python("tests.backends.serve", "starlette")),
    "aiohttp": Server("aiohttp", _python("tests.backends.serve", "aiohttp")),
    "flask on waitress": Server("flask", _python("tests.backends.serve", "flask")),
    "django on waitress": Server("django", _python("tests.backends.serve", "django")),
}
"""Servers of ours."""

MOUNTED = {
    "tornado": Server("tornado", _python("tests.backends.mounted", "tornado")),
    "fastapi on uvicorn": Server("starlette", _python("tests.backends.mounted", "fastapi")),
    "aiohttp": Server("aiohttp", _python("tests.backends.mounted", "aiohttp")),
    "flask on gunicorn": Server("flask", _python(*GUNICORN, "tests.backends.mounted:flask()")),
    "django on gunicorn": Server("django", _python(*GUNICORN, "tests.backends.mounted:django()")),
}
"""Applications of somebody else, with ours under `PREFIX`."""

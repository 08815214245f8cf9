"""Somebody's own applications, each with pages of its own, and with our apps under a prefix."""

# ruff: noqa: PLC0415 -- one process has one framework

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator
from typing import Any

from .apps import APPS
from .backends import PREFIX

OWN = "the application's own page"
# Ours again, where a proxy is expected, by its headers and by the name that it passes on.
PROXIED: dict[str, Any] = {
    f"{PREFIX}-trusting": {"trust_xheaders": True},
    f"{PREFIX}-named": {"allowed_hosts": ["tool.example"]},
}


def _listen() -> tuple[socket.socket, str]:
    listening = socket.create_server(("127.0.0.1", 0))
    return listening, f"serves at http://127.0.0.1:{listening.getsockname()[1]}/"


def tornado() -> None:
    import tornado.httpserver
    import tornado.web

    from nbsession.platform.tornado import webio_handler

    class Own(tornado.web.RequestHandler):
        def get(self) -> None:
            self.write(OWN)

    async def serve() -> None:
        listening, where = _listen()
        listening.settimeout(0)
        application = tornado.web.Application(
            [
                ("/", Own),
                (PREFIX, webio_handler(APPS)),
                *((path, webio_handler(APPS, **options)) for path, options in PROXIED.items()),
            ]
        )
        tornado.httpserver.HTTPServer(application).add_socket(listening)
        print(where)
        await asyncio.Event().wait()

    asyncio.run(serve())


def fastapi() -> None:
    import uvicorn
    from fastapi import FastAPI

    from nbsession.platform.fastapi import asgi_app, routes

    mounted = asgi_app(APPS)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with mounted.router.lifespan_context(mounted):
            yield

    application = FastAPI(lifespan=lifespan)

    @application.get("/")
    def own() -> str:
        return OWN

    application.mount(PREFIX, mounted)
    application.router.routes.extend(routes(APPS, path="/routed"))
    for path, options in PROXIED.items():
        application.router.routes.extend(routes(APPS, path=path, **options))
    listening, where = _listen()
    print(where)
    uvicorn.Server(uvicorn.Config(application, log_level="warning")).run([listening])


def aiohttp() -> None:
    from aiohttp import web

    from nbsession.platform.aiohttp import handler

    async def own(_: web.Request) -> web.Response:
        return web.Response(text=OWN)

    application = web.Application()
    application.router.add_get("/", own)
    page = handler(APPS)
    application.router.add_route("*", PREFIX, page)
    for path, options in PROXIED.items():
        application.router.add_route("*", path, handler(APPS, **options))
    application.on_shutdown.append(page.close)
    listening, where = _listen()
    print(where)
    web.run_app(application, sock=listening, print=None, access_log=None)


def flask() -> Any:
    from flask import Flask

    from nbsession.platform.flask import view

    application = Flask(__name__)
    application.add_url_rule("/", "own", lambda: OWN)
    application.add_url_rule(PREFIX, "tool", view(APPS, threads=16))
    for path, options in PROXIED.items():
        application.add_url_rule(path, path, view(APPS, threads=16, **options))
    return application


def django() -> Any:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import path

    from nbsession.platform.django import view

    urls = [path("", lambda _: HttpResponse(OWN)), path(PREFIX[1:], view(APPS, threads=16))]
    urls += [path(where[1:], view(APPS, threads=16, **options)) for where, options in PROXIED.items()]
    settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=tuple(urls))
    return get_wsgi_application()


if __name__ == "__main__":
    globals()[sys.argv[1]]()

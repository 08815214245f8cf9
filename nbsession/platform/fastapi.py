"""Apps in FastAPI applications: `nbsession.platform.starlette`, by the name that the original gives it."""

from __future__ import annotations

from .starlette import asgi_app, routes, start_server, webio_routes

__all__ = ["asgi_app", "routes", "start_server", "webio_routes"]

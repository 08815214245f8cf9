"""Apps in FastAPI applications: `nbsession.platform.starlette`, under PyWebIO's name."""

from __future__ import annotations

from .starlette import asgi_app, routes, start_server, webio_routes

__all__ = ["asgi_app", "routes", "start_server", "webio_routes"]

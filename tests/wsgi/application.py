"""Applications for gunicorn: ``tests.wsgi.application:flask``."""

from __future__ import annotations

from nbsession import defer_call, hold
from nbsession.platform.django import wsgi_app as wsgi_app_of_django
from nbsession.platform.flask import wsgi_app as wsgi_app_of_flask


def app() -> None:
    defer_call(lambda: print("the session has closed", flush=True))
    print("a session", flush=True)
    hold()


flask = wsgi_app_of_flask(app)
django = wsgi_app_of_django(app)

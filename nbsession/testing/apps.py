"""Apps that a test runs."""

from __future__ import annotations

import functools
import inspect
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nbsession.exceptions import SessionClosedException
from nbsession.session.apps import make_app, name_apps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nbsession.session.apps import AppFunction
    from nbsession.session.base import Session

    from .platform import InProcessPlatform, InProcessSession


class InProcessApps:
    """The apps of one `FakeBrowser.run`: where `go_app` goes."""

    loop = None  # each coroutine app has one of its own

    def __init__(self, platform: InProcessPlatform, apps: Mapping[str, AppFunction]) -> None:
        self._platform = platform
        self._apps = apps

    def start(self, name: str) -> InProcessSession:
        """Begin to run an app, and return its session."""
        session = self._platform.open()
        make_app(session, name, self, _telling(self._apps[name], session)).start()
        return session

    def go(self, session: Session, name: str, *, new_window: bool) -> None:
        """Run another app; see `go_app`."""
        if name not in self._apps:
            msg = f"go_app() knows no app {name!r}: there are {', '.join(map(repr, self._apps))}"
            raise ValueError(msg)
        gone_to = self.start(name)
        gone_to.at_rest.wait()
        if gone_to.raised is not None:
            raise gone_to.raised
        if not new_window:
            session.close("another app was opened in its place")


def run_app(platform: InProcessPlatform, app: object, timeout: float) -> InProcessSession:
    """Run an app until it is at rest; raise what it raises."""
    apps = name_apps(app)
    name = "index" if "index" in apps else next(iter(apps))
    session = InProcessApps(platform, apps).start(name)
    if not session.at_rest.wait(timeout):
        msg = f"the app {name!r} has not returned within {timeout:g} s"
        raise TimeoutError(msg)
    if session.raised is not None:
        raise session.raised
    return session


def _telling(app: AppFunction, session: InProcessSession) -> AppFunction:
    """Return the app such that the session learns when it has returned, and what it raised, before others do."""
    if inspect.iscoroutinefunction(app):

        @functools.wraps(app)
        async def coroutine() -> Any:
            with _telling_of(session):
                return await app()

        return coroutine

    @functools.wraps(app)
    def function() -> Any:
        with _telling_of(session):
            return app()

    return function


@contextmanager
def _telling_of(session: InProcessSession) -> Iterator[None]:
    try:
        yield
    except SessionClosedException:
        raise
    except Exception as error:
        session.raised = error
        raise
    finally:
        session.at_rest.set()

"""The apps of a test."""

from __future__ import annotations

from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from nbsession._apps.apps import destination, name_apps

from ._watched import wait_until_over, watched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbsession._core.app import AppFunction
    from nbsession._core.session import Session

    from ._in_process_platform import InProcessPlatform, InProcessSession


class InProcessApps:
    """The apps of one `FakeBrowser.run`, among which `go_app` switches."""

    loop = None  # each coroutine app has its own loop

    def __init__(self, platform: InProcessPlatform, apps: Mapping[str, AppFunction]) -> None:
        self._platform = platform
        self._apps = apps

    def start(self, name: str) -> InProcessSession:
        """Start an app, and return its session."""
        session = self._platform.open()
        watched(session, name, self, self._apps[name]).start()
        return session

    def go(self, session: Session, name: str, *, new_window: bool) -> None:
        """Run another app; see `go_app`."""
        name = destination(self._apps, name)
        gone_to = self.start(name)
        gone_to.at_rest.wait()
        wait_until_over(gone_to, inf)
        if gone_to.raised is not None:
            raise gone_to.raised
        if not new_window:
            session.close("another app was opened in its place")


def run_app(platform: InProcessPlatform, app: object, timeout: float) -> InProcessSession:
    """Run an app until it returns or holds, and until its session has ended if it ends; raise the app's exceptions."""
    deadline = monotonic() + timeout
    apps = name_apps(app)
    name = "index" if "index" in apps else next(iter(apps))
    session = InProcessApps(platform, apps).start(name)
    if not session.at_rest.wait(timeout):
        msg = f"the app {name!r} has not returned within {timeout:g} s"
        raise TimeoutError(msg)
    over = wait_until_over(session, deadline - monotonic())
    if session.raised is not None:
        raise session.raised
    if not over:
        msg = (
            f"the session of the app {name!r} has not ended within {timeout:g} s: "
            "it waits for a download or a deferred function"
        )
        raise TimeoutError(msg)
    return session

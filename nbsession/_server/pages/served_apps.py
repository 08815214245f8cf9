"""The apps of a server. Each page runs one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from nbsession._apps.app_config import described, manifest_of
from nbsession._apps.apps import destination, make_app
from nbsession._core.session import Session
from nbsession._core.values import encode_command
from nbsession._server.files.document import Head

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    from nbsession._core.app import AppFunction
    from nbsession._server.http.request import Request

    from .clients import Client
    from .server_platform import ServerPlatform

# A browser may block a window that no click of the reader has opened. The page then offers a link.
_GO = """
const url = new URL(location.href);
url.searchParams.set("app", name);
if (!new_window) location.assign(url);
else if (!window.open(url)) dispatchEvent(new CustomEvent("nbsession:blocked", {detail: {name, url: url.href}}));
"""


class PageApps(Protocol):
    """Finds the app of each page."""

    def head(self, request: Request) -> Head | None:
        """Return the head of the requested page; None if there is no such app."""
        ...

    def welcome(self, client: Client) -> str | None:
        """Run the page's app; see `Clients`."""
        ...


class MakePageApps(Protocol):
    """Makes the apps of a server, when its platform and its loop are known."""

    def __call__(
        self,
        platform: ServerPlatform,
        loop: asyncio.AbstractEventLoop | None,
        tells_failures: Callable[[Request], bool],
    ) -> PageApps: ...


class ServedApps:
    """The apps of one ``start_server``.

    Parameters
    ----------
    platform : ServerPlatform
        The platform of their sessions.
    loop : asyncio.AbstractEventLoop, optional
        Runs coroutine apps. By default, each has a loop in its own thread.
    tells_failures : callable
        ``tells_failures(request)`` returns whether the visitor sees the tracebacks of exceptions.
    apps : mapping
        The apps by name.
    """

    def __init__(
        self,
        platform: ServerPlatform,
        loop: asyncio.AbstractEventLoop | None,
        tells_failures: Callable[[Request], bool],
        apps: Mapping[str, AppFunction],
    ) -> None:
        self._tells_failures = tells_failures
        self._platform = platform
        self._apps = apps
        self.loop = loop

    def name(self, request: str | None) -> str | None:
        """Return the name of the app that ``?app=`` selects; None if there is no such app."""
        if request:
            return request if request in self._apps else None
        return "index" if "index" in self._apps else next(iter(self._apps))

    def head(self, request: Request) -> Head | None:
        """Return the head of the requested page; None if there is no such app."""
        name = self.name(request.app)
        if name is None:
            return None
        title, description = described(self._apps[name])
        return Head(title or name, description, manifest_of(self._apps[name]))

    def welcome(self, client: Client) -> str | None:
        """Run the page's app; see `Clients`."""
        request = client.connection.request
        name = self.name(request.app)
        if name is None:
            return f"there is no app {request.app!r:.80}"
        session = Session(
            self._platform,
            self._platform.next_channel(),
            client.page.page_id,
            tells_failures=self._tells_failures(request),
        )
        session.view_shown()
        app = make_app(session, name, self, self._apps[name])
        client.session = session
        session.delivery.attach(client.page)
        app.start()
        return None

    def go(self, session: Session, name: str, *, new_window: bool) -> None:
        """Open another app; see `go_app`."""
        name = destination(self._apps, name)
        session.delivery.run(
            encode_command("go_app", ("run",), _GO, {"name": name, "new_window": new_window})
        )


def making(apps: Mapping[str, AppFunction]) -> MakePageApps:
    """Return what makes the `ServedApps` of these apps."""
    return partial(ServedApps, apps=apps)

"""The platform of pages on servers."""

from __future__ import annotations

import itertools
from math import inf
from typing import TYPE_CHECKING

from nbsession._sync.timer_thread import TimerThread
from nbsession.exceptions import SessionException

from .server_place import ServerPlace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbsession._core.app import AppFunction
    from nbsession._core.download_channel import Download
    from nbsession._core.scope import Scope
    from nbsession._core.session import Session
    from nbsession._server.files.transfers import FileTransfer
    from nbsession._sync.waiter import Waiter

    from .clients import Clients, Connection


class ServerPlatform:
    """State that the sessions of one server share.

    Parameters
    ----------
    backend : str
        The server's name in ``info.backend``.

    Attributes
    ----------
    clients : Clients
        The server's pages; set by the code that creates the server.
    protocol : {'websocket', 'http'}
        The protocol that pages try first.
    """

    clients: Clients

    def __init__(self, backend: str, protocol: str = "websocket") -> None:
        self.backend = backend
        self.protocol = protocol
        self.alarm = TimerThread()
        self.next_channel = itertools.count(1).__next__

    def scope(self) -> Scope | None:
        return None  # an app's code is identified by its contextvar

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        return waiter.wait(timeout)

    def attach(self, session: Session) -> None:
        """Do nothing: an app's session has its page from the start."""

    def attach_timeout(self, session: Session, *, awaited: bool = False) -> float:  # noqa: ARG002
        return inf

    def alone(self, session: Session) -> bool:  # noqa: ARG002
        return False

    @property
    def largest_upload(self) -> int:
        return self.clients.largest_upload

    def unattended(self, session: Session) -> bool:  # noqa: ARG002
        return False

    def no_frontend(self, session: Session, *, awaited: bool = False) -> str:  # noqa: ARG002
        return "the session has no page"

    def show(self, session: Session) -> None:
        """Do nothing: a page shows its session."""

    def keep_outputs(self, session: Session) -> bool:  # noqa: ARG002
        return False  # the page keeps them by itself

    def closed(self, session: Session) -> None:
        self.clients.session_closed(session)

    def describe(self, session: Session) -> ServerPlace:
        page = session.page
        if page is None:
            return ServerPlace(self.backend, self.protocol)
        connection: Connection = page.transport  # type: ignore[assignment]
        return ServerPlace(self.backend, connection.protocol, connection.request.original)

    def give_way(self) -> None:
        """Do nothing: a server has no session for code outside of apps."""

    def local(self, session: Session) -> dict[object, object]:
        assert session.app is not None
        return session.app.local

    def offer(self, download: Download) -> FileTransfer:
        return self.clients.transfers.offer(download)

    def serve(self, apps: Mapping[str, AppFunction]) -> object:  # noqa: ARG002
        msg = "start_server() cannot be called by an app on a server"
        raise SessionException(msg)

"""The interface between the session layer and a platform. A platform registers itself; this package imports none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbsession._core.app import AppFunction
    from nbsession._core.download_channel import Download
    from nbsession._core.interfaces.place import Place
    from nbsession._core.scope import Scope
    from nbsession._core.session import Session
    from nbsession._sync.timer_thread import TimerThread
    from nbsession._sync.waiter import Waiter

    from .file_transfer import Transfer


class Platform(Protocol):
    """Opens sessions and lets threads wait. One per process."""

    alarm: TimerThread

    @property
    def largest_upload(self) -> int:
        """The most bytes that a visitor may upload to a form without limits of its own; 0 for no limit."""
        ...

    def next_channel(self) -> int:
        """Return a channel number that no session or download of this process has used."""
        ...

    def scope(self) -> Scope | None:
        """Return the scope of the calling thread if no contextvar and no registered thread determines it."""
        ...

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        """Block the calling thread until ``waiter`` is released, for at most ``timeout`` seconds.

        Returns whether it was released.
        """
        ...

    def attach(self, session: Session) -> None:
        """Find or await the page of a session; then call ``session.delivery.attach(page)``."""
        ...

    def attach_timeout(self, session: Session, *, awaited: bool = False) -> float:
        """Return the seconds that a call may wait for the first page. Called in the thread or task that waits."""
        ...

    def alone(self, session: Session) -> bool:
        """Return whether no page can be expected because the notebook runs without a front end."""
        ...

    def unattended(self, session: Session) -> bool:
        """Return whether nobody sees the session's page, because it is headless or there is none."""
        ...

    def no_frontend(self, session: Session, *, awaited: bool = False) -> str | None:
        """Return the error message for a page that has not attached; None to continue waiting."""
        ...

    def show(self, session: Session) -> None:
        """Make the session's outputs visible. Can be called on any thread."""
        ...

    def keep_outputs(self, session: Session) -> bool:
        """Keep the outputs of a closing session if they can still be read. Return whether they are kept."""
        ...

    def closed(self, session: Session) -> None:
        """Release a closed session and remove its view."""
        ...

    def describe(self, session: Session) -> Place:
        """Return the values of ``info`` that the platform knows."""
        ...

    def offer(self, download: Download) -> Transfer | None:
        """Let the page fetch a file over HTTP; None if the link carries it."""
        ...

    def serve(self, apps: Mapping[str, AppFunction]) -> object:
        """Run apps at the place of the calling code, and return their handle."""
        ...

    def give_way(self) -> None:
        """Handle the start of a server for apps in this process. From then on, code outside of apps has no session."""
        ...

    def local(self, session: Session) -> dict[object, object]:
        """Return the dictionary of this session's ``local``."""
        ...

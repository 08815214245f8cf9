"""What the session layer needs of a platform. A platform registers itself; nothing here imports one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping
    from weakref import ref

    from nbsession._core.app import AppFunction
    from nbsession._core.download_channel import Download
    from nbsession._core.interfaces.place import Place
    from nbsession._core.session import Session
    from nbsession._sync.timer_thread import TimerThread
    from nbsession._sync.waiter import Waiter

    from .file_transfer import Transfer


class Scope(Protocol):
    """A place that calls come from: a notebook cell, an app, a callback. Its session is opened at first use."""

    @property
    def session(self) -> Session:
        """The session of this place."""
        ...


class CodeScope(Scope, Protocol):
    """The place of code that is known by our contextvar.

    Attributes
    ----------
    task : weakref.ref or None
        The asyncio task that runs the code, if one does; others in this scope were started by it.
    """

    task: ref[asyncio.Task[Any]] | None

    @property
    def opened(self) -> Session | None:
        """The session, if it has been opened."""
        ...


class Platform(Protocol):
    """Opens sessions and knows how threads wait. One per process."""

    alarm: TimerThread

    def next_channel(self) -> int:
        """Return a channel number that no session or download of this process has had."""
        ...

    def scope(self) -> Scope | None:
        """Return the scope of the calling thread where no contextvar and no registered thread names one."""
        ...

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        """Block the calling thread until ``waiter`` is released, at most ``timeout`` seconds; say whether it was."""
        ...

    def attach(self, session: Session) -> None:
        """Find or await the page of a session; then call ``session.attach(page)``."""
        ...

    def attach_timeout(self, session: Session, *, awaited: bool = False) -> float:
        """Return how many seconds a call may wait for the first page. In the thread, or the task, that waits."""
        ...

    def alone(self, session: Session) -> bool:
        """Say whether no page is to be expected: the notebook is run by something without a front end."""
        ...

    def no_frontend(self, session: Session, *, awaited: bool = False) -> str | None:
        """Return what to tell the user when no page attached: the causes and ways out; None to go on waiting."""
        ...

    def show(self, session: Session) -> None:
        """Make the session's outputs visible where it lives. Any thread."""
        ...

    def keep_outputs(self, session: Session) -> bool:
        """Keep what a session that closes has shown, where that can still be read; say whether it is kept."""
        ...

    def closed(self, session: Session) -> None:
        """Forget a closed session and take its view away."""
        ...

    def describe(self, session: Session) -> Place:
        """Return what ``info`` knows of the session's place."""
        ...

    def offer(self, download: Download) -> Transfer | None:
        """Let the page fetch a file by HTTP; None if its link is to carry it."""
        ...

    def serve(self, apps: Mapping[str, AppFunction]) -> object:
        """Run apps where the calling code lives and return their handle."""
        ...

    def give_way(self) -> None:
        """Learn that a server for apps runs in this process: code that belongs to no app belongs to no session then."""
        ...

    def local(self, session: Session) -> dict[object, object]:
        """Return the dictionary behind ``local`` for this session."""
        ...

"""A platform without a front end: sessions stay without a page unless a test gives them one."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from nbsession._core.session import Session
from nbsession._sync.timer_thread import TimerThread

if TYPE_CHECKING:
    from nbsession._sync.waiter import Waiter

TIMEOUT = 60.0
"""Seconds that a test waits for what should come at once."""


class FakePlatform:
    """Records what sessions ask of it."""

    def __init__(self) -> None:
        self.alarm = TimerThread()
        self.next_channel = itertools.count(1).__next__
        self.closed_sessions: list[Session] = []
        self.keeps = False
        self.without_pages = False

    def session(self) -> Session:
        return Session(self, self.next_channel())

    def scope(self) -> None:
        return None

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        return waiter.wait(TIMEOUT if timeout is None else timeout)

    def attach(self, session: Session) -> None:
        pass

    def attach_timeout(self, session: Session, *, awaited: bool = False) -> float:
        return TIMEOUT

    @property
    def largest_upload(self) -> int:
        return 0

    def unattended(self, session: Session) -> bool:
        return self.without_pages

    def alone(self, session: Session) -> bool:
        return self.without_pages

    def no_frontend(self, session: Session, *, awaited: bool = False) -> str:
        return "no front end"

    def show(self, session: Session) -> None:
        pass

    def keep_outputs(self, session: Session) -> bool:
        return self.keeps

    def closed(self, session: Session) -> None:
        self.closed_sessions.append(session)

    def describe(self, session: Session) -> Any:
        raise NotImplementedError

    def offer(self, download: Any) -> None:
        return None

    def serve(self, apps: Any) -> object:
        raise NotImplementedError

    def give_way(self) -> None:
        """Do nothing: no server runs here."""

    def local(self, session: Session) -> dict[object, object]:
        return {} if session.app is None else session.app.local


class FakePage:
    """A page that takes everything at once. `sent` is what it was sent: (channel, text)."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []
        self.channels: tuple[Any, ...] = ()
        self.unsent = 0
        self.context = "context"
        self.on_drained_wakes: list[Any] = []
        self.violations: list[str] = []
        self.queued: list[Any] = []

    def open(self, channel: Any) -> None:
        self.channels = (*self.channels, channel)

    def close_session(self, session: Any, reason: str) -> None:
        self.channels = tuple(channel for channel in self.channels if channel.session is not session)
        self.sent.append((0, f"close {session.number} {reason}"))

    def release_drained(self) -> None:
        """Do nothing: tests call the wakes."""

    def take_back(self, channel: int) -> list[Any]:
        taken, self.queued = self.queued, []
        return taken

    def depart(self, handover: Any) -> list[Any]:
        return []

    def ask_to_leave(self, channel: int, where: str) -> None:
        self.sent.append((0, f"leave {channel} for {where}"))

    def end_session(self, session: Any, reason: str, *, again: bool) -> None:
        self.sent.append((0, f"end {session.number} {reason}"))

    def send(self, channel: int, text: str, buffers: Any = ()) -> None:
        self.sent.append((channel, text))

    def answer(self, channel: int, text: str, buffers: Any) -> None:
        self.sent.append((channel, text))

    def waiting(self, channel: int | None = None) -> int:
        return self.unsent

    def violate(self, what: str) -> None:
        self.violations.append(what)

    def on_drained(self, wake: Any) -> None:
        self.on_drained_wakes.append(wake)

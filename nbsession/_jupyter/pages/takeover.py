"""With several pages on one kernel a session acts on one: moving it to another, and telling the others where it is."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING

from nbsession._core.kernel_user import identified_user
from nbsession._core.user_agent import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nbsession._core.handover import Handover
    from nbsession._core.page import Page
    from nbsession._core.session import Session
    from nbsession._sync.timer_thread import TimerThread

# Seconds for a page that is there to say that it has run all it was sent.
_POLITE = 3.0
_CLOSED = "the page was closed"


class Takeovers:
    """Moves sessions between the pages of a kernel. Any thread.

    Parameters
    ----------
    alarm : TimerThread
        Calls back when a page has not answered.
    showing : callable
        ``showing(session)`` returns the pages that show views of it.
    successor : callable
        ``successor(session, page)`` returns the page that goes on when this one is gone, if there is one.
    polite : float
        Seconds for which the page that is left may take to run what it was sent.
    """

    def __init__(
        self,
        alarm: TimerThread,
        showing: Callable[[Session], Iterable[Page]],
        successor: Callable[[Session, Page], Page | None],
        *,
        polite: float = _POLITE,
    ) -> None:
        self._alarm = alarm
        self._showing = showing
        self._successor = successor
        self.polite = polite
        self._lock = threading.Lock()
        self._targets: dict[Session, Page] = {}  # where sessions that are on their way go

    def move(self, session: Session, target: Page, *, gone: bool = False, begun: int | None = None) -> None:
        """Have a session go on with another page.

        Parameters
        ----------
        session : Session
            The session.
        target : Page
            The page that acts from now on.
        gone : bool
            The page that acted is gone: it is not waited for.
        begun : int or None
            What it had begun by then; see `Session.depart`.
        """
        with self._lock:
            on_its_way = session in self._targets
            if on_its_way or session.page is not target:
                self._targets[session] = target
        if on_its_way or session.page is target:
            return
        if session.page is None:
            self._arrive(session)
            return
        handover = session.depart(where(target), lambda: self._arrive(session), gone=gone, begun=begun)
        if handover is None:
            self._arrive(session)
        elif not handover.over:
            self._wait_for(handover)

    def _wait_for(self, handover: Handover) -> None:
        def late(now: float) -> None:  # noqa: ARG001
            handle.close()
            if not handover.over:
                handover.give_up()

        handle = self._alarm.handle(late)
        handle.at(monotonic() + self.polite)

    def page_gone(self, page: Page) -> None:
        """A page is gone: sessions that were on their way there go to another one, or end."""
        with self._lock:
            ways = [session for session, target in self._targets.items() if target is page]
        for session in ways:
            successor = self._successor(session, page)
            with self._lock:
                if successor is None:
                    self._targets.pop(session, None)
                elif session in self._targets:
                    self._targets[session] = successor
            if successor is None:
                session.close(_CLOSED, keep_outputs=False)

    def tell(self, session: Session, page: Page) -> None:
        """Tell a page that shows a view of the session where it is, if it is not there."""
        acting = session.page
        if acting is not None and acting is not page:
            page.tell_elsewhere(session.number, where(acting))

    def tell_all(self, session: Session) -> None:
        """Tell all pages that show views of a session where it is."""
        for page in self._showing(session):
            self.tell(session, page)

    def rename(self, page: Page) -> None:
        """A page has told whose it is: others may have been told where sessions are before that was known."""
        for channel in page.channels:
            if channel.session.page is page and channel is channel.session:
                self.tell_all(channel.session)

    def _arrive(self, session: Session) -> None:
        with self._lock:
            target = self._targets.pop(session, None)
        if target is None:
            return
        if self.attach(session, target):
            self.tell_all(session)

    def attach(self, session: Session, page: Page) -> bool:
        """Give a session a page; if that ends at this moment, another one, or none. Return whether it has not ended."""
        session.attach(page)
        if not page.ended or session.page is not page:
            return True
        successor = self._successor(session, page)
        if successor is None:
            session.close(_CLOSED, keep_outputs=False)
        else:
            self.move(session, successor, gone=True)
        return False


def where(page: Page) -> str:
    """Say which page it is, as the reader of another one would know it."""
    agent = parse(str(page.info.get("user_agent", "")), page.info.get("user_agent_data"))
    browser, system = agent.browser.family, agent.os.family
    names = [name for name in (browser, system) if name and name != "Other"]
    user = identified_user(page.info.get("whoami"))
    return ", ".join(filter(None, ["" if user is None else user.display_name, " on ".join(names)]))

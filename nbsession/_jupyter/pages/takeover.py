"""Several pages on one kernel: moves a session, which uses one page, to another page, and notifies the others."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING

from nbsession._core.kernel_user import identified_user
from nbsession._core.session import sessions_of
from nbsession._core.user_agent import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nbsession._core.handover import Handover
    from nbsession._core.page import Page
    from nbsession._core.session import Session
    from nbsession._sync.timer_thread import TimerThread

# Seconds in which an open page must report that it has run all messages.
_POLITE = 3.0
_CLOSED = "the page was closed"


class Takeovers:
    """Moves sessions between the pages of a kernel. Can be used on any thread.

    Parameters
    ----------
    alarm : TimerThread
        The timer for pages that do not answer.
    showing : callable
        ``showing(session)`` returns the pages that show views of it.
    successor : callable
        ``successor(session, page)`` returns the page on which a session continues when its page is gone, if any.
    polite : float
        Seconds that the former page has to run its messages.
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
        self._targets: dict[Session, Page] = {}  # the target pages of sessions that are moving

    def move(self, session: Session, target: Page, *, gone: bool = False, begun: int | None = None) -> None:
        """Move a session to another page.

        Parameters
        ----------
        session : Session
            The session.
        target : Page
            The new page.
        gone : bool
            Whether the former page is gone, so that it is not waited for.
        begun : int or None
            The last frame that it had started to run; see `Session.depart`.
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
        handover = session.delivery.depart(
            where(target), lambda: self._arrive(session), gone=gone, begun=begun
        )
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
        """Handle the end of a page: sessions that were moving there go to another page, or end."""
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
        """Notify a page that shows a view of the session, if the session is on another page."""
        acting = session.page
        if acting is not None and acting is not page:
            page.tell_elsewhere(session.number, where(acting))

    def tell_all(self, session: Session) -> None:
        """Notify all pages that show views of a session of the session's page."""
        for page in self._showing(session):
            self.tell(session, page)

    def rename(self, page: Page) -> None:
        """Handle a page's report of its user. Other pages may have been notified before its label was known."""
        for session in sessions_of(page):
            if session.page is page and session in page.channels:
                self.tell_all(session)

    def _arrive(self, session: Session) -> None:
        with self._lock:
            target = self._targets.pop(session, None)
        if target is None:
            return
        if self.attach(session, target):
            self.tell_all(session)

    def attach(self, session: Session, page: Page) -> bool:
        """Attach a session to a page; if the page ends at this moment, to another one, or none.

        Return whether it is open.
        """
        session.delivery.attach(page)
        if not page.ended or session.page is not page:
            return True
        successor = self._successor(session, page)
        if successor is None:
            session.close(_CLOSED, keep_outputs=False)
        else:
            self.move(session, successor, gone=True)
        return False


def where(page: Page) -> str:
    """Return a label of the page for the reader of another one."""
    agent = parse(str(page.info.get("user_agent", "")), page.info.get("user_agent_data"))
    browser, system = agent.browser.family, agent.os.family
    names = [name for name in (browser, system) if name and name != "Other"]
    user = identified_user(page.info.get("whoami"))
    return ", ".join(filter(None, ["" if user is None else user.display_name, " on ".join(names)]))

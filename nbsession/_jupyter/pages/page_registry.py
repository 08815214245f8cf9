"""The pages of a kernel, from hello to goodbye, and the sessions that wait for a page."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._core.page import Page
from nbsession._core.session import sessions_of
from nbsession._core.state import SessionState
from nbsession._link import VERSION
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

from .comm_transport import CommTransport
from .lease import DEFAULT, MOST_OFTEN, Lease
from .listeners import Listeners
from .liveness import Liveness
from .page_choice import PageChoice
from .pageless import PagelessSessions
from .takeover import Takeovers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._core.interfaces.transport import Transport
    from nbsession._core.session import Session
    from nbsession._jupyter.shell.shell_interceptor import CommMessage
    from nbsession._link import Buffer
    from nbsession._sync.timer_thread import TimerThread

log = logging.getLogger("nbsession")

# The reason for closing a cell's session that waits for a page, for example in a thread, and thereby keeps the kernel
# from answering that page.
UNANSWERED = "the page was closed, or reloaded while the cell that waited for it kept the kernel busy"


class PageRegistry:
    """All pages of one kernel.

    All methods can be called on any thread. Messages are received one after the other: by comm on the interceptor's
    thread, over direct sockets on their own.

    Parameters
    ----------
    publish : callable
        Sends an envelope and its buffers to all pages.
    alarm : TimerThread
        The timer for waits.
    listeners : Listeners, optional
        Functions that are called about pages.
    hearing : callable
        Returns whether messages of pages are being received.
    busy : callable
        Returns whether a cell is running. A page that is reloaded during a cell can return only after it, because the
        kernel does not answer JupyterLab's startup requests before.
    stuck : callable
        Returns whether the running cell may be waiting for a session's page.
    works : callable
        Returns whether work that belongs to a session is running. Such a session stays open without a page.
    lease : float or None
        The maximum silence of a page in seconds; None for no limit.
    return_within : float
        Seconds in which a page that has sent goodbye may return (a reload).
    own_page_within : float
        Seconds after which a session whose own page has not sent its hello takes another one.
    answer_within : float
        Seconds in which an open page must answer when another page has come. After that, another page takes over.

    Attributes
    ----------
    return_within : float
        The same seconds. They may be changed at any time.
    """

    def __init__(
        self,
        publish: Callable[[Mapping[str, object], Sequence[Buffer]], None],
        alarm: TimerThread,
        listeners: Listeners | None = None,
        *,
        hearing: Callable[[], bool] = lambda: True,
        busy: Callable[[], bool] = lambda: False,
        stuck: Callable[[Session], bool] = lambda _session: False,
        works: Callable[[Session], bool] = lambda _session: False,
        lease: float | None = DEFAULT,
        return_within: float = 20.0,
        own_page_within: float = 0.5,
        answer_within: float = 3.0,
    ) -> None:
        self._publish = publish
        self._listeners = listeners or Listeners()
        self._hearing = hearing
        self._busy = busy
        self._stuck = stuck
        self._idle_since = monotonic()  # when the last cell ended
        self._choice = PageChoice(
            self._present,
            lambda page: self.lease.silent(page),  # noqa: PLW0108 -- made below
            self._listeners.showing,
        )
        self.lease: Lease[Page] = Lease(
            lease, alarm, self.lapsed, hearing, replaceable=self._choice.replaceable
        )
        self._liveness: Liveness[Page] = Liveness(alarm, self.lease, hearing, self._miss, answer_within)
        self.takeovers = Takeovers(alarm, self._showing, self._choice.successor)
        self.return_within = return_within
        self._own_page_within = own_page_within
        self._pageless = PagelessSessions(
            alarm, works, lambda: self.return_within, self._choice.successor, self.takeovers.move
        )
        self._alarm = alarm
        self._lock = InterruptSafeLock()
        self._receiving = InterruptSafeLock()
        self._contexts: dict[str, Page] = {}
        self._pages: dict[str, Page] = {}  # by page id, the newest last
        self._begun: dict[str, int] = {}  # page id -> the last frame that a page has run that is away
        self._away: dict[str, Any] = {}  # page id -> the timer of its return
        # page id -> the sessions of a page that is away, and the newer page that each uses in the meantime
        self._lent: dict[str, list[tuple[Session, Page]]] = {}
        self._waiting: list[Session] = []
        self._grace = alarm.handle(self._settle_for_any_page)
        self._greetings = 0

    @property
    def greetings(self) -> int:
        """The number of hellos that pages of this kernel have sent; if 0, the number of this process's own pages."""
        return self._greetings or len(self._pages)

    @property
    def pages(self) -> dict[str, Page]:
        """The pages by their ids, the newest last."""
        with self._lock:
            return dict(self._pages)

    @property
    def last_touched(self) -> Page | None:
        """The page that the reader last used; None if it is gone, or none was used."""
        with self._lock:
            return self._pages.get(self._choice.last_touched or "")

    def counts(self) -> dict[str, int]:
        """Return the number of pages, of channels on them, and of sessions that wait for a page."""
        pages = self.pages.values()
        return {
            "pages": len(pages),
            "channels": sum(1 for page in pages for _ in page.channels),
            "waiting sessions": len(self._waiting),
        }

    # -- sessions -----------------------------------------------------------------------------

    def attach(self, session: Session) -> None:
        """Attach the session to its page, or keep it until one sends its hello."""
        with self._lock:
            if session.state is SessionState.MOVING:  # it is moving to another page
                return
            page = self._choice.choose(session)
            waiting = session in self._waiting
            if page is None or (
                waiting and not _owns(page, session)
            ):  # until its own page has attached, or `_grace` is over
                if not waiting:
                    self._waiting.append(session)
                return
            self.forget(session)
        self.takeovers.attach(session, page)

    def works_without_page(self, session: Session) -> bool:
        """Return whether the session's page has gone, and its code works on."""
        return session in self._pageless

    def forget(self, session: Session) -> None:
        self._pageless.forget(session)
        with self._lock:
            if session in self._waiting:
                self._waiting.remove(session)

    def _present(self) -> list[Page]:
        with self._lock:
            return [page for name, page in reversed(self._pages.items()) if name not in self._away]

    def _showing(self, session: Session) -> list[Page]:
        names = self._listeners.showing(session)
        with self._lock:
            return [page for name, page in self._pages.items() if name in names]

    def touched(self, page: Page) -> None:
        """Called when the reader uses a page, which then precedes newer ones. The former page reports its next use."""
        former = self.last_touched
        if former is not None and former is not page:
            former.tell(["untouched"])
        self._choice.touched(page)

    def take(self, session: Session, page: Page) -> None:
        """Move a session to this page, on the reader's request."""
        former = session.page
        self.touched(page)
        self.forget(session)
        away = former is not None and former.page_id in self._away
        begun = self._begun.get(former.page_id) if former is not None and away else None
        self.takeovers.move(session, page, gone=away, begun=begun)

    def tell_ended(self, session: Session, reason: str) -> None:
        """Notify the session's page, and the pages that show it, of its end."""
        with self._lock:
            pages = list(self._pages.values())
        for page in pages:
            page.dismiss(session.number, reason)

    def _settle_for_any_page(self, now: float) -> None:  # noqa: ARG002
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for session in waiting:
            self.attach(session)

    # -- messages of pages --------------------------------------------------------------------

    def receive(self, message: CommMessage) -> None:
        """Process one envelope (docs/protocol.md)."""
        with self._receiving:
            self._receive(message)

    def move(self, context: str, choose: Callable[[Page], Transport | None]) -> Page | None:
        """Let a page continue over the transport that ``choose(page)`` returns; None leaves it as it is.

        Return the page, or None if there is none, or it was not moved.
        """
        with self._receiving:
            page = self._contexts.get(context)
            transport = None if page is None else choose(page)
            if page is None or transport is None:
                return None
            page.move(transport)
            return page

    def _receive(self, message: CommMessage) -> None:
        content = message.content
        if "hello" in content:
            self._hello(content["hello"], message.header)
            return
        context = content.get("context")
        if not isinstance(context, str):
            log.warning("a page sent an unknown kind of envelope: %.200r", sorted(content))
            return
        page = self._contexts.get(context)
        if page is None:
            if "goodbye" not in content:
                self._publish({"context": context, "expired": True}, ())
            return
        self.lease.heard(page)
        if "frame" in content:
            page.receive(content["frame"], message.buffers)
        elif "goodbye" in content:
            begun = content.get("begun")
            if type(begun) is int:
                self._begun[page.page_id] = begun
            self._goodbye(page, put_away=content.get("put_away") is True)
        elif "lost" in content:
            self._listeners.socket_lost(content["lost"])

    def _hello(self, hello: object, header: dict[str, Any]) -> None:
        fields = hello if isinstance(hello, dict) else {}
        page_id, context, version = fields.get("page"), fields.get("context"), fields.get("version")
        if not (isinstance(page_id, str) and isinstance(context, str) and page_id and context):
            log.warning("a page sent an invalid hello: %.200r", hello)
            return
        if str(version).partition(".")[0] != VERSION.partition(".")[0]:
            reason = f"the page speaks version {version!s:.20} of nbsession's protocol, the kernel {VERSION}"
            self._publish({"context": context, "refused": {"version": VERSION, "reason": reason}}, ())
            return
        self._greetings += 1
        self._welcome(page_id, context, fields, CommTransport(self._publish, header))
        self._listeners.greeted()

    def _welcome(self, page_id: str, context: str, fields: dict[str, Any], transport: Transport) -> None:
        info = fields["info"] if isinstance(fields.get("info"), dict) else {}
        with self._lock:
            page = self._pages.pop(page_id, None)
            gone = [] if page is not None else [self._pages[name] for name in self._away]
            known = page is not None and page.context == context
            former = None if page is None or known else page.context
            if page is None:
                page = Page(page_id, context, info, transport, self._alarm)
                page.on_control(self._listeners.control)
            self._pages[page_id] = page
            self._contexts[context] = page
            if former is not None:
                del self._contexts[former]
            back = self._away.pop(page_id, None)
            lent = self._lent.pop(page_id, [])
            self._begun.pop(page_id, None)
        if fields.get("focused") is True:
            self.touched(page)
        if back is not None:
            back.close()
        self.lease.heard(page)
        self.tell_terms(context)
        if former is not None:
            self._listeners.renewed(page)
            page.renew(context, info, transport, fields.get("previous"))
        for session, borrower in lent:
            if session.page is borrower:
                self.takeovers.move(session, page)
        for other in gone:
            self._lend(other, page)
        self._serve_waiting(page)
        self._pageless.enter(page)
        self._ask_others(page)

    def _lend(self, gone: Page, page: Page) -> None:
        """Let a newly opened page take over the sessions of one that has sent goodbye.

        Usually, it is the same notebook, opened again. Pages that were open before do not take over sessions for a
        while, because the goodbye may be due to a reload. If it was a reload after all, the former page gets its
        sessions back.
        """
        begun = self._begun.get(gone.page_id)
        for session in sessions_of(gone):
            if session.page is gone and self._choice.successor(session, gone) is not None:
                self._lent.setdefault(gone.page_id, []).append((session, page))
                self.takeovers.move(session, page, gone=True, begun=begun)

    def admit(self, page_id: str, context: str, info: dict[str, Any], transport: Transport) -> Page:
        """Add a page in this process, with its own transport."""
        self._welcome(page_id, context, {"info": info}, transport)
        return self._pages[page_id]

    def dismiss(self, page: Page, reason: str) -> None:
        """End a page and its sessions."""
        self._end(page, reason)

    def tell_terms(self, context: str) -> None:
        """Welcome a page: state the protocol's version, and how often the page has to send something."""
        heartbeat = self.lease.heartbeat
        said = {} if heartbeat == MOST_OFTEN else {"heartbeat": heartbeat}
        self._publish({"context": context, "welcome": {"version": VERSION, **said}}, ())

    def _serve_waiting(self, page: Page) -> None:
        with self._lock:
            own = [session for session in self._waiting if _owns(page, session)]
            self._waiting = [session for session in self._waiting if session not in own]
            others = bool(self._waiting)
        for session in own:
            self.takeovers.attach(session, page)
        if others:
            self._grace.at(monotonic() + self._own_page_within)

    def _goodbye(self, page: Page, *, put_away: bool) -> None:
        """Handle a page's goodbye.

        ``put_away``: it was closed inside JupyterLab, which may open it again during the lease.
        """
        said = monotonic()

        def look(now: float) -> float | None:
            if not self._hearing():  # its hello may have arrived and not been read
                return now + self.return_within
            until = max(said, self.lease.since, self._idle_since) + self.return_within
            if now < until:
                return until
            if page.page_id not in self._away:
                return None
            if put_away and not self._choice.replaceable(page):
                return None
            if self._busy() and not self._choice.replaceable(page):
                self._close_stuck(page)
                return now + self.return_within
            self._end(page, "the page was closed")
            return None

        handle = self._alarm.handle(look)
        with self._lock:
            former = self._away.pop(page.page_id, None)
            self._away[page.page_id] = handle
        if former is not None:
            former.close()
        if not put_away:
            self.lease.forget(page)
        _note_away(page)
        handle.at(said + self.return_within)

    def _close_stuck(self, page: Page) -> None:
        """Close sessions that the running cell may be waiting for, because their page waits for the cell's end."""
        for session in sessions_of(page):
            if session.page is page and session.closed is None and self._stuck(session):
                session.close(UNANSWERED)

    def cell_ended(self) -> None:
        """Handle the end of a cell: pages that are away can return from now on."""
        self._idle_since = monotonic()

    def lapsed(self, page: Page, reason: str) -> None:
        """End a page that has been silent for too long. If another page can take over, keep it asleep instead."""
        if self._choice.replaceable(page):
            self._hand_over(page, None)
        else:
            self._end(page, reason)

    def _ask_others(self, page: Page) -> None:
        """Ask the other open pages with sessions whether they are there: one may have gone without a goodbye."""
        for other in self.pages.values():
            if other is not page and other.page_id not in self._away and self._choice.replaceable(other):
                self._liveness.ask(other)

    def _miss(self, page: Page) -> None:
        """Let other pages take over from one that does not answer. It may only be busy, so it may finish its work."""
        for session in sessions_of(page):
            successor = self._choice.successor(session, page)
            if session.page is page and successor is not None and page.page_id not in self._away:
                self.takeovers.move(session, successor)

    def _end(self, page: Page, reason: str) -> None:
        with self._lock:
            if self._pages.get(page.page_id) is not page:
                return
            del self._pages[page.page_id]
            self._contexts.pop(page.context, None)
            self._lent.pop(page.page_id, None)
            back = self._away.pop(page.page_id, None)
        if back is not None:
            back.close()
        self.lease.forget(page)
        self._choice.forget(page)
        begun = self._begun.pop(page.page_id, None)
        self._hand_over(page, begun)
        self._pageless.leave(page, begun, reason)
        page.leave_all(begun)
        page.detach()
        for session in sessions_of(page):
            if session in page.channels:  # it has not moved to another page
                session.close(reason, keep_outputs=False)
        self._listeners.ended(page)

    def _hand_over(self, page: Page, begun: int | None) -> None:
        """Let other pages take over the sessions of this one, where possible."""
        self.takeovers.page_gone(page)
        for session in sessions_of(page):
            successor = self._choice.successor(session, page)
            if session.page is page and successor is not None:
                self.takeovers.move(session, successor, gone=True, begun=begun)

    def flush(self) -> None:
        """Send queued messages to all pages now. Can be called on any thread."""
        with self._lock:
            pages = list(self._pages.values())
        for page in pages:
            page.flush()

    def hurry(self) -> None:
        """Do the same, except for pages to which another thread is sending. Does not wait."""
        for page in list(self._pages.values()):
            page.hurry()

    def repeat(self, most: int) -> None:
        """Send by comm as well, up to `most` bytes, what is in flight to pages with direct sockets. Does not wait."""
        for page in list(self._pages.values()):
            page.repeat(most)


def _owns(page: Page, session: Session) -> bool:
    """Return whether the page is the session's own, or the session has no own page."""
    return session.peer in (None, page.transport.peer)


def _note_away(page: Page) -> None:
    for session in sessions_of(page):
        if session.page is page:
            session.delivery.page_away()

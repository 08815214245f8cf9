"""The pages of a kernel: who said hello, who left, and the sessions that wait for a page."""

from __future__ import annotations

import itertools
import logging
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._core.page import Page
from nbsession._core.state import SessionState
from nbsession._link import VERSION
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

from .lease import DEFAULT, MOST_OFTEN, Lease
from .takeover import Takeovers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._core.interfaces.transport import Transport
    from nbsession._core.session import Session
    from nbsession._jupyter.shell.shell_interceptor import CommMessage
    from nbsession._link import Buffer
    from nbsession._sync.timer_thread import TimerThread

log = logging.getLogger("nbsession")

# Why the session of a cell ends that waits for a page, by a thread say, and keeps the kernel from answering that page.
UNANSWERED = "the page was closed, or reloaded while the cell that waited for it kept the kernel busy"


class CommTransport:
    """Carries envelopes over the bridge's comm to one front-end connection."""

    def __init__(
        self, publish: Callable[[Mapping[str, object], Sequence[Buffer]], None], header: dict[str, Any]
    ) -> None:
        self._publish = publish
        self.header = header
        self.peer = str(header.get("session", ""))

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        self._publish(envelope, buffers)


@dataclass(frozen=True)
class Listeners:
    """Who else is told of pages. All are called without a lock.

    Attributes
    ----------
    control : callable
        ``control(page, body)`` takes what a page says on channel 0; see `Page.on_control`.
    greeted : callable
        ``greeted()``: a page has said hello.
    renewed : callable
        ``renewed(page)``: the page was reloaded.
    ended : callable
        ``ended(page)``: the page is no more, and neither are its sessions, but for those that go on with another one.
    showing : callable
        ``showing(session)`` returns the ids of the pages that show views of it.
    """

    control: Callable[[Page, list[Any]], None] = lambda _page, _body: None
    greeted: Callable[[], None] = lambda: None
    renewed: Callable[[Page], None] = lambda _page: None
    ended: Callable[[Page], None] = lambda _page: None
    showing: Callable[[Session], frozenset[str]] = lambda _session: frozenset()


class PageRegistry:
    """All pages of one kernel.

    ``receive`` is called by one thread at a time (the interceptor's); the rest by any thread.

    Parameters
    ----------
    publish : callable
        Sends an envelope and its buffers to all pages.
    alarm : TimerThread
        Calls back when a wait is over.
    listeners : Listeners, optional
        Who else is told of pages.
    hearing : callable
        Says whether messages of pages are received at this moment.
    busy : callable
        Says whether a cell runs. A page that is reloaded meanwhile comes back no sooner than the cell has ended: the
        kernel does not answer what JupyterLab asks when it starts.
    stuck : callable
        Says of a session whether the cell that runs may be waiting for its page.
    lease : float or None
        Seconds for which a page may be silent; None for ever.
    return_within : float
        Seconds for which a page that said goodbye may come back (a reload).
    own_page_within : float
        Seconds after which a session whose own page has not said hello takes another one.
    """

    def __init__(
        self,
        publish: Callable[[Mapping[str, object], Sequence[Buffer]], None],
        alarm: TimerThread,
        listeners: Listeners = Listeners(),
        *,
        hearing: Callable[[], bool] = lambda: True,
        busy: Callable[[], bool] = lambda: False,
        stuck: Callable[[Session], bool] = lambda _session: False,
        lease: float | None = DEFAULT,
        return_within: float = 20.0,
        own_page_within: float = 0.5,
    ) -> None:
        self._publish = publish
        self._listeners = listeners
        self._hearing = hearing
        self._busy = busy
        self._stuck = stuck
        self._idle_since = monotonic()  # when a cell ended last
        self.lease: Lease[Page] = Lease(lease, alarm, self._silent, hearing, replaceable=self._replaceable)
        self.takeovers = Takeovers(alarm, self._showing, self._successor)
        self._return_within = return_within
        self._own_page_within = own_page_within
        self._alarm = alarm
        self._lock = InterruptSafeLock()
        self._contexts: dict[str, Page] = {}
        self._pages: dict[str, Page] = {}  # by page id, the newest at the end
        self._touches: dict[str, int] = {}  # page id -> when the reader turned to it; higher is later
        self._next_touch = itertools.count(1).__next__
        self._begun: dict[str, int] = {}  # page id -> the last frame that a page which is away has run
        self._away: dict[str, Any] = {}  # page id -> the timer of its return
        # page id -> the sessions of a page that is away, and the newer page that each acts on meanwhile
        self._lent: dict[str, list[tuple[Session, Page]]] = {}
        self._waiting: list[Session] = []
        self._grace = alarm.handle(self._settle_for_any_page)
        self._greetings = 0

    @property
    def greetings(self) -> int:
        """How often pages of this kernel have said hello; if never, how many of this process's own there are."""
        return self._greetings or len(self._pages)

    # -- sessions -----------------------------------------------------------------------------

    def attach(self, session: Session) -> None:
        """Give the session its page, or keep it until one says hello."""
        with self._lock:
            if session.state is SessionState.MOVING:  # on its way to one
                return
            page = self._choose(session)
            waiting = session in self._waiting
            if page is None or (
                waiting and not _owns(page, session)
            ):  # until its own has come, or `_grace` is over
                if not waiting:
                    self._waiting.append(session)
                return
            self.forget(session)
        self.takeovers.attach(session, page)

    def forget(self, session: Session) -> None:
        with self._lock:
            if session in self._waiting:
                self._waiting.remove(session)

    def _choose(self, session: Session, but: Page | None = None) -> Page | None:
        """Return the page that ran the cell, else the one that the reader touched last, else the newest.

        One that is asleep acts if there is no other; one that shows the session goes before others that do not.
        """
        with self._lock:
            newest_first = reversed(self._pages.items())
            present = [page for name, page in newest_first if name not in self._away and page is not but]
        if len(present) <= 1:
            return present[0] if present else None
        own = [page for page in present if page.transport.peer == session.peer]
        shown_on = self._listeners.showing(session) if but is not None else frozenset()

        def rank(page: Page) -> tuple[bool, bool, int]:
            return not self.lease.silent(page), page.page_id in shown_on, self._touches.get(page.page_id, 0)

        return max(own or present, key=rank)

    def _successor(self, session: Session, but: Page) -> Page | None:
        """Return the page that goes on with a session whose page is gone; None if there is none, or it ends with it."""
        return None if session.toasts or session.closed is not None else self._choose(session, but)

    def _replaceable(self, page: Page) -> bool:
        """Say whether another page could go on with a session that acts on this one."""
        return any(
            channel is session
            and (successor := self._successor(session, page)) is not None
            and not self.lease.silent(successor)
            for channel in page.channels
            for session in [channel.session]
        )

    def _showing(self, session: Session) -> list[Page]:
        names = self._listeners.showing(session)
        with self._lock:
            return [page for name, page in self._pages.items() if name in names]

    def touched(self, page: Page) -> None:
        """The reader has turned to a page: it goes before newer ones. The one before it tells of its next touch."""
        with self._lock:
            former = self._pages.get(max(self._touches, key=self._touches.__getitem__, default=""))
        if former is not None and former is not page:
            former.tell(["untouched"])
        with self._lock:
            self._touches[page.page_id] = self._next_touch()

    def take(self, session: Session, page: Page) -> None:
        """The reader wants a session on this page."""
        former = session.page
        self.touched(page)
        self.forget(session)
        away = former is not None and former.page_id in self._away
        begun = self._begun.get(former.page_id) if former is not None and away else None
        self.takeovers.move(session, page, gone=away, begun=begun)

    def tell_ended(self, session: Session, reason: str) -> None:
        """A session has ended: tell the pages where it was, or that show it."""
        with self._lock:
            pages = list(self._pages.values())
        for page in pages:
            page.dismiss(session.number, reason)

    def _settle_for_any_page(self, now: float) -> None:  # noqa: ARG002
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for session in waiting:
            self.attach(session)

    # -- what pages say -----------------------------------------------------------------------

    def receive(self, message: CommMessage) -> None:
        """Take one envelope (docs/protocol.md)."""
        content = message.content
        if "hello" in content:
            self._hello(content["hello"], message.header)
            return
        context = content.get("context")
        if not isinstance(context, str):
            log.warning("a page sent an envelope of unknown kind: %.200r", sorted(content))
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

    def _hello(self, hello: object, header: dict[str, Any]) -> None:
        fields = hello if isinstance(hello, dict) else {}
        page_id, context, version = fields.get("page"), fields.get("context"), fields.get("version")
        if not (isinstance(page_id, str) and isinstance(context, str) and page_id and context):
            log.warning("a page said hello without naming itself: %.200r", hello)
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
        self._publish({"context": context, "welcome": self._terms()}, ())
        if former is not None:
            self._listeners.renewed(page)
            page.renew(context, info, transport, fields.get("previous"))
        for session, borrower in lent:
            if session.page is borrower:
                self.takeovers.move(session, page)
        for other in gone:
            self._lend(other, page)
        self._serve_waiting(page)

    def _lend(self, gone: Page, page: Page) -> None:
        """Have a page that was just opened go on at once with the sessions of one that has said goodbye.

        Most likely it is the same notebook, opened again. Pages that were open before leave the sessions alone for a
        while, because a goodbye may be a reload. If it was one all the same, the page gets its sessions back.
        """
        begun = self._begun.get(gone.page_id)
        for session in {channel.session for channel in gone.channels}:
            if session.page is gone and self._successor(session, gone) is not None:
                self._lent.setdefault(gone.page_id, []).append((session, page))
                self.takeovers.move(session, page, gone=True, begun=begun)

    def admit(self, page_id: str, context: str, info: dict[str, Any], transport: Transport) -> Page:
        """Take a page that has a transport of its own: one in this process."""
        self._welcome(page_id, context, {"info": info}, transport)
        return self._pages[page_id]

    def dismiss(self, page: Page, reason: str) -> None:
        """End a page and its sessions."""
        self._end(page, reason)

    def _terms(self) -> dict[str, object]:
        heartbeat = self.lease.heartbeat
        said = {} if heartbeat == MOST_OFTEN else {"heartbeat": heartbeat}
        return {"version": VERSION, **said}

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
        """A page goes; `put_away`: inside of JupyterLab, where it may be opened again as long as the lease runs."""
        said = monotonic()

        def look(now: float) -> float | None:
            if not self._hearing():  # its hello may be there and not have been read
                return now + self._return_within
            until = max(said, self.lease.since, self._idle_since) + self._return_within
            if now < until:
                return until
            if page.page_id not in self._away:
                return None
            if put_away and not self._replaceable(page):
                return None
            if self._busy() and not self._replaceable(page):
                self._close_stuck(page)
                return now + self._return_within
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
        handle.at(said + self._return_within)

    def _close_stuck(self, page: Page) -> None:
        """Close the sessions that the running cell may be waiting for: their page waits for it in turn."""
        for session in {channel.session for channel in page.channels}:
            if session.page is page and session.closed is None and self._stuck(session):
                session.close(UNANSWERED)

    def cell_ended(self) -> None:
        """A cell has ended: pages that are away may come back now."""
        self._idle_since = monotonic()

    def _silent(self, page: Page, reason: str) -> None:
        """End a page that has been silent for the lease; or, while another may go on in its place, let it sleep."""
        if self._replaceable(page):
            self._hand_over(page, None)
        else:
            self._end(page, reason)

    def _end(self, page: Page, reason: str) -> None:
        with self._lock:
            if self._pages.get(page.page_id) is not page:
                return
            del self._pages[page.page_id]
            self._contexts.pop(page.context, None)
            self._touches.pop(page.page_id, None)
            self._lent.pop(page.page_id, None)
            back = self._away.pop(page.page_id, None)
        if back is not None:
            back.close()
        self.lease.forget(page)
        begun = self._begun.pop(page.page_id, None)
        self._hand_over(page, begun)
        page.leave_all(begun)
        page.detach()
        for channel in page.channels:
            if channel is channel.session:  # and has not left for another page
                channel.session.close(reason, keep_outputs=False)
        self._listeners.ended(page)

    def _hand_over(self, page: Page, begun: int | None) -> None:
        """Have other pages go on with the sessions that act on this one, if there are any that may."""
        self.takeovers.page_gone(page)
        for session in {channel.session for channel in page.channels}:
            successor = self._successor(session, page)
            if session.page is page and successor is not None:
                self.takeovers.move(session, successor, gone=True, begun=begun)

    def flush(self) -> None:
        """Send what is queued for pages now. Any thread."""
        with self._lock:
            pages = list(self._pages.values())
        for page in pages:
            page.flush()

    def hurry(self) -> None:
        """Do so where no other thread is just sending; waits for none."""
        for page in list(self._pages.values()):
            page.hurry()


def _owns(page: Page, session: Session) -> bool:
    """Say whether a session has no better page to wait for."""
    return session.peer in (None, page.transport.peer)

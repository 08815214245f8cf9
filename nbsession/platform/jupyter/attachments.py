"""The pages of a kernel: who said hello, who left, and the sessions that wait for a page."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession.link import VERSION
from nbsession.session.guard import Guard
from nbsession.session.page import Page

from .lease import DEFAULT, MOST_OFTEN, Lease

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession.link import Buffer
    from nbsession.session.alarm import Alarm
    from nbsession.session.base import Session
    from nbsession.session.transport import Transport

    from .lane import CommMessage

log = logging.getLogger("nbsession")


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
    renewed : callable
        ``renewed(page)``: the page was reloaded.
    ended : callable
        ``ended(page)``: the page is no more, and neither are its sessions.
    """

    control: Callable[[Page, list[Any]], None] = lambda _page, _body: None
    renewed: Callable[[Page], None] = lambda _page: None
    ended: Callable[[Page], None] = lambda _page: None


class Attachments:
    """All pages of one kernel.

    ``receive`` is called by one thread at a time (the lane's); the rest by any thread.

    Parameters
    ----------
    publish : callable
        Sends an envelope and its buffers to all pages.
    alarm : Alarm
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
        alarm: Alarm,
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
        self.lease: Lease[Page] = Lease(lease, alarm, self._end, hearing)
        self._return_within = return_within
        self._own_page_within = own_page_within
        self._alarm = alarm
        self._lock = Guard()
        self._contexts: dict[str, Page] = {}
        self._pages: dict[str, Page] = {}  # by page id, the newest or touched last at the end
        self._away: dict[str, Any] = {}  # page id -> the alarm of its return
        self._waiting: list[Session] = []
        self._grace = alarm.handle(self._settle_for_any_page)
        self.greeted = False  # whether any page of this kernel has ever said hello

    # -- sessions -----------------------------------------------------------------------------

    def attach(self, session: Session) -> None:
        """Give the session its page, or keep it until one says hello."""
        with self._lock:
            page = self._choose(session)
            if page is None:
                if session not in self._waiting:
                    self._waiting.append(session)
                return
        session.attach(page)

    def forget(self, session: Session) -> None:
        with self._lock:
            if session in self._waiting:
                self._waiting.remove(session)

    def _choose(self, session: Session) -> Page | None:
        """Return the page that ran the cell, else the one that the reader touched last, else the newest."""
        present = [page for page_id, page in self._pages.items() if page_id not in self._away]
        own = [page for page in present if page.transport.peer == session.peer]
        candidates = own or present
        return candidates[-1] if candidates else None

    def touched(self, page: Page) -> None:
        """The reader has turned to a page: it goes before newer ones."""
        with self._lock:
            if self._pages.get(page.page_id) is page:
                self._pages[page.page_id] = self._pages.pop(page.page_id)

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
            self._goodbye(page)

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
        self._welcome(page_id, context, fields, CommTransport(self._publish, header))

    def _welcome(self, page_id: str, context: str, fields: dict[str, Any], transport: Transport) -> None:
        info = fields["info"] if isinstance(fields.get("info"), dict) else {}
        with self._lock:
            self.greeted = True
            page = self._pages.pop(page_id, None)
            known = page is not None and page.context == context
            former = None if page is None or known else page.context
            if page is None:
                page = Page(page_id, context, info, transport, self._alarm)
                page.on_control = self._listeners.control
            self._pages[page_id] = page
            self._contexts[context] = page
            if former is not None:
                del self._contexts[former]
            back = self._away.pop(page_id, None)
        if back is not None:
            back.close()
        self.lease.heard(page)
        self._publish({"context": context, "welcome": self._terms()}, ())
        if former is not None:
            self._listeners.renewed(page)
            page.renew(context, info, transport, fields.get("previous"))
        self._serve_waiting(page)

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
            own = [session for session in self._waiting if session.peer in (None, page.transport.peer)]
            self._waiting = [session for session in self._waiting if session not in own]
            others = bool(self._waiting)
        for session in own:
            session.attach(page)
        if others:
            self._grace.at(monotonic() + self._own_page_within)

    def _goodbye(self, page: Page) -> None:
        said = monotonic()

        def look(now: float) -> float | None:
            if not self._hearing():  # its hello may be there and not have been read
                return now + self._return_within
            until = max(said, self.lease.since, self._idle_since) + self._return_within
            if now < until:
                return until
            if page.page_id not in self._away:
                return None
            if self._busy():
                # It may be waiting for this page, which waits for it: that would be for ever.
                for session in {channel.session for channel in page.channels}:
                    if session.closed is None and self._stuck(session):
                        session.close("the page was closed")
                return now + self._return_within
            self._end(page, "the page was closed")
            return None

        handle = self._alarm.handle(look)
        with self._lock:
            former = self._away.pop(page.page_id, None)
            self._away[page.page_id] = handle
        if former is not None:
            former.close()
        self.lease.forget(page)
        handle.at(said + self._return_within)

    def cell_ended(self) -> None:
        """A cell has ended: pages that are away may come back now."""
        self._idle_since = monotonic()

    def _end(self, page: Page, reason: str) -> None:
        with self._lock:
            if self._pages.get(page.page_id) is not page:
                return
            del self._pages[page.page_id]
            self._contexts.pop(page.context, None)
            back = self._away.pop(page.page_id, None)
        if back is not None:
            back.close()
        self.lease.forget(page)
        page.detach()
        for session in {channel.session for channel in page.channels}:
            session.close(reason, keep_outputs=False)
        self._listeners.ended(page)

    def flush(self) -> None:
        """Send what is queued for pages now. Any thread."""
        with self._lock:
            pages = list(self._pages.values())
        for page in pages:
            page.flush()

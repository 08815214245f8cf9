"""The platform of notebooks whose sessions use the kernel's own page, because `NBSESSION_BROWSER` is set."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbsession._core.barrier import wait_until_run
from nbsession._own_page.browser import in_own_browser
from nbsession._own_page.kernel_page import ATTACH_WITHIN, OwnPage
from nbsession._own_page.unseen import Unseen
from nbsession._sync.interrupt_safe_lock import MAIN
from nbsession.exceptions import SessionException

from .cells.displayed_view import DisplayedView
from .cells.view import VIEW_HTML, VIEW_TEXT
from .jupyter_platform import JupyterPlatform, was_interrupted
from .pages.kernel_place import KernelPlace
from .shell.shutdown_handler import ENDED

if TYPE_CHECKING:
    from nbsession._core.download_channel import Download
    from nbsession._core.interfaces.file_transfer import Transfer
    from nbsession._core.page import Page
    from nbsession._core.session import Session
    from nbsession._server.pages.clients import Connection
    from nbsession._sync.waiter import Waiter

# Seconds that the end of a cell waits for the page to run its commands, which may contain an endless loop.
_RUN_OUT_WITHIN = 5.0


class OwnPagePlace(KernelPlace):
    """The values of ``info`` for the kernel's own page."""

    protocol = "websocket"

    def request(self, session: Session) -> Any:
        """Return the request with which the page connected."""
        page = session.page
        if page is None or not hasattr(page.transport, "request"):  # a fake browser sends no request
            return None
        connection: Connection = page.transport  # type: ignore[assignment]
        return connection.request.original


class OwnPagePlatform(JupyterPlatform):
    """Shares one page, which the kernel serves and opens, among all sessions of the notebook.

    The outputs are on that page. The notebook contains only their renditions.
    """

    def __init__(self, kernel: Any) -> None:
        super().__init__(kernel)
        self._place = OwnPagePlace()
        self._unseen = Unseen()
        self._page = OwnPage(self.alarm, self._control, ended=self._unseen.say)

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        # Nothing that a call waits for arrives on the kernel's channels.
        if threading.current_thread() is not threading.main_thread():
            return waiter.wait(timeout)
        before = MAIN.blocked
        try:
            MAIN.blocked = True  # first: from here on, a signal raises
            if MAIN.overdue is not None:
                MAIN.overdue()
            return waiter.wait(timeout)
        finally:
            MAIN.blocked = before

    def new_session(self, peer: str | None, *, toasts: bool = False) -> Session:
        session = super().new_session(peer, toasts=toasts)
        self._unseen.watch(session)
        return session

    def attach(self, session: Session) -> None:
        self.page_registry.attach(session)  # a fake browser in this process takes precedence
        if session.delivery.unattached:
            self.page_registry.forget(session)
            self._page.attach(session)

    def attach_timeout(self, session: Session, *, awaited: bool = False) -> float:  # noqa: ARG002
        return ATTACH_WITHIN

    def alone(self, session: Session) -> bool:  # noqa: ARG002
        return False

    def unattended(self, session: Session) -> bool:  # noqa: ARG002
        return in_own_browser()

    def no_frontend(self, session: Session, *, awaited: bool = False) -> str:  # noqa: ARG002
        return self._page.reason()

    def closed(self, session: Session) -> None:
        self._page.forget(session)
        super().closed(session)

    def offer(self, download: Download) -> Transfer | None:
        return self._page.offer(download)

    def _control(self, page: Page, body: list[Any]) -> None:
        # The page shows all sessions as long as they live. Its reports about views remove nothing.
        if body[0] == "restart":
            super()._control(page, body)

    def page_session(self, peer: str) -> Session:  # noqa: ARG002
        return super().page_session("")  # there is one page, whatever the sender of the message

    def _display(self, session: Session) -> None:
        parent = self.cells.parent_of(session)
        if parent is not None and session.closed is None:
            _flush_prints()
            self.renditions.display(DisplayedView(session, parent, str(session.number), _bundle, live=False))

    def _display_part(self, session: Session, parent: dict[str, Any], name: str) -> None:  # noqa: ARG002
        if session.closed is None:
            _flush_prints()
            self.interceptor.publish_display(parent, _bundle(VIEW_HTML))
        if session.delivery.unattached:
            self.attach(session)

    def _displayed(self, session: Session) -> bool:
        return session.shown and not session.toasts  # a toast disappears by itself

    def _cleared(self, message: str) -> None:
        super()._cleared(message)
        for number in self.cells.living_in(message):
            session = self._open.get(number)
            if session is not None:
                session.view_gone()

    # -- cells --------------------------------------------------------------------------------

    def _after_cell(self, result: Any = None) -> None:
        try:
            executing = self.cells.executing
            session = None if executing is None else executing.opened
            if session is not None and not was_interrupted(result):
                self._run_out(session)
        finally:
            super()._after_cell(result)

    def _run_out(self, session: Session) -> None:
        """Let a headless page run the commands of a cell, so that their results are in the cell's output in each run.

        With a reader's browser, they appear a moment later, and are not compared.
        """
        if self._page.headless and session.closed is None and self._page.shows(session):
            with suppress(SessionException, KeyboardInterrupt):
                wait_until_run(session, ATTACH_WITHIN if session.delivery.unattached else _RUN_OUT_WITHIN)

    # -- the end -------------------------------------------------------------------------------

    def _last_words(self) -> None:
        # Commands of the last cell may be in flight.
        self._page.deliver(self.open_sessions)
        super()._last_words()

    def _remarks(self) -> list[str]:
        unseen = self._unseen.remarks() if self._page.headless else []
        return [*super()._remarks(), *unseen]

    def _flush(self) -> None:
        self._page.close(ENDED)


def _flush_prints() -> None:
    """Let earlier prints appear before the view."""
    sys.stdout.flush()
    sys.stderr.flush()


def _bundle(html: str) -> dict[str, object]:
    """Return a mimebundle without a widget, which would be broken when the notebook is opened again."""
    return {"text/html": html, "text/plain": VIEW_TEXT}

"""Order: the page is sent a cell's commands before later publications of the cell.

Commands are collected for some milliseconds, and wait if the page has enough to do or has not attached yet. The
kernel's publications (displays, results, prints, errors, widget messages) are sent at once. Both reach the page on one
socket, and the page runs commands in the order of arrival. So the collected commands are sent before a publication, and
a display also waits for those that are still queued.

A page with a direct socket receives commands there. Before a publication that can depend on commands, those that the
page has not acknowledged are sent by comm as well, in front of it; the link drops what arrives twice. A display waits
until the page has acknowledged all but as many bytes as that is reasonable for.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._core.calling_code import inside_event_loop
from nbsession._core.current import runtime
from nbsession._core.scope import scope_var
from nbsession._sync.waiter import Waiter

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from nbsession._core.page import Page
    from nbsession._core.session import Session

    from .page_registry import PageRegistry

_DISPLAYS = frozenset({"display_data", "update_display_data", "execute_result"})
_PUBLISHED = _DISPLAYS | {"stream", "error", "clear_output", "comm_open", "comm_msg", "comm_close"}
# What JavaScript can depend on: not text, which programs print in loops.
_ACTS = _DISPLAYS | {"clear_output", "comm_open", "comm_msg"}
# Bytes that are sent twice in front of a publication.
_MOST_REPEATED = 256 * 1024
# Seconds that a display waits: for a page that has not attached (an open page sends its hello sooner), and for one that
# takes no more messages.
_FOR_HELLO = 3.0
_FOR_ROOM = 1.0
_OF_THE_KERNEL = ("IPython.", "ipykernel.", "jupyter_client.", __name__)


class Order:
    """Runs before each publication of a kernel, except for those of nbsession.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The kernel.
    page_registry : PageRegistry
        The pages.
    alone : callable
        Returns whether no page can be expected for a session.
    displayed : callable
        Called with each display message.
    """

    def __init__(
        self,
        kernel: Any,
        page_registry: PageRegistry,
        alone: Callable[[Session], bool],
        displayed: Callable[[dict[str, Any]], object],
    ) -> None:
        self._session = kernel.session
        self._page_registry = page_registry
        self._alone = alone
        self._displayed = displayed
        # The page that a display has waited for in vain, so that the next displays do not wait; None for a first page.
        self._in_vain: list[Page | None] = []

    def install(self) -> None:
        """Install the hook. Must be called once per kernel."""
        send = self._session.send

        def send_in_order(stream: Any, message: Any, *args: Any, **kwargs: Any) -> Any:
            kind = message if isinstance(message, str) else message["header"]["msg_type"]
            if kind in _PUBLISHED:
                self._before(kind)
                if kind in _DISPLAYS and isinstance(message, dict):
                    self._displayed(message)
            return send(stream, message, *args, **kwargs)

        self._session.send = send_in_order

    def _before(self, kind: str) -> None:
        # Without waiting for other threads: this may be the iopub channel's thread, which they wait for.
        self._page_registry.hurry()
        if kind in _DISPLAYS:
            session = _session_of_caller()
            if session is not None and _behind(session) and _may_wait(sys._getframe(2)):
                self._wait(session)
        if kind in _ACTS:
            self._page_registry.repeat(_MOST_REPEATED)

    def _wait(self, session: Session) -> None:
        page = session.page
        if page in self._in_vain or (page is None and self._alone(session)):
            return
        deadline = monotonic() + (_FOR_HELLO if page is None else _FOR_ROOM)
        while _behind(session):
            waiter = Waiter()
            page = session.page
            if page is None:
                session.delivery.on_attach(waiter.release)
            else:
                page.on_drained(waiter.release)
            if _behind(session) and not session.platform.wait(waiter, deadline - monotonic()):
                self._in_vain = [page]
                return
            self._page_registry.hurry()
        self._in_vain = []


def _session_of_caller() -> Session | None:
    scope = scope_var.get()
    return runtime.registered(threading.current_thread()) if scope is None else scope.opened


def _behind(session: Session) -> bool:
    """Return whether commands of the session are still in Python."""
    if session.closed is not None:
        return False
    page = session.page
    if page is None:
        return session.delivery.undelivered[0] > 0
    return page.waiting(session.number) > 0 or (
        page.transport.ground is not None and page.in_flight > _MOST_REPEATED
    )


def _may_wait(frame: FrameType | None) -> bool:
    """Return whether the publishing code may block: it must not be a coroutine."""
    if threading.current_thread() is not threading.main_thread():
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return True
        return False
    while frame is not None and str(frame.f_globals.get("__name__", "")).startswith(_OF_THE_KERNEL):
        frame = frame.f_back
    return frame is not None and not inside_event_loop(frame)

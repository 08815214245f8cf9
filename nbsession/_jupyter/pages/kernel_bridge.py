"""The bridge of a kernel: the widget whose comm connects it to all its pages. It is created at first use."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING, Any

from .front_ends import behind_gateway
from .text_only import from_text, in_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._core.session import Session
    from nbsession._jupyter.cells.bridge import Bridge
    from nbsession._jupyter.cells.no_widgets import Notice
    from nbsession._jupyter.shell.shell_interceptor import CommMessage, ShellInterceptor
    from nbsession._link import Buffer
    from nbsession._sync.timer_thread import TimerThread

# Seconds after which the bridge is displayed, for front ends that create no models without a view. JupyterLab and
# Notebook 7 create them, but on a busy machine their first load of anywidget takes longer than that.
_DISPLAY_AFTER = 1.0
_DISPLAY_AFTER_IN_JUPYTERLAB = 5.0
# Seconds until the message for a front end that shows no widgets at all.
_SAY_AFTER = 9.0


class KernelBridge:
    """Opens the bridge, and publishes envelopes over it. Can be used on any thread.

    Parameters
    ----------
    interceptor : ShellInterceptor
        Receives the comm's messages, and publishes.
    alarm : TimerThread
        The timer for the display of the bridge.
    receive : callable
        Returns the function that receives each message of a page.
    greetings : callable
        Returns the number of hellos that pages have sent.
    missing : callable
        ``missing(session)`` returns possible causes if no page attaches; None if none can be expected.
    """

    def __init__(
        self,
        interceptor: ShellInterceptor,
        alarm: TimerThread,
        *,
        receive: Callable[[], Callable[[CommMessage], None]],
        greetings: Callable[[], int],
        missing: Callable[[Session], str | None],
    ) -> None:
        self._interceptor = interceptor
        self._alarm = alarm
        self._text_only = behind_gateway()
        self._receive = receive
        self.publish: Callable[[Mapping[str, object], Sequence[Buffer]], None] = (
            in_text(self._publish) if self._text_only else self._publish
        )
        self._greetings = greetings
        self._missing = missing
        self._lock = threading.Lock()
        self._bridge: Bridge | None = None
        self._notice: Notice | None = None

    def open(self, parent: dict[str, Any] | None, session: Session) -> Bridge:
        """Return the bridge. ``parent`` is the message that runs the session's cell, if known."""
        with self._lock:
            if self._bridge is not None:
                return self._bridge
            from nbsession._jupyter.cells.bridge import (  # noqa: PLC0415 -- anywidget is imported at first use
                Bridge,
                new_comm_id,
            )

            comm_id = new_comm_id()
            receive = self._receive()
            self._interceptor.open(comm_id, from_text(receive) if self._text_only else receive)
            bridge = self._bridge = Bridge(comm_id, text_only=self._text_only)
            # Messages that the kernel had queued before the interceptor was open arrive here.
            bridge.on_msg(lambda _, content, buffers: self._interceptor.deliver(comm_id, content, buffers))
            if parent is not None:
                self._show_if_alone(parent, session, bridge)
            return bridge

    def greeted(self) -> None:
        """Remove the displayed bridge: a page has sent its hello."""
        notice, self._notice = self._notice, None
        if notice is not None:
            notice.retract()

    def _show_if_alone(self, parent: dict[str, Any], session: Session, bridge: Bridge) -> None:
        """Display the bridge in a while, unless a page sends its hello before that."""
        if self._missing(session) is None:
            return

        in_jupyterlab = "deletedCells" in (parent.get("metadata") or {})

        def late(now: float) -> float | None:
            if not self._greetings() and self._notice is None:
                from nbsession._jupyter.cells.bridge import mimebundle  # noqa: PLC0415
                from nbsession._jupyter.cells.no_widgets import NOTICE_HTML, Notice  # noqa: PLC0415

                notice = self._notice = Notice(bridge)
                self._interceptor.publish_display(parent, mimebundle(notice.widget, NOTICE_HTML))
                if not in_jupyterlab:
                    return now + _SAY_AFTER
            elif not self._greetings():  # a console, which shows neither widgets nor HTML
                self._interceptor.publish_stderr(parent, f"nbsession: {self._missing(session)}\n")
            handle.close()
            return None

        handle = self._alarm.handle(late)
        handle.at(monotonic() + (_DISPLAY_AFTER_IN_JUPYTERLAB if in_jupyterlab else _DISPLAY_AFTER))

    def _publish(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        bridge = self._bridge
        if bridge is not None:
            self._interceptor.publish(bridge.comm.comm_id, envelope, buffers)

"""The platform of notebooks: sessions in the cells of a running ipykernel."""

from __future__ import annotations

import itertools
import sys
import threading
from typing import TYPE_CHECKING, Any

from nbsession._core.current import current_session
from nbsession._core.figures import keep_left, show_left
from nbsession._core.parts import current_part
from nbsession._core.scope import SessionScope
from nbsession._core.session import Session
from nbsession._core.tree import ROOT
from nbsession._sync import forked
from nbsession._sync.interrupt_safe_lock import MAIN
from nbsession._sync.timer_thread import TimerThread

from .cells.cell import Cells
from .cells.notebook_apps import AppHandle, NotebookApps
from .cells.printing import Printing
from .cells.renditions import Renditions, limit_from_environment
from .cells.view import Views
from .cells.widget_errors import WidgetErrors
from .cells.widget_outputs import WidgetOutputs
from .direct.direct_sockets import DirectSockets, wanted_by_environment
from .notes import Notes
from .pages.attach_policy import AttachPolicy
from .pages.front_ends import behind_gateway, in_voila
from .pages.kernel_bridge import KernelBridge
from .pages.kernel_place import KernelPlace
from .pages.lease import lease_from_environment
from .pages.listeners import Listeners
from .pages.order import Order
from .pages.page_registry import PageRegistry
from .pages.work import works
from .shell import _private, _private_outputs
from .shell.hooks import register, unregister
from .shell.idle_statuses import IdleStatuses
from .shell.kernel_sigint import install
from .shell.shell_interceptor import ShellInterceptor
from .shell.shutdown_handler import ShutdownHandler
from .shell.startup_responder import StartupResponder
from .shell.widget_messages import WidgetMessages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbsession._core.app import AppFunction
    from nbsession._core.download_channel import Download
    from nbsession._core.interfaces.file_transfer import Transfer
    from nbsession._core.page import Page
    from nbsession._core.parts import Part
    from nbsession._core.scope import Scope
    from nbsession._sync.waiter import Waiter


# Number of closed sessions that a reload shows again: each may hold 16 MiB. Outputs of older ones remain until a
# reload.
_MOST_KEPT = 20
TAKEN_AWAY = "its output was cleared"

# Seconds after which a call of a session without a page checks again whether it must wait.
_UNTIL_A_PAGE = 3600.0


class JupyterPlatform:
    """The state of nbsession in one kernel.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The running kernel.
    """

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel
        self._lock = threading.Lock()
        self._local: dict[object, object] = {}
        self._place = KernelPlace()
        self._page_sessions: dict[str, Session] = {}
        self._kept: dict[int, Session] = {}
        self.alarm = TimerThread()
        self.next_channel = itertools.count(1).__next__
        self.idles = IdleStatuses(kernel, self.alarm)
        self.interceptor = ShellInterceptor(
            kernel,
            taken=self.idles.defer,
            noted=self.idles.note,
            put_off=self.idles.put_off,
            startup_responder=StartupResponder(
                kernel, lambda: self.cells.executing is not None, self.idles.pay_now
            ),
            widget_messages=WidgetMessages(
                kernel,
                lambda: self.cells.executing is not None,
                begun=self.idles.begin_message,
                done=self.idles.pay_now,
            ),
        )
        self.cells = Cells(self.new_session, kernel.get_parent)
        self.renditions = Renditions(
            self.interceptor.publish_display,
            self.alarm,
            self.cells,
            limit_from_environment(),
            self._greetings,
        )
        self.views = Views(
            self.interceptor.publish_display, self.renditions, self.cells.runs, self._taken_away
        )
        self._bridge = KernelBridge(
            self.interceptor,
            self.alarm,
            receive=lambda: self.page_registry.receive,
            greetings=lambda: self.page_registry.greetings,
            missing=self._missing_page,
        )
        self.page_registry = PageRegistry(
            self._bridge.publish,
            self.alarm,
            Listeners(
                self._control,
                greeted=self._bridge.greeted,
                renewed=lambda page: self.views.renewed(page.page_id),
                ended=self._page_ended,
                showing=self.views.seen_on,
                socket_lost=lambda key: self.direct_sockets.lost_by_page(key),  # noqa: PLW0108 -- made below
            ),
            hearing=self._hearing,
            busy=lambda: self.cells.executing is not None,
            stuck=self._stuck,
            works=lambda session: works(session, self.cells),
            lease=lease_from_environment(),
        )
        self.direct_sockets = DirectSockets(
            self.page_registry,
            _private.connection_file,
            wanted=wanted_by_environment() and not behind_gateway(),
        )
        self._attach_policy = AttachPolicy(self.cells, lambda: self.page_registry.greetings)
        self._notes = Notes(self._remarks)
        self._spoken = False
        self.apps = NotebookApps(self)
        self._open: dict[int, Session] = {}
        self._shutdown_handler = ShutdownHandler(
            kernel, lambda: self.open_sessions, self._flush, self._last_words
        )
        keep_left()
        _private_outputs.lend_parent(kernel)
        self._postponed: list[Session] = []
        WidgetOutputs(kernel.get_parent, self._display_part, self._display_postponed).install()
        Printing(kernel, self.cells, self._cleared).install()
        errors = WidgetErrors(kernel, self.cells, self.page_session)
        errors.install()
        Order(kernel, self.page_registry, self.alone, errors.displayed).install()
        register(kernel.shell, self._before_cell, self._after_cell)
        self._pid = forked.pid
        forked.in_child(self._leave_cells)
        if threading.current_thread() is threading.main_thread():
            self._before_cell()

    @property
    def open_sessions(self) -> list[Session]:
        """The sessions that have not been released, the oldest first."""
        return list(self._open.values())

    def counts(self) -> dict[str, int]:
        """Return how much of each kind is held for sessions."""
        return {
            "open sessions": len(self._open),
            "page sessions": len(self._page_sessions),
            "kept sessions": len(self._kept),
            **self.cells.counts(),
            **self.views.counts(),
            "renditions": len(self.renditions),
            **self.page_registry.counts(),
        }

    # -- cells --------------------------------------------------------------------------------

    def _before_cell(self, *_: object) -> None:
        install(self._kernel)
        self.interceptor.install()
        self.idles.begin(self.cells.enter().parent)

    def _after_cell(self, result: Any = None) -> None:
        self._show_figures_left()
        self.idles.end()
        ended = self.cells.executing
        self.cells.leave(interrupted=was_interrupted(result))
        self._display_postponed()
        self.renditions.cell_ended(ended)
        self.views.judge_all()
        self._notes.write()
        self.page_registry.cell_ended()
        if not self.interceptor.threaded:
            self.page_registry.lease.listen_anew()

    def _greetings(self) -> int:
        """Return how many pages have sent their hello."""
        return self.page_registry.greetings

    def _leave_cells(self) -> None:
        """Unregister in a forked child, which may reach the end of a cell that belongs to the parent."""
        unregister(self._kernel.shell, self._before_cell, self._after_cell)

    def _show_figures_left(self) -> None:
        """Show the pyplot figures that threads and tasks of the cell have left open."""
        scope = self.cells.executing
        if scope is not None:
            show_left((scope, scope.opened))

    def _hearing(self) -> bool:
        """Return whether pages' messages are being received.

        On ipykernel 6, they are not received during a cell that does not wait for them.
        """
        return self.interceptor.threaded or self.cells.executing is None or MAIN.blocked

    def _stuck(self, session: Session) -> bool:
        """Return whether the running cell waits, or may wait, for the session's page."""
        return self.cells.runs(session) and (MAIN.blocked or session.delivery.awaits_page)

    def _cleared(self, message: str) -> None:
        """Clear the session's outputs after code has cleared the output of the cell that `message` runs."""
        if self._pid != forked.pid:
            return
        part = current_part()
        if part is not None:
            self._part_cleared(part)
            return
        if _private_outputs.captured_by_widget(message):
            return
        for number in self.cells.living_in(message):
            self.views.cleared(number)
            session = self._open.get(number)
            if session is not None and session.app is None:
                session.outputs.clear(ROOT)

    def _part_cleared(self, part: Part) -> None:
        """Clear the outputs in a widget after code inside it has cleared the widget."""
        for session in self.open_sessions:
            key = session.outputs.named("scope", part.name)
            if key is not None:
                session.outputs.clear(key)
                part.cleared(session)
                if not session.shown:  # this was the only view
                    self.views.cleared(session.number)

    def _last_words(self) -> None:
        """Report losses in the kernel's log, because it is too late for a cell's output."""
        if self._spoken:  # at the shutdown request; the interpreter exits after it
            return
        self._spoken = True
        for remark in self._remarks():
            _private.log(self._kernel).warning(remark)

    def _remarks(self) -> list[str]:
        """Return the lines of the final report."""
        undelivered = self._attach_policy.undelivered(self.open_sessions)
        return [] if undelivered is None else [undelivered]

    def _flush(self) -> None:
        self.page_registry.flush()

    def new_session(self, peer: str | None, *, toasts: bool = False) -> Session:
        """Open a session for a front-end connection. With `toasts`, it shows nothing else."""
        session = Session(self, self.next_channel(), peer, toasts=toasts)
        self._open[session.number] = session
        return session

    # -- Platform -----------------------------------------------------------------------------

    def scope(self) -> Scope | None:
        """Return the scope of the calling code if no contextvar determines it: a cell's, or a widget callback's."""
        forked.check_made_here(self._pid)
        if not _private.handles_shell(self._kernel):
            return None
        parent = self._kernel.get_parent()
        kind = parent.get("header", {}).get("msg_type") if parent else None
        if kind == "execute_request":
            return self.cells.scope()
        if kind in {"comm_msg", "comm_open", "comm_close"}:
            return SessionScope(self.page_session(str(parent["header"].get("session", ""))))
        return None

    def page_session(self, peer: str) -> Session:
        """Return the session of a page's own callbacks, which shows only toasts. It is opened if there is none."""
        with self._lock:
            session = self._page_sessions.get(peer) or self._moved_page_session(peer)
            if session is None or session.closed is not None:
                session = self._page_sessions[peer] = self.new_session(peer, toasts=True)
            return session

    def _moved_page_session(self, peer: str) -> Session | None:
        """Return the session of a page that has a new connection after a reload."""
        for former, session in self._page_sessions.items():
            if session.page is not None and session.page.transport.peer == peer:
                self._page_sessions[peer] = self._page_sessions.pop(former)
                session.reconnected(peer)
                return session
        return None

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        return self.interceptor.wait(waiter, timeout)

    def attach(self, session: Session) -> None:
        self.page_registry.attach(session)
        if session.delivery.unattached:
            self._attach_policy.begins()
            self._bridge.open(self.cells.parent_of(session), session)

    def attach_timeout(self, session: Session, *, awaited: bool = False) -> float:
        if self.page_registry.works_without_page(session):
            return _UNTIL_A_PAGE
        return self._attach_policy.patience(session, awaited=awaited)

    def alone(self, session: Session) -> bool:
        # Voila's page will come, and must receive all waiting commands.
        return self._attach_policy.alone(session) and not in_voila()

    @property
    def largest_upload(self) -> int:
        return 0

    def unattended(self, session: Session) -> bool:
        return self.alone(session)

    def _missing_page(self, session: Session) -> str | None:
        """Return possible causes if no page attaches; None if none can be expected."""
        return None if self._attach_policy.alone(session) else self._attach_policy.causes(session)

    def no_frontend(self, session: Session, *, awaited: bool = False) -> str | None:
        if self.page_registry.works_without_page(session):
            return None
        return self._attach_policy.reason(session, awaited=awaited)

    def show(self, session: Session) -> None:
        parent = self.cells.parent_of(session)
        if parent and _private_outputs.captured_by_widget(parent["header"]["msg_id"]):
            # The view would appear in the widget. Outputs of code inside the widget have a separate view.
            self._postponed.append(session)
        else:
            self._display(session)

    def _display(self, session: Session) -> None:
        parent = self.cells.parent_of(session)
        if parent is not None and session.closed is None:
            # Earlier prints must appear before the view.
            sys.stdout.flush()
            sys.stderr.flush()
            self.views.show(session, parent, self._bridge.open(self.cells.parent_of(session), session))

    def _display_part(self, session: Session, parent: dict[str, Any], name: str) -> None:
        key = session.outputs.named("scope", name)
        if key is not None and session.closed is None:
            sys.stdout.flush()
            sys.stderr.flush()
            self.views.show_part(
                session, parent, self._bridge.open(self.cells.parent_of(session), session), key
            )
        if session.delivery.unattached:
            self.attach(session)

    def _display_postponed(self) -> None:
        postponed, self._postponed = self._postponed, []
        for session in postponed:
            self.show(session)

    def keep_outputs(self, session: Session) -> bool:
        if not (self._displayed(session) or any(app.lingers for app in session.dependents)):
            return False
        with self._lock:
            self._kept[session.number] = session
            oldest = next(iter(self._kept.values())) if len(self._kept) > _MOST_KEPT else None
        if oldest is not None:
            oldest.close(keep_outputs=False)
        return True

    def _displayed(self, session: Session) -> bool:
        return self.views.displays(session)

    def closed(self, session: Session) -> None:
        self._open.pop(session.number, None)
        self._kept.pop(session.number, None)
        self.page_registry.forget(session)
        self.page_registry.tell_ended(session, session.closed or "")
        self.views.remove(session)
        self.renditions.forget(session)
        self.cells.forget(session)
        with self._lock:
            if session.peer is not None and self._page_sessions.get(session.peer) is session:
                del self._page_sessions[session.peer]

    def describe(self, session: Session) -> KernelPlace:  # noqa: ARG002
        return self._place

    def give_way(self) -> None:
        """Do nothing: cells have their own sessions."""

    def local(self, session: Session) -> dict[object, object]:
        return self._local if session.app is None else session.app.local

    def offer(self, download: Download) -> Transfer | None:  # noqa: ARG002
        return None  # this process has no server

    def serve(self, apps: Mapping[str, AppFunction]) -> AppHandle:
        return self.apps.serve(current_session(), apps)

    def _taken_away(self, session: Session) -> None:
        """Close a session whose last view the reader has removed."""
        if session.app is None:
            session.close(TAKEN_AWAY, keep_outputs=False)
        else:
            self.apps.taken_away(session, TAKEN_AWAY)

    def _control(self, page: Page, body: list[Any]) -> None:
        """Handle a page's message on channel 0."""
        name, *rest = body
        if name == "restart":
            self.apps.said(body)
        elif name == "touched":
            self.page_registry.touched(page)
        elif name == "info":
            self._place.learn(page)
            self.direct_sockets.offer(page)
            self.page_registry.takeovers.rename(page)
        elif name == "changed":
            self._place.learn_change(page)
        elif name == "views" and len(rest) > 1:
            self.views.counted(page.page_id, rest[0], rest[1])
            if rest[1]:
                self._tell_where(page, rest[0])
        elif name == "take" and rest:
            session = self._open.get(rest[0]) if type(rest[0]) is int else None
            if session is not None:
                self.page_registry.take(session, page)
        elif name == "gone" and rest:
            self.views.gone(page.page_id, rest[0])

    def _page_ended(self, page: Page) -> None:
        self.direct_sockets.forget(page)
        self.views.ended(page.page_id)

    def _tell_where(self, page: Page, number: object) -> None:
        """Notify a page that shows a view if its session is on another page, or why it has ended."""
        session = self._open.get(number) if type(number) is int else None
        reason = self.views.ended_because(number) if session is None else session.closed
        if session is not None and reason is None:
            self.page_registry.takeovers.tell(session, page)
        elif reason is not None and (session is None or session not in page.channels):
            page.tell(["close", number, f"session closed: {reason}; run the cell again"])

    # -- Stage --------------------------------------------------------------------------------

    def open_beside(self, cell_session: Session) -> Session:
        session = self.new_session(cell_session.peer)
        self.cells.adopt(session, cell_session)
        return session

    def show_app(self, session: Session) -> None:
        session.view_shown()
        self._display(session)
        self.attach(session)

    def replace_app(self, former: Session, session: Session) -> None:
        session.view_shown()
        self.views.replace(former, session)
        self.attach(session)


def was_interrupted(result: Any) -> bool:
    """Return whether a cell was interrupted, from IPython's result, which is None for an async cell."""
    return result is None or isinstance(result.error_in_exec, KeyboardInterrupt)

"""The session: one conversation between Python code and the reader."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, Protocol

from nbsession._sync import forked
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
from nbsession.exceptions import SessionClosedException

from . import loss
from .backlog import admit
from .callbacks import Callbacks
from .closing import Closing
from .deferred import Deferred
from .failure import report
from .handover import Handover
from .incoming import handle
from .outbox import Outbox
from .outputs import Outputs
from .page import BACKLOG_LIMIT
from .pending_calls import PendingCalls
from .state import SessionState, StateMachine
from .tasks import Tasks
from .values import Encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from weakref import WeakSet

    from nbsession._link import Buffer, Taken
    from nbsession.exceptions import JSError

    from .app import App
    from .call import Call
    from .download_channel import Download
    from .interfaces.platform_protocol import Platform
    from .page import Page

log = logging.getLogger("nbsession")

ErrorPolicy = Literal["warn", "raise"]


class _Settle(Protocol):
    def __call__(self, number: object, value: object = None, error: BaseException | None = None) -> None: ...


class Session:
    """One conversation: its channel, outputs, callbacks, tasks, deferred functions and pending answers.

    Methods may be called from any thread.

    Parameters
    ----------
    platform : Platform
        Who opened it.
    channel : int
        The number of its channel; the same on every page.
    peer : str or None
        The front-end connection it belongs to, where that is known.
    toasts : bool
        It has no view: what it has to say appears in a toast on the page.
    ends_with_code : bool
        It closes when the code that uses it ends, as a script's does; a cell's does not.
    tells_failures : bool
        The reader is shown exceptions of the session's Python code with their traceback.

    Attributes
    ----------
    app : App or None
        The app that runs in it; None for a cell's or a page's own session.
    loop, loop_thread : asyncio.AbstractEventLoop or None, int or None
        The loop of a coroutine app and the identity of its thread.
    env : dict
        What ``set_env`` has set.
    js_errors : {'warn', 'raise'}
        What ``set_env`` has set of it.
    shown : bool
        A view of it stands where it lives.
    run_errors : dict
        The output nodes of errors of ``run_js``, by the page's numbers of these.
    """

    def __init__(
        self,
        platform: Platform,
        channel: int,
        peer: str | None = None,
        *,
        toasts: bool = False,
        ends_with_code: bool = False,
        tells_failures: bool = True,
    ) -> None:
        self.platform = platform
        self.number = channel
        self.peer = peer
        self.toasts = toasts
        self.page: Page | None = None
        self.js_errors: ErrorPolicy = "warn"
        self.app: App | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.loop_thread: int | None = None
        self.env: dict[str, object] = {}
        self.ends_with_code = ends_with_code
        self.tells_failures = tells_failures
        self.shown: bool = False
        self.run_errors: dict[int, int] = {}
        self.outputs: Outputs = Outputs(self._send_output, self._appear)
        self._lock = InterruptSafeLock()
        self._machine = StateMachine()
        self._outbox = Outbox()
        self._pending = PendingCalls(self._lock)
        self._closing = Closing(self, self._lock, self._machine, self._pending, self._outbox)
        # The number of the next eval, and who settles the eval of a number: the methods themselves, called for each.
        self.next_number: Callable[[], int] = itertools.count(1).__next__
        self.settle: _Settle = self._pending.settle
        self.awaits: Callable[[object], bool] = self._pending.awaits
        self.callbacks: Callbacks = Callbacks(self)
        self.tasks: Tasks = Tasks(self)
        self.deferred: Deferred = Deferred(self)
        forked.note(self)

    def __repr__(self) -> str:
        if self.closed is not None:
            return f"<Session {self.number} closed: {self.closed}>"
        return f"<Session {self.number} open{', no page yet' if self.page is None else ''}>"

    @property
    def state(self) -> SessionState:
        """Where it stands."""
        return self._machine.state

    def page_and_state(self) -> tuple[Page | None, SessionState]:
        """Return its page and its state at one moment: another thread may attach a page or move the session."""
        with self._lock:
            return self.page, self._machine.state

    @property
    def unattached(self) -> bool:
        """Whether it still waits for a page."""
        return self.page is None and self._closing.error is None

    @property
    def awaits_page(self) -> bool:
        """Whether its page owes it a value, or has not been handed all of a download."""
        return len(self._pending) > 0 or (self.page is not None and self.downloading)

    # -- lifetime -----------------------------------------------------------------------------

    @property
    def closed(self) -> str | None:
        """Why the session was closed, or None while it is open."""
        error = self._closing.error
        return None if error is None else error.reason

    @property
    def outputs_kept(self) -> bool:
        """Whether it was closed to be read; True while it is open."""
        return self._closing.outputs_kept

    @property
    def lingers(self) -> bool:
        """Whether it is closed, and what it showed can still be read."""
        return self._closing.lingers

    @property
    def dependents(self) -> WeakSet[Session]:
        """Those that close with it, by a hook of their own."""
        return self._closing.dependents

    def add_dependent(self, session: Session) -> None:
        """Have another session count as one that closes with this one; a hook of its own closes it."""
        self._closing.add_dependent(session)

    def check_open(self) -> None:
        """Raise SessionClosedException if the session has been closed."""
        self._closing.check()

    def close(self, reason: str = "closed by the program", *, keep_outputs: bool = True) -> None:
        """Close the session and return at once. Twice is harmless.

        What waits in it is woken with ``SessionClosedException``, its tasks are cancelled, and its deferred functions
        begin to run: ``wait_closed`` waits for them.

        Parameters
        ----------
        reason : str
            Why, as the reader would say it; in the exceptions, the log and the view.
        keep_outputs : bool
            In a notebook, what it showed and was about to show can still be read, until the cell is run again or its
            output is cleared. Without it nothing is kept, nor of what was closed before.
        """
        self._closing.close(reason, keep_outputs=keep_outputs)

    def let_go_of_page(self) -> Page | None:
        """Have no page any more, since the session closes; return the one there was. The caller holds the lock."""
        page, self.page = self.page, None
        return page

    def set_app(self, app: App) -> None:
        """Be the session of an app."""
        self.app = app

    def use_running_loop(self) -> None:
        """Have tasks and callbacks run on the calling thread's loop: that of a coroutine app."""
        self.loop, self.loop_thread = asyncio.get_running_loop(), threading.get_ident()

    @property
    def may_begin_again(self) -> bool:
        """Whether the reader may ask for a new session of its app when this one has closed."""
        return self.app is not None and self.app.may_begin_again

    def wait_closed(self, timeout: float) -> bool:
        """Wait until the deferred functions of a closed session have run, at most ``timeout`` seconds."""
        return self._closing.wait(timeout)

    def defer(self, function: Callable[[], object]) -> None:
        """Call ``function`` once the session has closed, after those that were deferred before it."""
        with self._lock:
            self.check_open()
            self.deferred.add(function)

    def on_close(self, hook: Callable[[str], object]) -> None:
        """Call ``hook`` with the reason when the session closes, on the thread that closes it; now if it has."""
        self._closing.call(hook)

    def finish_if_idle(self) -> None:
        """Close the session of an app that has returned, if nothing of it is left."""
        if self.app is not None:
            self.app.finish_if_idle()

    def failed(self, error: BaseException) -> None:
        """Show the reader an exception of the session's own code: of its app, a task, a callback."""
        report(self, error)

    # -- moving to another page -----------------------------------------------------------------

    def depart(
        self, where: str, left: Callable[[], object], *, gone: bool = False, begun: int | None = None
    ) -> Handover | None:
        """Leave the page, to be attached to another one: what was not begun waits for it, in order.

        Parameters
        ----------
        where : str
            The session's new place, in the words that the former page shows.
        left : callable
            Called once, when the page has run all that it was sent or is not waited for any longer; perhaps before this
            returns.
        gone : bool
            The page is gone, and is not asked.
        begun : int or None
            The number of the last frame that the page, which is gone, has run; None if that is unknown.

        Returns
        -------
        Handover or None
            What stands in for the session there; None if it has no page, or is closed.
        """
        in_doubt: list[list[Any]] = []
        with self._lock, self.outputs.lock:
            page = self.page
            if page is None:
                return None
            handover = Handover(self, page, left)
            if gone:
                in_doubt, taken = page.abandon(handover, begun)
            else:
                taken = page.depart(handover)
            self._machine.change(SessionState.MOVING)
            self.page = None
            handover.owe(self._pending.numbers() - self.requeue(taken))
        if gone:
            loss.tell(self.outputs, in_doubt)
            page.leave_downloads(self)
            handover.lost(in_doubt, [])
        else:
            page.ask_to_leave(self.number, where)
        return handover

    def requeue(self, taken: Sequence[Taken]) -> set[int]:
        """Have commands that a page was sent and has not begun wait for the next page; return the numbers of evals."""
        commands = [Encoded(text, tuple(buffers)) for text, buffers in taken if loss.is_command(text)]
        with self._lock:
            self._outbox.put_back(commands)
        return loss.evals(command.text for command in commands)

    def lose(self, numbers: set[int]) -> None:
        """Wake those that wait for the evals of these numbers, which a page that is gone may have run."""
        self._pending.lose_these(numbers)

    def send_again(self, text: str, buffers: tuple[Buffer, ...]) -> None:
        """Send a command that could not be sent to the page which the session has just left."""
        with suppress(SessionClosedException):
            self._send(Encoded(text, buffers))

    def add_download(self, download: Download) -> None:
        """Start a download, now or as soon as a page attaches."""
        with self._lock:
            self.check_open()
            page = self.page
            if page is None:
                self._outbox.add_download(download)
        if page is not None:
            download.start(page)
            return
        try:
            self.platform.attach(self)
        except BaseException:
            with self._lock:
                self._outbox.undo_download(download)
            raise

    def attach(self, page: Page) -> None:
        """Go on with ``page``: what waited is sent there, in order. One that has a page stays there; see `depart`."""
        closing = self._closing
        with self._lock, self.outputs.lock:
            closed = closing.error is not None
            if self.page is not None or (closed and not closing.awaits_page):
                return
            page.open(self)
            if len(self.outputs):
                page.send(self.number, *self.outputs.snapshot())
            self._outbox.send(page, self.number)
            if closed:
                closing.show_on(page)
            else:
                self.page = page
                self._machine.change(SessionState.ATTACHED)
            wakes, downloads = self._outbox.release()
        for download in downloads:
            download.start(page)
        for wake in wakes:
            wake()

    @property
    def session(self) -> Session:
        return self

    def held(self) -> None:
        """Return None: it is no file."""

    def end(self, reason: str) -> None:
        """Do nothing: the session knows that it was closed."""

    def leave(self, queued: list[str]) -> None:
        """Do nothing: the session knows that it has left."""

    def opening(self) -> dict[str, object]:
        about: dict[str, object] = {"kind": "session"}
        if self.toasts:
            about["toasts"] = True
        if self.app is not None and (self.closed is None or self.may_begin_again):
            about["app"] = self.app.name
        if self.env:
            about["env"] = self.env
        if self.closed is not None:
            about["ended"] = self.closed
        return about

    def set_env(self, given: dict[str, object]) -> None:
        """Set options of the session and tell the page."""
        with self._lock:
            self.check_open()
            self.env.update(given)
            page = self.page
        if page is not None:
            page.send(self.number, json.dumps(["env", given]))

    def set_js_errors(self, policy: ErrorPolicy) -> None:
        """Set what ``eval_js`` does where the JavaScript fails, unless the call says so itself."""
        self.check_open()
        self.js_errors = policy

    def lost(self, in_doubt: list[list[Any]], queued: list[str]) -> None:
        """Report what the dead context may have run; see ``Channel.lost``."""
        self._pending.lose(loss.evals(queued))
        with self.outputs.lock:
            page = self.page or self._closing.page
            if page is not None and len(self.outputs):
                page.send(self.number, *self.outputs.snapshot())
        loss.tell(self.outputs, in_doubt)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the threads that wait for an answer of this session."""
        self._pending.interrupt()

    # -- commands -----------------------------------------------------------------------------

    def run(self, command: Encoded) -> None:
        """Send a command that answers nothing."""
        page = self.page
        if page is not None and page.waiting(self.number) <= BACKLOG_LIMIT:
            page.send(self.number, command.text, command.buffers)
            return
        admit(self)
        self._send(command)

    def _send(self, command: Encoded) -> None:
        with self._lock:
            self.check_open()
            page = self.page
            if page is None:
                self._outbox.add(command)
        if page is not None:
            page.send(self.number, command.text, command.buffers)
            return
        try:
            self.platform.attach(self)
        except BaseException:
            with self._lock:
                self._outbox.undo(command)
            raise

    def _send_output(self, message: Encoded) -> None:
        # Outputs are kept in the tree; without a page the snapshot of attach() brings them. What the page says when the
        # session has just closed, such as an error of its last run_js, is still shown.
        page = self.page or self._closing.page
        if page is not None:
            page.send(self.number, *message)

    @property
    def anything_unsent(self) -> bool:
        """Whether something waits for the session's first page."""
        return bool(self._outbox or len(self.outputs))

    @property
    def undelivered(self) -> tuple[int, int, int]:
        """How many commands, outputs and downloads wait for the session's first page; none once it has one."""
        if not self.unattached:
            return 0, 0, 0
        return self._outbox.commands, len(self.outputs), len(self._outbox.downloads)

    @property
    def downloading(self) -> bool:
        """Whether a file of the session is on its way."""
        page = self.page
        if page is None:
            return bool(self._outbox.downloads)
        return any(channel.session is self and channel is not self for channel in page.channels)

    def on_attach(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when a page attaches, or when the session is closed; now if either has happened."""
        with self._lock:
            if self.unattached:
                self._outbox.add_wake(wake)
                return
        wake()

    def backlog(self) -> int:
        """Return how many bytes wait in Python for the page."""
        page = self.page
        return self._outbox.bytes if page is None else page.waiting(self.number)

    def drop_backlog(self, limit: int) -> None:
        """Forget the oldest commands that wait for the first page, but for ``limit`` bytes."""
        with self._lock:
            self._outbox.drop_oldest(limit)

    # -- evaluation ---------------------------------------------------------------------------

    def ask(self, number: int, command: Encoded, call: Call) -> None:
        """Send an eval whose answer settles ``call``."""
        page = self.page
        if page is None or page.waiting(self.number) > BACKLOG_LIMIT:
            admit(self)
        self._pending.add(number, call)
        try:
            page = self.page  # now: who takes it away from here on finds the call, and settles it
            if page is None:
                self._send(command)
            else:
                page.send(self.number, command.text, command.buffers)
        except BaseException:
            self._pending.forget(number)
            raise

    def withdraw(self, number: int, command: Encoded) -> None:
        """Give up an eval: its answer is ignored, and if it has not been sent it never is."""
        self._pending.forget(number)
        with self._lock:
            self._outbox.discard(command)

    # -- what the page says -------------------------------------------------------------------

    def receive(self, message: list[Any], buffers: Sequence[Buffer]) -> None:
        """Take one message of the page (see docs/protocol.md)."""
        handle(self, message, buffers)

    def warn(self, error: JSError, count: int = 1) -> int | None:
        """Show the reader a JavaScript error and return its output node."""
        log.info("JavaScript error in session %d: %.500a", self.number, str(error))
        return self.outputs.error(error.name, error.message, error.stack, error.code, count)

    def note_run_error(self, key: int, node: int) -> None:
        """Remember which output node shows an error of ``run_js``; ``key`` is the page's number of it."""
        self.run_errors[key] = node

    # -- where it is seen ---------------------------------------------------------------------

    def reconnected(self, peer: str) -> None:
        """Belong to another front-end connection: the page has a new one since it was reloaded."""
        self.peer = peer

    def view_shown(self) -> None:
        """Know that a view of it stands where it lives: what it puts there appears by itself."""
        self.shown = True

    def view_gone(self) -> None:
        """Know that no view of it is left: the next output shows it again."""
        self.shown = False

    def _appear(self) -> None:
        if not self.shown:
            self.shown = True
            self.platform.show(self)
        if self.unattached:
            self.platform.attach(self)

"""The session: one conversation between Python code and the reader."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import threading
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakSet

from nbsession._sync import forked
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

from .callbacks import Callbacks
from .closing import Closing
from .deferred import Deferred
from .delivery import Delivery
from .failure import report
from .functions import Functions
from .incoming import handle
from .inputs import Inputs
from .outputs import Outputs
from .pending_calls import PendingCalls
from .scope import SessionScope, inside, scope_var
from .state import SessionState, StateMachine
from .tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from contextvars import Context

    from nbsession._link import Buffer
    from nbsession._sync.waiter import Waiter
    from nbsession.exceptions import JSError

    from .app import App
    from .call import Call
    from .download_channel import Download
    from .interfaces.channel import Caller
    from .interfaces.file_transfer import Transfer
    from .interfaces.platform_protocol import Platform
    from .page import Page
    from .pending_calls import Settle

log = logging.getLogger("nbsession")

ErrorPolicy = Literal["warn", "raise"]


class Session:
    """One conversation: its channel, outputs, callbacks, tasks, deferred functions and pending answers.

    Methods may be called from any thread.

    Parameters
    ----------
    platform : Platform
        The platform that opened the session.
    channel : int
        The number of its channel, the same on every page.
    peer : str or None
        The front-end connection that it belongs to, if known.
    toasts : bool
        Whether its notices appear as toasts on the page, because it has no view.
    ends_with_code : bool
        Whether it closes when its code ends, as the session of a script does and that of a cell does not.
    tells_failures : bool
        Whether the reader sees the tracebacks of exceptions in its Python code.

    Attributes
    ----------
    app : App or None
        The app that runs in it; None for the session of a cell or a page.
    loop, loop_thread : asyncio.AbstractEventLoop or None, int or None
        The loop of a coroutine app and the identity of its thread.
    env : dict
        The options set with ``set_env``.
    js_errors : {'warn', 'raise'}
        The policy for JavaScript errors, set with ``set_env``.
    shown : bool
        Whether a view shows it.
    dependents : WeakSet of Session
        The sessions that close together with it, through their own hooks.
    run_errors : dict
        The output nodes that show errors of ``run_js``, by the page's numbers for the errors.
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
        self.js_errors: ErrorPolicy = "warn"
        self.app: App | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.loop_thread: int | None = None
        self.env: dict[str, object] = {}
        self.ends_with_code = ends_with_code
        self.tells_failures = tells_failures
        self.shown: bool = False
        self.run_errors: dict[int, int] = {}
        self._lock = InterruptSafeLock()
        self._machine = StateMachine()
        self._pending = PendingCalls(self._lock)
        self.functions: Functions = Functions(self)
        self.inputs: Inputs = Inputs()
        self.delivery: Delivery = Delivery(self, self._lock, self._machine, self._pending, self.functions)
        self.outputs: Outputs = Outputs(self.delivery.send_output, self._appear)
        self.dependents: WeakSet[Session] = WeakSet()
        self._closing = Closing(self, self._lock, self._machine, self._pending)
        # The bound methods themselves: each eval calls them.
        self.next_number: Callable[[], int] = itertools.count(1).__next__
        self.settle: Settle = self._pending.settle
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
        """The state, see `SessionState`."""
        return self._machine.state

    @property
    def page(self) -> Page | None:
        """Its present page."""
        return self.delivery.page

    # -- lifetime -----------------------------------------------------------------------------

    @property
    def closed(self) -> str | None:
        """Why the session was closed, or None while it is open."""
        error = self._closing.error
        return None if error is None else error.reason

    @property
    def outputs_kept(self) -> bool:
        """Whether its outputs were kept when it closed; True while it is open."""
        return self._closing.outputs_kept

    @property
    def lingers(self) -> bool:
        """Whether it is closed and its outputs can still be read."""
        return self._closing.lingers

    def add_dependent(self, session: Session) -> None:
        """Register a session that closes together with this one, through its own hook."""
        self.dependents.add(session)

    def check_open(self) -> None:
        """Raise SessionClosedException if the session has been closed."""
        self._closing.check()

    def close(self, reason: str = "closed by the program", *, keep_outputs: bool = True) -> None:
        """Close the session and return at once. A second call has no effect.

        Waiting calls raise ``SessionClosedException``, tasks are cancelled, and the deferred functions start:
        ``wait_closed`` waits for them.

        Parameters
        ----------
        reason : str
            The reason, in words for the reader: exceptions, the log and the view contain it.
        keep_outputs : bool
            In a notebook, keep the outputs, shown or not, until the cell is run again or its output is cleared. False
            keeps nothing, and also releases a session that was closed before.
        """
        self._closing.close(reason, keep_outputs=keep_outputs)

    def set_app(self, app: App) -> None:
        """Set the app of the session."""
        self.app = app

    def use_running_loop(self) -> None:
        """Run tasks and callbacks on the calling thread's loop, which is that of a coroutine app."""
        self.loop, self.loop_thread = asyncio.get_running_loop(), threading.get_ident()

    @property
    def may_begin_again(self) -> bool:
        """Whether the reader can start a new session of the app after this one has closed."""
        return self.app is not None and self.app.may_begin_again

    def wait_closed(self, timeout: float) -> bool:
        """Wait at most ``timeout`` seconds for the deferred functions. Return whether they have run."""
        return self._closing.wait(timeout)

    def defer(self, function: Callable[[], object]) -> None:
        """Call ``function`` when the session has closed, after the functions that were deferred before it."""
        with self._lock:
            self.check_open()
            self.deferred.add(function)

    def on_close(self, hook: Callable[[str], object]) -> None:
        """Call ``hook(reason)`` when the session closes, on the thread that closes it; now if it is closed."""
        self._closing.call(hook)

    def finish_if_idle(self) -> None:
        """Close the session if its app has returned and nothing of it remains."""
        if self.app is not None:
            self.app.finish_if_idle()

    def failed(self, error: BaseException) -> None:
        """Show the reader an exception of the session's app, a task or a callback."""
        report(self, error)

    # -- the channel -----------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        return self

    def held(self) -> None:
        """Return None: a session is not a file."""

    def end(self, reason: str) -> None:
        """Do nothing: the session has closed itself."""

    def leave(self, queued: list[str]) -> None:
        """Do nothing: the session has left by itself."""

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
        """Set the policy of ``eval_js`` for JavaScript errors, for calls without their own."""
        self.check_open()
        self.js_errors = policy

    def lost(self, in_doubt: list[list[Any]], queued: list[str]) -> None:
        """Report the commands that the dead context may have run; see ``Channel.lost``."""
        self.delivery.lost(in_doubt, queued)

    def expect(self, call: Call) -> None:
        """Settle a call that waits for the reader if the session ends, or the code is interrupted."""
        self._pending.expect(call)

    def stop_expecting(self, call: Call) -> None:
        """Forget a call that waited for the reader."""
        self._pending.stop_expecting(call)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the threads that wait for an answer in this session."""
        self._pending.interrupt()

    # -- messages of the page -----------------------------------------------------------------

    def receive(self, message: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:
        """Handle one message of a page (see docs/protocol.md)."""
        handle(self, message, buffers, page)

    def warn(self, error: JSError, count: int = 1) -> int | None:
        """Show the reader a JavaScript error and return its output node."""
        log.info("JavaScript error in session %d: %.500a", self.number, str(error))
        return self.outputs.error(error.name, error.message, error.stack, error.code, count)

    def note_run_error(self, key: int, node: int) -> None:
        """Remember the output node of an error of ``run_js``; ``key`` is the page's number for the error."""
        self.run_errors[key] = node

    # -- views --------------------------------------------------------------------------------

    def reconnected(self, peer: str) -> None:
        """Set the front-end connection: a reloaded page has a new one."""
        self.peer = peer

    def view_shown(self) -> None:
        """Note that a view shows the session: its outputs appear by themselves."""
        self.shown = True

    def show(self) -> None:
        """Show a view of the session, unless it is closed or has none."""
        if self.closed is None and not self.toasts:
            self._appear()

    def view_gone(self) -> None:
        """Note that no view shows the session: the next output opens one."""
        self.shown = False

    def _appear(self) -> None:
        if not self.shown:
            self.shown = True
            self.platform.show(self)
        if self.delivery.unattached:
            self.request_page()

    # -- what the platform does for it ----------------------------------------------------------

    def request_page(self) -> None:
        """Find or await a page; see `Platform.attach`."""
        self.platform.attach(self)

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        """Block the calling thread until ``waiter`` is released; see `Platform.wait`."""
        if not self.callbacks.on_own_thread:  # most waits, which need no context manager
            return self.platform.wait(waiter, timeout)
        with self.callbacks.waiting():
            return self.platform.wait(waiter, timeout)

    def attach_timeout(self, *, awaited: bool) -> float:
        """Return the seconds that a call may wait for the first page."""
        return self.platform.attach_timeout(self, awaited=awaited)

    def no_frontend(self, *, awaited: bool) -> str | None:
        """Return the error message for a page that has not attached; None to continue waiting."""
        return self.platform.no_frontend(self, awaited=awaited)

    @property
    def alone(self) -> bool:
        """Whether no page can be expected because the notebook runs without a front end."""
        return self.platform.alone(self)

    @property
    def unattended(self) -> bool:
        """Whether nobody can answer a question; see `Platform.unattended`."""
        return self.platform.unattended(self)

    def offer(self, download: Download) -> Transfer | None:
        """Let the page fetch a file over HTTP; None if the link carries it."""
        return self.platform.offer(download)

    def keep_outputs(self) -> bool:
        """Keep its outputs if they can still be read. Return whether they are kept."""
        return self.platform.keep_outputs(self)

    def released(self) -> None:
        """Remove its view: nothing of it is kept."""
        self.platform.closed(self)

    # -- the scope of its code -----------------------------------------------------------------

    def inside(self) -> AbstractContextManager[None]:
        """Run the body on behalf of the session, which gets its calls and prints."""
        return inside(self)

    def enter(self, context: Context) -> SessionScope:
        """Let code that runs in ``context`` belong to the session. Return its scope."""
        scope = SessionScope(self)
        context.run(scope_var.set, scope)
        return scope


def sessions_of(page: Page) -> list[Session]:
    """Return the sessions that have a channel on a page: their own, that of a download, or that of a handover."""
    owners = dict.fromkeys(channel.session for channel in page.channels)
    return [owner for owner in owners if isinstance(owner, Session)]

"""The end of a session: its reason, the notifications, and the outputs that remain readable."""

from __future__ import annotations

import logging
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from nbsession.exceptions import SessionClosedException

from .interfaces.channel import ChannelOwner
from .state import SessionState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

    from .callbacks import Callbacks
    from .deferred import Deferred
    from .delivery import Delivery
    from .functions import Functions
    from .inputs import Inputs
    from .outputs import Outputs
    from .pending_calls import PendingCalls
    from .state import StateMachine
    from .tasks import Tasks

log = logging.getLogger("nbsession")


class _Session(ChannelOwner, Protocol):
    """The parts of a session that are used here."""

    outputs: Outputs
    delivery: Delivery
    callbacks: Callbacks
    functions: Functions
    inputs: Inputs
    tasks: Tasks
    deferred: Deferred

    @property
    def closed(self) -> str | None:
        """Why it was closed, or None while it is open."""
        ...

    @property
    def dependents(self) -> Collection[_Session]:
        """The sessions that close with it, through a hook of their own."""
        ...

    @property
    def may_begin_again(self) -> bool:
        """Whether the reader can start a new session of the app."""
        ...

    def keep_outputs(self) -> bool:
        """Keep its outputs if they can still be read. Return whether they are kept."""
        ...

    def close(self, reason: str, *, keep_outputs: bool) -> None:
        """Close it."""
        ...

    def released(self) -> None:
        """Remove its view: nothing of it is kept."""
        ...


class Closing:
    """Closes one session, once.

    Parameters
    ----------
    session : Session
        The session.
    lock : InterruptSafeLock
        The session's lock.
    machine : StateMachine
        The session's state.
    pending : PendingCalls
        The calls that wait for values.

    Attributes
    ----------
    error : SessionClosedException or None
        The exception that calls raise; None while the session is open.
    outputs_kept : bool
        Whether the outputs were kept when the session closed.
    """

    def __init__(
        self,
        session: _Session,
        lock: InterruptSafeLock,
        machine: StateMachine,
        pending: PendingCalls,
    ) -> None:
        self.error: SessionClosedException | None = None
        self.outputs_kept = True
        self._session = session
        self._lock = lock
        self._machine = machine
        self._pending = pending
        self._hooks: list[Callable[[str], object]] = []

    def check(self) -> None:
        """Raise an exception if the session has been closed."""
        if self.error is not None:
            raise SessionClosedException(self.error.reason)

    @property
    def lingers(self) -> bool:
        """Whether the session is closed and its outputs can still be read."""
        return self._machine.state is SessionState.LINGERING

    def call(self, hook: Callable[[str], object]) -> None:
        """Call ``hook`` with the reason; see `Session.on_close`."""
        with self._lock:
            if self.error is None:
                self._hooks.append(hook)
                return
        hook(self.error.reason)

    def close(self, reason: str, *, keep_outputs: bool) -> None:
        """Close the session; see `Session.close`."""
        session = self._session
        with self._lock, session.outputs.lock:
            first = self.error is None
            if first:
                self.error = SessionClosedException(reason)
                self._machine.change(SessionState.CLOSED)
                session.delivery.close()
        if first:
            log.info("session %d closed: %s", session.number, reason)
            self.outputs_kept = keep_outputs
            self._wake_all(reason)
            session.callbacks.stop()
            session.functions.clear()
            session.inputs.end()
            session.tasks.cancel()
        if not keep_outputs:
            for dependent in list(session.dependents):
                dependent.close(reason, keep_outputs=False)
        if first and keep_outputs and session.keep_outputs():
            self._linger(reason)
        elif first or not keep_outputs:
            self._leave(reason)
        if first:
            session.deferred.start()

    def wait(self, timeout: float) -> bool:
        """Wait for the deferred functions; see `Session.wait_closed`."""
        deadline = monotonic() + timeout
        ends = [
            each.deferred for each in (self._session, *self._session.dependents) if each.closed is not None
        ]
        return all(end.wait(deadline - monotonic()) for end in ends)

    def _wake_all(self, reason: str) -> None:
        """Notify everything that waits for the session."""
        self._pending.close(reason)
        with self._lock:
            wakes, downloads = self._session.delivery.release_waiting()
            hooks, self._hooks = self._hooks, []
        for wake in wakes:
            _attempt(wake)
        for download in downloads:
            _attempt(partial(download.fail, SessionClosedException(reason)))
        for hook in hooks:
            _attempt(partial(hook, reason))

    def _linger(self, reason: str) -> None:
        """Keep the outputs readable, also on a page that attaches later."""
        with self._lock:
            if self._machine.state is not SessionState.CLOSED:  # released in the meantime
                return
            self._machine.change(SessionState.LINGERING)
            page = self._session.delivery.last_page
        if page is not None:
            page.end_session(self._session, reason, again=self._session.may_begin_again)

    def _leave(self, reason: str) -> None:
        """Release the page, the view and the outputs."""
        session = self._session
        with self._lock, session.outputs.lock:
            page = session.delivery.release()
            first = self._machine.state is not SessionState.RELEASED
            if first:
                self._machine.change(SessionState.RELEASED)
        if page is not None:
            page.close_session(session, reason)
        if first:
            session.released()
        session.outputs.release()


def _attempt(call: Callable[[], object]) -> None:
    """Call a function. Exceptions are logged, because the session must close and others must be notified."""
    try:
        call()
    except Exception:
        log.exception("a callback at the end of a session failed")

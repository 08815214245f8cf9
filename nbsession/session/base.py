"""The session: one conversation between Python code and the reader."""

from __future__ import annotations

import enum
import itertools
import json
import logging
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakSet

from nbsession.exceptions import PageLostError, SessionClosedException

from .backlog import admit
from .callbacks import Callbacks
from .deferred import Deferred
from .failure import report
from .guard import Guard
from .incoming import handle
from .outputs import Outputs
from .page import BACKLOG_LIMIT
from .tasks import Tasks

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from nbsession.exceptions import JSError
    from nbsession.link import Buffer

    from .app import App
    from .download import Download
    from .page import Page
    from .platform import Platform
    from .replies import Reply
    from .values import Encoded

log = logging.getLogger("nbsession")

ErrorPolicy = Literal["warn", "raise"]


class SessionState(enum.Enum):
    """Where a session stands."""

    CREATED = "created"  # no page yet: commands wait in Python
    ATTACHED = "attached"  # commands go to a page
    DETACHED = "detached"  # its page is away and may come back
    CLOSED = "closed"  # for good, with a reason


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

    Attributes
    ----------
    app : App or None
        The app that runs in it; None for a cell's or a page's own session.
    loop, loop_thread : asyncio.AbstractEventLoop or None, int or None
        The loop of a coroutine app and the identity of its thread.
    env : dict
        What ``set_env`` has set.
    ends_with_code : bool
        It closes when the code that uses it ends, as a script's does; a cell's does not.
    tells_failures : bool
        The reader is shown exceptions of the session's Python code with their traceback.
    """

    def __init__(
        self, platform: Platform, channel: int, peer: str | None = None, *, toasts: bool = False
    ) -> None:
        self.platform = platform
        self.number = channel
        self.peer = peer
        self.toasts = toasts
        self.page: Page | None = None
        self.state = SessionState.CREATED
        self.js_errors: ErrorPolicy = "warn"
        self.app: App | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.loop_thread: int | None = None
        self.env: dict[str, object] = {}
        self.ends_with_code = False
        self.tells_failures = True
        self.shown = False
        self.run_errors: dict[int, int] = {}  # the page's number of a run_js error -> its output node
        self.outputs = Outputs(self._send_output, self._appear)
        self.dependents: WeakSet[Session] = WeakSet()  # those that close with it, by a hook of their own
        self._lock = Guard()
        self._unsent: deque[Encoded] = deque()
        self._unsent_bytes = 0
        self._pending: dict[int, Reply] = {}
        # Returns the number of the next eval; count's own method, because it is called for each.
        self.next_number = itertools.count(1).__next__
        self._downloads: list[Download] = []  # those that wait for a page
        self._on_attach: list[Callable[[], None]] = []
        self._on_close: list[Callable[[str], object]] = []
        self._closing: SessionClosedException | None = None
        self.lingers = False  # it is closed, and what it showed can still be read
        self.outputs_kept = True
        self._page_at_end: Page | None = None
        self._left = False
        self.callbacks = Callbacks(self)
        self.tasks = Tasks(self)
        self.deferred = Deferred(self)

    def __repr__(self) -> str:
        return f"<Session {self.number} {self.state.value}>"

    @property
    def unattached(self) -> bool:
        """Whether it still waits for a page."""
        return self.page is None and self._closing is None

    @property
    def awaits_page(self) -> bool:
        """Whether its page owes it a value, or has not been handed all of a download."""
        page = self.page
        return bool(self._pending) or (
            page is not None
            and any(channel.session is self and channel is not self for channel in page.channels)
        )

    # -- lifetime -----------------------------------------------------------------------------

    @property
    def closed(self) -> str | None:
        """Why the session was closed, or None while it is open."""
        return None if self._closing is None else self._closing.reason

    def check_open(self) -> None:
        """Raise SessionClosedException if the session has been closed."""
        if self._closing is not None:
            raise SessionClosedException(self._closing.reason)

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
        with self._lock:
            first = self._closing is None
            if first:
                self._closing = SessionClosedException(reason)
                self.state = SessionState.CLOSED
                self._page_at_end, self.page = self.page, None
        if first:
            log.info("session %d closed: %s", self.number, reason)
            self.outputs_kept = keep_outputs
            self._wake_all(reason)
            self.callbacks.stop()
            self.tasks.cancel()
        if not keep_outputs:
            for session in list(self.dependents):
                session.close(reason, keep_outputs=False)
        if first and keep_outputs and self.platform.keep_outputs(self):
            self._linger(reason)
        elif first or not keep_outputs:
            self._leave(reason)
        if first:
            self.deferred.start()

    def _wake_all(self, reason: str) -> None:
        """Tell whatever waits for the session that it has closed."""
        with self._lock:
            pending, self._pending = self._pending, {}
            wakes, self._on_attach = self._on_attach, []
            hooks, self._on_close = self._on_close, []
            downloads, self._downloads = self._downloads, []
        for reply in pending.values():
            reply.settle(error=SessionClosedException(reason))
        for wake in wakes:
            wake()
        for download in downloads:
            download.fail(SessionClosedException(reason))
        for hook in hooks:
            hook(reason)

    def _linger(self, reason: str) -> None:
        """Stay on the page to be read; a page that is still to come is shown it, too."""
        self.lingers = True
        page = self._page_at_end
        if page is not None:
            page.end_session(self, reason, again=self._may_begin_again)

    def _leave(self, reason: str) -> None:
        """Let go of the page, the view and all that is kept."""
        with self._lock:
            page, self._page_at_end = self._page_at_end, None
            left, self._left = self._left, True
            self.lingers = False
            self._unsent.clear()
            self._unsent_bytes = 0
        if page is not None:
            page.close_session(self, reason)
        if not left:
            self.platform.closed(self)

    @property
    def _may_begin_again(self) -> bool:
        return self.app is not None and self.app.may_begin_again

    def wait_closed(self, timeout: float) -> bool:
        """Wait until the deferred functions of a closed session have run, at most ``timeout`` seconds."""
        deadline = monotonic() + timeout
        ends = [each.deferred for each in (self, *self.dependents) if each.closed is not None]
        return all(end.wait(deadline - monotonic()) for end in ends)

    def defer(self, function: Callable[[], object]) -> None:
        """Call ``function`` once the session has closed, after those that were deferred before it."""
        with self._lock:
            self.check_open()
            self.deferred.add(function)

    def on_close(self, hook: Callable[[str], object]) -> None:
        """Call ``hook`` with the reason when the session closes, on the thread that closes it; now if it has."""
        with self._lock:
            if self._closing is None:
                self._on_close.append(hook)
                return
        hook(self._closing.reason)

    def finish_if_idle(self) -> None:
        """Close the session of an app that has returned, if nothing of it is left."""
        if self.app is not None:
            self.app.finish_if_idle()

    def failed(self, error: BaseException) -> None:
        """Show the reader an exception of the session's own code: of its app, a task, a callback."""
        report(self, error)

    def add_download(self, download: Download) -> None:
        """Start a download, now or as soon as a page attaches."""
        with self._lock:
            self.check_open()
            page = self.page
            if page is None:
                self._downloads.append(download)
        if page is not None:
            download.start(page)
        else:
            self.platform.attach(self)

    def attach(self, page: Page) -> None:
        """Go on with ``page``: what waited is sent there, in order."""
        with self._lock, self.outputs.lock:
            closed = self._closing is not None
            if self.page is page or (closed and not (self.lingers and self._page_at_end is None)):
                return
            page.open(self)
            if len(self.outputs):
                page.send(self.number, *self.outputs.snapshot())
            for text, buffers in self._unsent:
                page.send(self.number, text, buffers)
            self._unsent.clear()
            self._unsent_bytes = 0
            if closed:
                self._page_at_end = page
            else:
                self.page = page
                self.state = SessionState.ATTACHED
            wakes, self._on_attach = self._on_attach, []
            downloads, self._downloads = self._downloads, []
        for download in downloads:
            download.start(page)
        for wake in wakes:
            wake()

    @property
    def session(self) -> Session:
        return self

    def end(self, reason: str) -> None:
        """Do nothing: the session knows that it was closed."""

    def opening(self) -> dict[str, object]:
        about: dict[str, object] = {"kind": "session"}
        if self.toasts:
            about["toasts"] = True
        if self.app is not None and (self._closing is None or self._may_begin_again):
            about["app"] = self.app.name
        if self.env:
            about["env"] = self.env
        if self._closing is not None:
            about["ended"] = self._closing.reason
        return about

    def set_env(self, given: dict[str, object]) -> None:
        """Set options of the session and tell the page."""
        with self._lock:
            self.check_open()
            self.env.update(given)
            page = self.page
        if page is not None:
            page.send(self.number, json.dumps(["env", given]))

    def lost(self, in_doubt: list[list[Any]], queued: list[str]) -> None:
        """Report what the dead context may have run; see ``Channel.lost``."""
        still_to_run = {int(text[8 : text.index(",", 8)]) for text in queued if text.startswith('["eval",')}
        with self._lock:
            numbers = [number for number in self._pending if number not in still_to_run]
            replies = [self._pending.pop(number) for number in numbers]
        for reply in replies:
            reply.settle(
                error=PageLostError(
                    "the page was reloaded or lost while this code may have run; it is not repeated"
                )
            )
        with self.outputs.lock:
            page = self.page or self._page_at_end
            if page is not None and len(self.outputs):
                page.send(self.number, *self.outputs.snapshot())
        codes = [str(body[1]).strip() for body in in_doubt if body[0] == "run"]
        if codes:
            listed = "\n".join(code[:200] for code in codes[:20])
            more = f"\nand {len(codes) - 20} more" if len(codes) > 20 else ""  # noqa: PLR2004
            self.outputs.notice(
                "warning",
                f"The page was lost while {len(codes)} run_js may have run; they are not repeated:\n{listed}{more}",
            )

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the threads that wait for an answer of this session."""
        with self._lock:
            numbers = [number for number, reply in self._pending.items() if reply.blocking]
            replies = [self._pending.pop(number) for number in numbers]
        for reply in replies:
            reply.settle(error=KeyboardInterrupt())

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
                self._unsent.append(command)
                self._unsent_bytes += len(command.text) + sum(map(_size, command.buffers))
        if page is not None:
            page.send(self.number, command.text, command.buffers)
        else:
            self.platform.attach(self)

    def _send_output(self, message: Encoded) -> None:
        # Outputs are kept in the tree; without a page the snapshot of attach() brings them.
        page = self.page
        if page is not None:
            page.send(self.number, *message)

    @property
    def anything_unsent(self) -> bool:
        """Whether something waits for the session's first page."""
        return bool(self._unsent or len(self.outputs) or self._downloads)

    @property
    def downloading(self) -> bool:
        """Whether a file of the session is on its way."""
        page = self.page
        if page is None:
            return bool(self._downloads)
        return any(channel.session is self and channel is not self for channel in page.channels)

    def on_attach(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when a page attaches, or when the session is closed; now if either has happened."""
        with self._lock:
            if self.unattached:
                self._on_attach.append(wake)
                return
        wake()

    def backlog(self) -> int:
        """Return how many bytes wait in Python for the page."""
        page = self.page
        return self._unsent_bytes if page is None else page.waiting(self.number)

    # -- evaluation ---------------------------------------------------------------------------

    def ask(self, number: int, command: Encoded, reply: Reply) -> None:
        """Send an eval whose answer settles ``reply``."""
        admit(self)
        self._pending[number] = reply
        try:
            self._send(command)
        except BaseException:
            self._pending.pop(number, None)
            raise

    def withdraw(self, number: int, command: Encoded) -> None:
        """Give up an eval: its answer is ignored, and if it has not been sent it never is."""
        with self._lock:
            self._pending.pop(number, None)
            if command in self._unsent:
                self._unsent.remove(command)

    # -- what the page says -------------------------------------------------------------------

    def receive(self, message: list[Any], buffers: Sequence[Buffer]) -> None:
        """Take one message of the page (see docs/protocol.md)."""
        handle(self, message, buffers)

    def settle(self, number: object, **answer: Any) -> None:
        """Settle the pending eval ``number``; an unknown number (withdrawn, or made up) is ignored."""
        reply = self._pending.pop(number, None) if isinstance(number, int) else None
        if reply is not None:
            reply.settle(**answer)

    def warn(self, error: JSError, count: int = 1) -> int | None:
        """Show the reader a JavaScript error and return its output node."""
        log.info("JavaScript error in session %d: %s", self.number, error)
        return self.outputs.error(error.name, error.message, error.stack, error.code, count)

    def _appear(self) -> None:
        if not self.shown:
            self.shown = True
            self.platform.show(self)
        if self.unattached:
            self.platform.attach(self)


def _size(buffer: Buffer) -> int:
    return memoryview(buffer).nbytes

"""What a session sends: to its page, or to an outbox until a page attaches; and its moves from page to page."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from nbsession.exceptions import SessionClosedException

from . import loss
from .backlog import BACKLOG_LIMIT, admit
from .handover import Handover
from .interfaces.channel import Channel
from .outbox import Outbox
from .state import SessionState
from .values import Encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._link import Buffer, Taken
    from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
    from nbsession._sync.waiter import Waiter

    from .call import Call
    from .download_channel import Download
    from .functions import Functions
    from .outputs import Outputs
    from .page import Page
    from .pending_calls import PendingCalls
    from .state import StateMachine


class _Session(Channel, Protocol):
    """The parts of a session that are used here."""

    outputs: Outputs

    @property
    def page(self) -> Page | None:
        """Its present page."""
        ...

    @property
    def alone(self) -> bool:
        """Whether no page can be expected."""
        ...

    def check_open(self) -> None:
        """Raise SessionClosedException if it has been closed."""
        ...

    def request_page(self) -> None:
        """Find or await a page."""
        ...

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        """Block the calling thread; see `Platform.wait`."""
        ...


class Delivery:
    """Delivers one session's commands and outputs. Methods may be called from any thread.

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
    functions : Functions
        The functions that the page can call.

    Attributes
    ----------
    page : Page or None
        The present page of an open session.
    last_page : Page or None
        The page on which the outputs of a closed session can be read.
    """

    def __init__(
        self,
        session: _Session,
        lock: InterruptSafeLock,
        machine: StateMachine,
        pending: PendingCalls,
        functions: Functions,
    ) -> None:
        self.page: Page | None = None
        self.last_page: Page | None = None
        self._session = session
        self._number = session.number
        self._lock = lock
        self._machine = machine
        self._pending = pending
        self._functions = functions
        self._outbox = Outbox()
        self._on_each_page: list[Callable[[], None]] = []
        # The page has said goodbye. What it would get waits for its next context, or for another page.
        self._away = False

    @property
    def page_and_state(self) -> tuple[Page | None, SessionState]:
        """The page and the session's state at one moment: another thread may attach a page or move the session."""
        with self._lock:
            return self.page, self._machine.state

    @property
    def unattached(self) -> bool:
        """Whether the session waits for its first page, or for the next one."""
        return self.page is None and self._machine.is_open

    @property
    def awaits_page(self) -> bool:
        """Whether a value or part of a download is outstanding."""
        return len(self._pending) > 0 or (self.page is not None and self.downloading)

    @property
    def anything_unsent(self) -> bool:
        """Whether anything waits for the session's first page."""
        return bool(self._outbox or len(self._session.outputs))

    @property
    def undelivered(self) -> tuple[int, int, int]:
        """The numbers of commands, outputs and downloads that wait for the first page; 0 with a page."""
        if not self.unattached:
            return 0, 0, 0
        return self._outbox.commands, len(self._session.outputs), len(self._outbox.downloads)

    @property
    def downloading(self) -> bool:
        """Whether a download of the session is in progress."""
        page, session = self.page, self._session
        if page is None or self._outbox.downloads:
            return bool(self._outbox.downloads)
        return any(channel.session is session and channel is not session for channel in page.channels)

    # -- commands and outputs ---------------------------------------------------------------------

    def run(self, command: Encoded) -> None:
        """Send a command that has no answer."""
        page = self.page
        if page is not None and not self._away and page.waiting(self._number) <= BACKLOG_LIMIT:
            page.send(self._number, command.text, command.buffers)
            if self._functions.known:
                self._functions.sent(command.text, page)
            return
        try:
            admit(self._session, self)
            self._send(command)
        except BaseException:
            self._functions.not_sent(command.text)
            raise

    def ask(self, number: int, command: Encoded, call: Call) -> None:
        """Send an eval whose answer settles ``call``."""
        page = self.page
        try:
            if page is None or page.waiting(self._number) > BACKLOG_LIMIT:
                admit(self._session, self)
            self._pending.add(number, call)
            # Read only now: code that removes the page later finds the call, and settles it.
            page = self.page
            if page is None or self._away:
                self._send(command)
            else:
                page.send(self._number, command.text, command.buffers)
                if self._functions.known:
                    self._functions.sent(command.text, page)
        except BaseException:
            self._pending.forget(number)
            self._functions.not_sent(command.text)
            raise

    def withdraw(self, number: int, command: Encoded) -> None:
        """Give up an eval: ignore its answer, and do not send it if it still waits."""
        self._pending.forget(number)
        with self._lock, self._session.outputs.lock:
            waited = self._outbox.discard(command)
        if waited:
            self._functions.not_sent(command.text)

    def send_again(self, text: str, buffers: tuple[Buffer, ...]) -> None:
        """Send a command that was given to the former page when the session had just left it."""
        with suppress(SessionClosedException):
            self._send(Encoded(text, buffers))

    def send_output(self, message: Encoded) -> None:
        """Send a change of the outputs. The caller holds their lock."""
        # Output that arrives just after the close, such as an error of the last run_js, is still shown.
        page = self.page or self.last_page
        if page is None or self._away:  # the tree keeps it
            self._outbox.record(message)
        else:
            page.send(self._number, *message)

    def add_download(self, download: Download) -> None:
        """Start a download, now or when a page attaches."""
        with self._lock:
            self._session.check_open()
            page, away = self.page, self._away
            if page is None or away:
                self._outbox.add_download(download)
        if page is not None:
            if not away:
                download.start(page)
            return
        try:
            self._session.request_page()
        except BaseException:
            with self._lock:
                self._outbox.undo_download(download)
            raise

    def _send(self, command: Encoded) -> None:
        session = self._session
        with self._lock:
            session.check_open()
            page, away = self.page, self._away
            if page is None or away:
                with session.outputs.lock:
                    self._outbox.add(command, session.outputs)
        if page is not None:
            if not away:
                page.send(self._number, command.text, command.buffers)
                self._functions.sent(command.text, page)
            return
        try:
            session.request_page()
        except BaseException:
            with self._lock, session.outputs.lock:
                self._outbox.undo(command)
            raise

    # -- the backlog --------------------------------------------------------------------------------

    def backlog(self) -> int:
        """Return the number of bytes that wait in Python for the page."""
        page = self.page
        return self._outbox.bytes + (0 if page is None else page.waiting(self._number))

    def drop_backlog(self, limit: int) -> None:
        """Drop the oldest commands that wait for the first page, down to ``limit`` bytes."""
        with self._lock, self._session.outputs.lock:
            dropped = self._outbox.drop_oldest(limit)
        for command in dropped:
            self._functions.not_sent(command.text)

    def on_attach(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when a page attaches or the session is closed; now if either has happened."""
        with self._lock:
            if self.unattached:
                self._outbox.add_wake(wake)
                return
        wake()

    # -- from page to page --------------------------------------------------------------------------

    def page_away(self) -> None:
        """Note that the page has said goodbye: its context runs nothing more. A new context or another page follows."""
        with self._lock, self._session.outputs.lock:
            self._away = self.page is not None

    def attach(self, page: Page) -> None:
        """Continue on ``page`` and send the waiting commands, in order. No effect if the session has a page."""
        session = self._session
        with self._lock, session.outputs.lock:
            readable = self._machine.state is SessionState.LINGERING and self.last_page is None
            if self.page is not None or not (self._machine.is_open or readable):
                return
            page.open(session)
            self._send_waiting(page)
            if readable:
                self.last_page = page
            else:
                self.page = page
                self._machine.change(SessionState.ATTACHED)
            wakes, downloads = self._outbox.release()
            if not readable:
                wakes += self._on_each_page
        _release(page, wakes, downloads)

    def on_each_page(self, call: Callable[[], None]) -> Callable[[], None]:
        """Call ``call`` whenever the session continues on a page or after its reload. Return a function to stop that.

        It is called on the receiving thread, and must return quickly.
        """
        self._on_each_page = [*self._on_each_page, call]

        def stop() -> None:
            self._on_each_page = [each for each in self._on_each_page if each is not call]

        return stop

    def depart(
        self, where: str, left: Callable[[], object], *, gone: bool = False, begun: int | None = None
    ) -> Handover | None:
        """Leave the page for another one. Commands that have not started wait for the next page, in order.

        Parameters
        ----------
        where : str
            The session's new place, in the words that the former page shows.
        left : callable
            Called once, when the page has run all its messages or the wait for it ends; possibly before this returns.
        gone : bool
            Whether the page is gone and cannot answer.
        begun : int or None
            The number of the last frame that a dead page has run; None if unknown.

        Returns
        -------
        Handover or None
            The session's substitute on the former page; None if there is no page, or the session is closed.
        """
        session = self._session
        in_doubt: list[list[Any]] = []
        with self._lock, session.outputs.lock:
            page = self.page
            if page is None:
                return None
            handover = Handover(session, self, page, left)
            if gone:
                in_doubt, taken = page.abandon(handover, begun)
            else:
                taken = page.depart(handover)
            self._machine.change(SessionState.MOVING)
            self.page, self._away = None, False
            self.requeue(taken)
            handover.owe(self._pending.numbers() - loss.evals(self._outbox.texts()))
            answers = [] if gone else [each for each in taken if loss.is_answer(each[0])]
        page.release_drained()  # without the locks: it may close the session
        for text, buffers in answers:  # to calls of this page
            page.answer(self._number, text, tuple(buffers))
        if gone:
            self._functions.page_lost(page)
            loss.tell(session.outputs, in_doubt)
            page.leave_downloads(session)
            handover.lost(in_doubt, [])
        else:
            page.ask_to_leave(self._number, where)
        return handover

    def requeue(self, taken: Sequence[Taken]) -> set[int]:
        """Queue commands again that a page has not started. Return the numbers of the evals among them."""
        commands = [Encoded(text, tuple(buffers)) for text, buffers in taken if loss.is_command(text)]
        for command in commands:
            self._functions.taken_back(command.text)
        with self._lock, self._session.outputs.lock:
            self._outbox.put_back(commands, self._session.outputs)
        return loss.evals(command.text for command in commands)

    def lose(self, numbers: set[int]) -> None:
        """Let the calls of these evals raise PageLostError: a dead page may have run them."""
        self._pending.lose_these(numbers)

    def lose_functions(self, page: object) -> None:
        """Remove the functions of a page that is gone."""
        self._functions.page_lost(page)

    def lost(self, in_doubt: list[list[Any]], queued: list[str]) -> None:
        """Report the commands that the dead context may have run; see ``Channel.lost``."""
        to_run = loss.evals(queued)
        outputs = self._session.outputs
        wakes: list[Callable[[], None]] = []
        downloads: list[Download] = []
        with self._lock, outputs.lock:
            page = self.page or self.last_page
            if self.page is not None:
                self._away = False
                # The new context needs the outputs first, and then what the former one has not run.
                self.requeue(self.page.take_back(self._number))
                to_run |= loss.evals(self._outbox.texts())
                self._functions.page_lost(self.page)
                self._send_waiting(self.page)
                wakes, downloads = self._outbox.release()
                wakes += self._on_each_page
            elif page is not None:
                self._send_waiting(page)
        self._pending.lose(to_run)
        if page is not None:
            _release(page, wakes, downloads)
        loss.tell(outputs, in_doubt)

    def _send_waiting(self, page: Page) -> None:
        """Send the outputs and the commands that wait, in order. The caller holds both locks."""
        for command in self._outbox.send(page, self._number, self._session.outputs):
            self._functions.sent(command.text, page)

    # -- the end --------------------------------------------------------------------------------------

    def close(self) -> None:
        """Note that the session closes: its page only shows what it has. The caller holds the session's lock."""
        self.last_page, self.page, self._away = self.page, None, False

    def release_waiting(self) -> tuple[list[Callable[[], None]], list[Download]]:
        """Remove and return what waits for a page: functions to call, and downloads. The caller holds the lock."""
        return self._outbox.release()

    def release(self) -> Page | None:
        """Drop everything, and return the page. The caller holds the session's lock and that of the outputs."""
        page, self.last_page = self.last_page, None
        self._outbox.clear()
        return page


def _release(page: Page, wakes: Sequence[Callable[[], None]], downloads: Sequence[Download]) -> None:
    for download in downloads:
        download.start(page)
    for wake in wakes:
        wake()

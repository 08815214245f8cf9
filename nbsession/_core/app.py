"""An app in its session. The app lives until it has returned and nothing of it is left."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakSet

from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

if TYPE_CHECKING:
    import asyncio

    from .session import Session

ENDED = "the app has ended"

AppFunction = Callable[[], Any]


class Host(Protocol):
    """A place where apps run: the output of a notebook's cell, or a page of a server.

    Attributes
    ----------
    loop : asyncio.AbstractEventLoop or None
        The loop that coroutine apps share; None if each has its own.
    """

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """See above."""
        ...

    def go(self, session: Session, name: str, *, new_window: bool) -> None:
        """Run another app of the same ``start_server``, in place of the session's app or beside it."""
        ...


class App(ABC):
    """One run of an app.

    Parameters
    ----------
    session : Session
        The app's own session.
    name : str
        The app's name.
    host : Host
        The place where the app runs.

    Attributes
    ----------
    held : bool
        Whether its code has called ``hold``.
    pins : object
        Its pins; see ``nbsession.pin``.
    may_begin_again : bool
        Whether the reader may ask for a new session of the app after this one has closed.
    """

    def __init__(self, session: Session, name: str, host: Host) -> None:
        self.session = session
        self.name = name
        self.host = host
        self.local: dict[object, object] = {}
        self.pins: Any = None
        self.held: bool = False
        self.holders: int = 0
        self.may_begin_again: bool = False
        self._lock = InterruptSafeLock()
        self._returned = False
        self._threads: WeakSet[threading.Thread] = WeakSet()
        self._watched: WeakSet[threading.Thread] = WeakSet()
        session.set_app(self)

    @abstractmethod
    def start(self) -> None:
        """Start running the app. Returns at once."""

    def register(self, thread: threading.Thread) -> None:
        """Keep the session open while ``thread`` runs."""
        with self._lock:
            self._threads.add(thread)

    @property
    def computes(self) -> bool:
        """Whether the app's function runs in a thread of its own, and does not wait for the page."""
        return False

    def hold(self) -> None:
        """Keep the session open until its page is closed."""
        self.held = True

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Run the body, in which a thread or a task of the app only waits for the end of the session."""
        with self._lock:
            self.holders += 1
        try:
            yield
        finally:
            with self._lock:
                self.holders -= 1

    def allow_restart(self) -> None:
        """Let the reader ask for a new session of the app after this one has closed."""
        self.may_begin_again = True

    def forbid_restart(self) -> None:
        """Do not let the reader ask for further sessions of the app."""
        self.may_begin_again = False

    def returned(self) -> None:
        """Record that the app's function has returned."""
        self._returned = True
        self.finish_if_idle()

    def fail(self, error: BaseException) -> None:
        """Show an exception of the app's function. Close the session after the page has received everything."""
        self.session.failed(error)
        self._close_when_sent(f"the app failed: {type(error).__name__}")

    def finish_if_idle(self) -> None:
        """Close the session if the app has returned and no thread, task, button or download can use it any more."""
        session = self.session
        if not self._returned or self.held or session.closed is not None:
            return
        if (
            len(session.callbacks)
            or session.callbacks.busy
            or len(session.tasks)
            or session.delivery.downloading
        ):
            return
        thread = self._running_thread()
        if thread is not None:
            self._watch(thread)
        else:
            self._close_when_sent(ENDED)

    def _close_when_sent(self, reason: str) -> None:
        session = self.session
        if session.closed is not None:
            return
        page = session.page
        if page is None and session.delivery.anything_unsent:
            session.delivery.on_attach(lambda: self._close_when_sent(reason))
        elif page is not None and session.delivery.backlog():
            page.on_drained(lambda: self._close_when_sent(reason))
            if not session.delivery.backlog():  # it was sent in the meantime
                self._close_when_sent(reason)
        else:
            session.close(reason)

    def _running_thread(self) -> threading.Thread | None:
        with self._lock:
            threads = list(self._threads)
        return next((thread for thread in threads if thread.is_alive()), None)

    def _watch(self, thread: threading.Thread) -> None:
        """Check again when ``thread`` has ended."""
        with self._lock:
            if thread in self._watched:
                return
            self._watched.add(thread)

        def wait() -> None:
            thread.join()
            self.finish_if_idle()

        name = f"nbsession waits for {thread.name}"
        threading.Thread(target=wait, name=name, daemon=True).start()

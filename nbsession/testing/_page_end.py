"""The page's end of a link, in this process. Messages in both directions pass through the whole protocol."""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._link import Link, LinkSettings
from nbsession._server.wire.envelope import pack, unpack
from nbsession.exceptions import SessionException

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._core.values import Encoded
    from nbsession._link import Buffer

    Envelope = dict[str, Any]

# Seconds between two heartbeats, for platforms that end silent pages.
_ALIVE_EVERY = 60.0


class PageEnd:
    """Receives envelopes as a transport, runs them on a separate thread, and sends the page's messages.

    Parameters
    ----------
    context : str
        The page's context.

    Attributes
    ----------
    peer, header : str, dict
        A platform's description of a connection.
    """

    protocol = "fake"
    peer = "fake browser"
    ground = None

    def __init__(self, context: str) -> None:
        self.header: dict[str, Any] = {"session": self.peer}
        self._context = context
        self._link = Link(LinkSettings(ack_delay=0))
        self._queue: SimpleQueue[bytes | Callable[[], object] | None] = SimpleQueue()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="nbsession fake browser", daemon=True)

    def start(
        self,
        handle: Callable[[int, list[Any], Sequence[Buffer]], object],
        deliver: Callable[[Envelope, Sequence[Buffer]], object],
    ) -> None:
        """Start the page's thread.

        Parameters
        ----------
        handle : callable
            ``handle(channel, body, buffers)`` handles a message, on the page's thread.
        deliver : callable
            ``deliver(envelope, buffers)`` passes the page's messages to Python.
        """
        self._handle, self._deliver = handle, deliver
        self._thread.start()

    def close(self) -> None:
        """End the thread when it has handled its pending messages."""
        self._queue.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    # -- from Python: any thread ----------------------------------------------------------------

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        """Accept an envelope; see `Transport`."""
        self._queue.put(pack(envelope, buffers))

    def caught_up(self) -> None:
        """Wait until all messages sent so far have been handled.

        Raises
        ------
        SessionException
            If the page's thread has ended; ``__cause__`` is the exception that ended it.
        """
        if threading.current_thread() is self._thread:
            return
        done = threading.Event()
        self._queue.put(done.set)
        while not done.wait(0.1):
            if not self._thread.is_alive() and not done.is_set():
                msg = "the fake browser's page has ended"
                raise SessionException(msg) from self._failure

    def tell(self, channel: int, message: Encoded) -> None:
        """Send a message that is not an answer."""
        self._queue.put(lambda: self.send_message(channel, message))

    # -- the page's own thread ------------------------------------------------------------------

    def send_message(self, channel: int, message: Encoded) -> None:
        """Queue a message; it is sent when the current messages have run."""
        self._link.send(channel, message.text, message.buffers, now=monotonic())

    def _run(self) -> None:
        try:
            self._serve()
        except BaseException as error:
            self._failure = error
            raise

    def _serve(self) -> None:
        alive = monotonic()
        while True:
            try:
                item = self._queue.get(timeout=self._patience())
            except Empty:
                item = _nothing
            if item is None:
                return
            if callable(item):
                item()
            else:
                self._take(*unpack(item))
            # Messages are not collected: there is no wire on which many small frames are expensive.
            self._link.hurry()
            for out in self._link.transmit(monotonic()):
                envelope, buffers = unpack(pack({"context": self._context, "frame": out.frame}, out.buffers))
                self._deliver(envelope, buffers)
            if monotonic() - alive > _ALIVE_EVERY:
                alive = monotonic()
                self._deliver({"context": self._context, "alive": True}, ())

    def _patience(self) -> float:
        deadline = self._link.deadline()
        return _ALIVE_EVERY if deadline is None else min(_ALIVE_EVERY, max(0.0, deadline - monotonic()))

    def _take(self, envelope: Envelope, buffers: Sequence[Buffer]) -> None:
        if "frame" not in envelope:
            return
        for arrival in self._link.receive(envelope["frame"], buffers, monotonic()):
            for message in arrival.messages:
                self._handle(message.channel, message.body, message.buffers)


def _nothing() -> None:
    pass

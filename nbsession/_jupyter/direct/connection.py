"""One connection of the Jupyter server, which carries the socket of one page."""

from __future__ import annotations

from collections import deque
from threading import RLock
from typing import TYPE_CHECKING

from nbsession._server.wire.envelope import MOST_UNREAD

from .framing import LARGEST_UNPROVED, Reader, frame

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

# Larger objects would be mapped and unmapped for each message.
_CHUNK = 64 * 1024


class RelayConnection:
    """A non-blocking socket. `send` and `close` can be called on any thread, the rest on the listener's.

    Parameters
    ----------
    wire : socket.socket
        The accepted socket.
    blocked : callable
        Called with this object on any thread when it has something to write, or to be closed.
    until : float
        The time until which the page must have proved itself.

    Attributes
    ----------
    relayed : bool
        Whether the other end knows the address's secret.
    context : str or None
        The page that it belongs to, once that page has presented its key.
    ended : bool
        Whether it is to be closed.
    """

    def __init__(self, wire: socket.socket, blocked: Callable[[RelayConnection], None], until: float) -> None:
        self.wire = wire
        self.until = until
        self.relayed = False
        self.context: str | None = None
        self.ended = False
        self.reader = Reader(LARGEST_UNPROVED)
        self._blocked = blocked
        self._lock = RLock()
        self._outbox: deque[memoryview] = deque()
        self._unread = 0

    @property
    def waiting(self) -> bool:
        """Whether something could not be written yet."""
        return bool(self._outbox)

    def send(self, kind: int, content: bytes) -> None:
        """Send a message, without blocking. It is lost if the connection is."""
        message = frame(kind, content)
        with self._lock:
            if self.ended:
                return
            sent = 0
            if not self._outbox:
                try:
                    sent = self.wire.send(message)
                except BlockingIOError:
                    pass
                except OSError:  # the listener's thread sees the end as well
                    return
                if sent == len(message):
                    return
            self._outbox.append(memoryview(message)[sent:])
            self._unread += len(message) - sent
            if self._unread > MOST_UNREAD:
                self.ended = True
        self._blocked(self)

    def close(self) -> None:
        """Close it. What could not be written yet may be lost."""
        with self._lock:
            self.ended = True
        self._blocked(self)

    def write(self) -> None:
        """Write what has waited. Raises OSError if the connection is lost."""
        with self._lock:
            while self._outbox:
                first = self._outbox[0]
                try:
                    sent = self.wire.send(first)
                except BlockingIOError:
                    return
                self._unread -= sent
                if sent < len(first):
                    self._outbox[0] = first[sent:]
                    return
                self._outbox.popleft()

    def read(self) -> bool:
        """Read what has arrived into the reader. Return False at the end. Raises OSError if the connection is lost."""
        try:
            data = self.wire.recv(_CHUNK)
        except BlockingIOError:
            return True
        self.reader.feed(data)
        return bool(data)

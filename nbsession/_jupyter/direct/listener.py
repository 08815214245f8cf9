"""The thread that listens for the Jupyter server, and receives the messages of all direct sockets."""

from __future__ import annotations

import atexit
import contextlib
import logging
import selectors
import socket
import threading
import time
from hmac import compare_digest
from typing import TYPE_CHECKING

from nbsession._core.complaints import complain
from nbsession._server.wire.envelope import LARGEST
from nbsession._sync import forked

from .address_file import OpenAddress
from .connection import RelayConnection
from .framing import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("nbsession")

# The number of connections whose pages have not proved themselves.
_MOST_UNPROVED = 16
# Seconds of a pause if the process has no more file descriptors.
_PAUSE = 0.1


class Listener:
    """Listens from the start of its thread to the end of the process. Raises OSError if it cannot.

    Parameters
    ----------
    connection_file : str
        The kernel's.
    prove : callable
        ``prove(connection, kind, content)`` takes the first message of a page. If it returns True, the connection is
        that page's.
    receive : callable
        ``receive(connection, kind, content)`` takes the later messages. A ValueError closes the connection.
    lost : callable
        ``lost(connection)``: a page's connection is closed.

    All three are called on the listener's thread.

    Attributes
    ----------
    proved_within : float
        Seconds in which a page must prove itself. It may be changed at any time.
    server : socket.socket
        The listening socket.
    kind : str
        A description of its address.
    """

    def __init__(
        self,
        connection_file: str,
        prove: Callable[[RelayConnection, int, bytes], bool],
        receive: Callable[[RelayConnection, int, bytes], None],
        lost: Callable[[RelayConnection], None],
    ) -> None:
        self.proved_within = 10.0
        self._prove = prove
        self.receive = receive
        self._lost = lost
        self._address = OpenAddress(connection_file)
        self.kind = self._address.kind
        self.server = self._address.socket
        self._selector = selectors.DefaultSelector()
        self._bell, self._ringer = socket.socketpair()
        for end in (self._bell, self._ringer):
            end.settimeout(0)
        self._selector.register(self.server, selectors.EVENT_READ)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._connections: dict[RelayConnection, int] = {}  # and the events that are watched
        self._unproved: list[RelayConnection] = []  # the oldest first
        self._blocked: set[RelayConnection] = set()
        atexit.register(self._address.remove)
        forked.in_child(self._leave)
        self._thread = threading.Thread(target=self._run, name="nbsession-direct", daemon=True)
        self._thread.start()

    def _leave(self) -> None:
        """Close a forked child's copies. The files and the selector's content are the parent's."""
        atexit.unregister(self._address.remove)
        for wire in (self.server, self._bell, self._ringer, *(each.wire for each in self._connections)):
            wire.close()
        self._selector.close()

    def _run(self) -> None:
        while True:
            first = self._unproved[0].until - time.monotonic() if self._unproved else None
            for key, events in self._selector.select(first):
                if key.fileobj is self.server:
                    self._accept()
                elif key.fileobj is self._bell:
                    with contextlib.suppress(BlockingIOError):
                        self._bell.recv(4096)
                elif key.data in self._connections:
                    self._serve(key.data, events)
            while self._blocked:
                self._look(self._blocked.pop())
            while self._unproved and self._unproved[0].until <= time.monotonic():
                self._close(self._unproved[0])

    def _ring(self, connection: RelayConnection) -> None:
        """Let the thread look at a connection. Can be called on any thread."""
        self._blocked.add(connection)
        with contextlib.suppress(OSError):  # full: the thread wakes anyway
            self._ringer.send(b"\0")

    def _accept(self) -> None:
        try:
            wire, _ = self.server.accept()
        except BlockingIOError:
            return
        except OSError:
            time.sleep(_PAUSE)
            return
        wire.settimeout(0)
        if wire.family == socket.AF_INET:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = RelayConnection(wire, self._ring, time.monotonic() + self.proved_within)
        self._connections[connection] = selectors.EVENT_READ
        self._selector.register(wire, selectors.EVENT_READ, connection)
        self._unproved.append(connection)
        if len(self._unproved) > _MOST_UNPROVED:
            self._close(self._unproved[0])

    def _serve(self, connection: RelayConnection, events: int) -> None:
        try:
            if events & selectors.EVENT_WRITE:
                self._look(connection)
            if events & selectors.EVENT_READ and connection in self._connections:
                going_on = connection.read()
                while not connection.ended and (message := connection.reader.next()) is not None:
                    self._take(connection, *message)
                if not going_on or connection.ended:
                    self._close(connection)
        except OSError:
            self._close(connection)
        except ValueError as error:
            complain("a direct socket is closed: %s", error)
            self._close(connection)
        except Exception:
            log.exception("a direct socket is closed")
            self._close(connection)

    def _take(self, connection: RelayConnection, kind: int, content: bytes) -> None:
        if connection.context is not None:
            self.receive(connection, kind, content)
        elif not connection.relayed:
            if kind != SECRET or not compare_digest(content, self._address.secret):
                connection.ended = True
            connection.relayed = True
        elif self._prove(connection, kind, content):
            self._unproved.remove(connection)
            connection.reader.largest = LARGEST
        else:
            connection.ended = True

    def _look(self, connection: RelayConnection) -> None:
        """Write what waits, and watch for the chance to write the rest."""
        watched = self._connections.get(connection)
        if watched is None:
            return
        try:
            connection.write()
        except OSError:
            connection.ended = True
        if connection.ended:
            self._close(connection)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.waiting else 0)
        if wanted != watched:
            self._connections[connection] = wanted
            self._selector.modify(connection.wire, wanted, connection)

    def _close(self, connection: RelayConnection) -> None:
        if self._connections.pop(connection, None) is None:
            return
        connection.ended = True
        if connection in self._unproved:
            self._unproved.remove(connection)
        self._selector.unregister(connection.wire)
        connection.wire.close()
        if connection.context is not None:
            try:
                self._lost(connection)
            except Exception:
                log.exception("a page that has lost its direct socket could not return to the comm")

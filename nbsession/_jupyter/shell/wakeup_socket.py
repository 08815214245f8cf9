"""What wakes the kernel's main thread where it must answer other things while it waits."""

from __future__ import annotations

import contextlib
import socket
import threading

from nbsession._sync.interrupt_safe_lock import MAIN
from nbsession._sync.waiter import STRETCH, Waiter

__all__ = ["STRETCH", "Waiter", "WakeupSocket"]


class WakeupSocket:
    """Wakes the main thread out of a poll on sockets.

    A pair of sockets and not a pipe: on Windows only sockets can be polled.
    """

    def __init__(self) -> None:
        self._owner = threading.get_ident()
        self._receiver, self._sender = socket.socketpair()
        self._receiver.settimeout(0)
        self._sender.settimeout(0)
        self.fileno = self._receiver.fileno()

    def ring(self) -> None:
        """Wake the owner. Any thread; also a signal handler of the owner's, in the midst of its poll."""
        if MAIN.depth and threading.get_ident() == self._owner:
            return  # it is awake, handling what it has read
        with contextlib.suppress(BlockingIOError):  # full of rings: it will wake
            self._sender.send(b"\0")

    def clear(self) -> None:
        """Take back all rings. The owner's thread."""
        with contextlib.suppress(BlockingIOError):
            while self._receiver.recv(4096):
                pass

    def close(self) -> None:
        """Give the sockets back."""
        self._receiver.close()
        self._sender.close()

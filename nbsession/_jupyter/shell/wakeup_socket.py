"""A socket that wakes the kernel's main thread when it must answer other requests during a wait."""

from __future__ import annotations

import contextlib
import socket
import threading

from nbsession._sync.interrupt_safe_lock import MAIN
from nbsession._sync.waiter import STRETCH, Waiter

__all__ = ["STRETCH", "Waiter", "WakeupSocket"]


class WakeupSocket:
    """Wakes the main thread from a poll on sockets.

    It is a pair of sockets instead of a pipe: on Windows, only sockets can be polled.
    """

    def __init__(self) -> None:
        self._owner = threading.get_ident()
        self._receiver, self._sender = socket.socketpair()
        self._receiver.settimeout(0)
        self._sender.settimeout(0)
        self.fileno = self._receiver.fileno()

    def ring(self) -> None:
        """Wake the owner. Can be called on any thread, also in a signal handler during the owner's poll."""
        if MAIN.depth and threading.get_ident() == self._owner:
            return  # it is awake, processing what it has read
        with contextlib.suppress(BlockingIOError):  # full of wake-ups: it will wake
            self._sender.send(b"\0")

    def clear(self) -> None:
        """Consume all wake-ups. Must be called on the owner's thread."""
        with contextlib.suppress(BlockingIOError):
            while self._receiver.recv(4096):
                pass

    def close(self) -> None:
        """Close the sockets."""
        self._receiver.close()
        self._sender.close()

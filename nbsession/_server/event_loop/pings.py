"""Keeping a WebSocket open that nothing passes on, and finding out when nobody is at its other end any more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Heard(Protocol):
    """A socket that knows whether anything has come."""

    heard: bool

    def abort(self) -> None:
        """Close it without a word."""
        ...


class Pings:
    """Pings a socket again and again. On the loop's thread.

    Browsers answer pings by themselves, also while the page's JavaScript is busy.

    Parameters
    ----------
    wire : Heard
        The socket. It is aborted when nothing has come from one ping to the next.
    ping : callable
        Sends a ping.
    every : float
        Seconds.
    """

    def __init__(self, wire: Heard, ping: Callable[[], None], every: float) -> None:
        self._wire = wire
        self._ping = ping
        self._every = every
        self._timer = asyncio.get_running_loop().call_later(every, self.look)

    def look(self) -> None:
        """Ping it, or end it."""
        if not self._wire.heard:
            self._wire.abort()  # a machine on the way is gone, and has not said so
            return
        self._wire.heard = False
        self._ping()
        self._timer = asyncio.get_running_loop().call_later(self._every, self.look)

    def suspend(self) -> None:
        """Send no pings until `resume`: the socket is not read meanwhile."""
        self._timer.cancel()

    def resume(self) -> None:
        """Send pings again, the first one after the usual time."""
        self._wire.heard = True
        self._timer = asyncio.get_running_loop().call_later(self._every, self.look)

    def stop(self) -> None:
        """Ping it no more."""
        self._timer.cancel()

"""Pings that keep an idle WebSocket open and detect when the other end is gone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Heard(Protocol):
    """A socket that records whether anything has arrived."""

    heard: bool

    def abort(self) -> None:
        """Close the socket without a close frame."""
        ...


class Pings:
    """Pings a socket periodically. Must be used on the loop's thread.

    Browsers answer pings by themselves, even while the page's JavaScript is busy.

    Parameters
    ----------
    wire : Heard
        The socket. It is aborted if nothing has arrived between two pings.
    ping : callable
        Sends a ping.
    every : float
        Seconds between pings.
    """

    def __init__(self, wire: Heard, ping: Callable[[], None], every: float) -> None:
        self._wire = wire
        self._ping = ping
        self._every = every
        self._timer = asyncio.get_running_loop().call_later(every, self.look)

    def look(self) -> None:
        """Ping the socket, or abort it."""
        if not self._wire.heard:
            self._wire.abort()  # the other end vanished without closing the connection
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
        """Stop pinging."""
        self._timer.cancel()

"""The queue of a session's commands that wait in Python for its first page."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._link import Buffer

    from .download_channel import Download
    from .values import Encoded


class _Page(Protocol):
    """The part of a page that is used here."""

    def send(self, channel: int, text: str, buffers: Sequence[Buffer] = ()) -> None:
        """Queue one message."""
        ...


class Outbox:
    """Commands, downloads, and callbacks that wait for the page. The caller holds the session's lock.

    Attributes
    ----------
    bytes : int
        The size of the commands.
    dropped : int
        The number of commands that were dropped to make room.
    downloads : list of Download
        The downloads to start when the page attaches.
    wakes : list of callable
        Functions to call when the page attaches or the session is closed.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self.dropped = 0
        self.downloads: list[Download] = []
        self.wakes: list[Callable[[], None]] = []
        self._commands: deque[Encoded] = deque()

    def __bool__(self) -> bool:
        return bool(self._commands or self.downloads)

    @property
    def commands(self) -> int:
        """Return the number of commands that wait or were dropped."""
        return len(self._commands) + self.dropped

    def add(self, command: Encoded) -> None:
        self._commands.append(command)
        self.bytes += _size(command)

    def add_download(self, download: Download) -> None:
        self.downloads.append(download)

    def add_wake(self, wake: Callable[[], None]) -> None:
        self.wakes.append(wake)

    def put_back(self, commands: Sequence[Encoded]) -> None:
        """Insert commands before those that wait."""
        self._commands.extendleft(reversed(commands))
        self.bytes += sum(map(_size, commands))

    def undo(self, command: Encoded) -> None:
        """Remove an added entry if it still waits, by identity, not by equality."""
        for index, each in enumerate(self._commands):
            if each is command:
                del self._commands[index]
                self.bytes -= _size(command)
                return

    def undo_download(self, download: Download) -> None:
        """Remove a download if it has not been started."""
        if download in self.downloads:
            self.downloads.remove(download)

    def discard(self, command: Encoded) -> None:
        """Remove a command if it still waits."""
        if command in self._commands:
            self._commands.remove(command)
            self.bytes -= _size(command)

    def send(self, page: _Page, channel: int) -> None:
        """Send the commands, in order."""
        for text, buffers in self._commands:
            page.send(channel, text, buffers)
        self.clear()

    def drop_oldest(self, limit: int) -> None:
        """Drop commands until the rest is no larger than ``limit`` bytes."""
        while self.bytes > limit:
            self.bytes -= _size(self._commands.popleft())
            self.dropped += 1

    def clear(self) -> None:
        """Drop the commands."""
        self._commands.clear()
        self.bytes = 0

    def release(self) -> tuple[list[Callable[[], None]], list[Download]]:
        """Remove and return the wakes and the downloads."""
        wakes, self.wakes = self.wakes, []
        downloads, self.downloads = self.downloads, []
        return wakes, downloads


def _size(command: Encoded) -> int:
    return len(command.text) + sum(map(_length, command.buffers))


def _length(buffer: Buffer) -> int:
    return memoryview(buffer).nbytes

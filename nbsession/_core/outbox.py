"""What waits in Python for a session's first page."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._link import Buffer

    from .download_channel import Download
    from .page import Page
    from .values import Encoded


class Outbox:
    """Commands, downloads, and whoever is to be told of the page. The caller holds the session's lock.

    Attributes
    ----------
    bytes : int
        The size of the commands.
    dropped : int
        How many commands were forgotten to make room.
    downloads : list of Download
        Started when the page is there.
    wakes : list of callable
        Called when the page is there, or the session is closed.
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
        """How many commands wait, or were forgotten."""
        return len(self._commands) + self.dropped

    def add(self, command: Encoded) -> None:
        self._commands.append(command)
        self.bytes += _size(command)

    def add_download(self, download: Download) -> None:
        self.downloads.append(download)

    def add_wake(self, wake: Callable[[], None]) -> None:
        self.wakes.append(wake)

    def put_back(self, commands: Sequence[Encoded]) -> None:
        """Have commands wait again, before those that wait."""
        self._commands.extendleft(reversed(commands))
        self.bytes += sum(map(_size, commands))

    def undo(self, command: Encoded) -> None:
        """Take back what was added, if it is still here: itself, not another one that says the same."""
        for index, each in enumerate(self._commands):
            if each is command:
                del self._commands[index]
                self.bytes -= _size(command)
                return

    def undo_download(self, download: Download) -> None:
        """Take back a download, if it has not been started."""
        if download in self.downloads:
            self.downloads.remove(download)

    def discard(self, command: Encoded) -> None:
        """Take a command back, if it is still here."""
        if command in self._commands:
            self._commands.remove(command)
            self.bytes -= _size(command)

    def send(self, page: Page, channel: int) -> None:
        """Send the commands, in order."""
        for text, buffers in self._commands:
            page.send(channel, text, buffers)
        self.clear()

    def drop_oldest(self, limit: int) -> None:
        """Forget commands until the rest is no larger than ``limit`` bytes."""
        while self.bytes > limit:
            self.bytes -= _size(self._commands.popleft())
            self.dropped += 1

    def clear(self) -> None:
        """Forget the commands."""
        self._commands.clear()
        self.bytes = 0

    def release(self) -> tuple[list[Callable[[], None]], list[Download]]:
        """Return the wakes and the downloads, which wait no more."""
        wakes, self.wakes = self.wakes, []
        downloads, self.downloads = self.downloads, []
        return wakes, downloads


def _size(command: Encoded) -> int:
    return len(command.text) + sum(map(_length, command.buffers))


def _length(buffer: Buffer) -> int:
    return memoryview(buffer).nbytes

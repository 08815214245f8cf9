"""The queue of a session's commands that wait in Python for its first page.

The first page shows the outputs as they are when it attaches. If commands wait, it needs them as they were before the
first of these, and then the changes, in the order of the calls: the queue records them, too.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._link import Buffer

    from .download_channel import Download
    from .outputs import Outputs
    from .values import Encoded


# Above this number of recorded bytes, the page gets all outputs before the commands instead.
_MOST_RECORDED = 8 * 1024 * 1024


class _Output(NamedTuple):
    """A recorded change of the outputs."""

    message: Encoded


class _Page(Protocol):
    """The part of a page that is used here."""

    def send(self, channel: int, text: str, buffers: Sequence[Buffer] = ()) -> None:
        """Queue one message."""
        ...


class Outbox:
    """Commands, downloads, and callbacks that wait for the page. The caller holds the session's lock.

    Where entries are added to the queue or removed from it, the caller also holds the lock of the outputs, except for
    `record`, which needs only the latter.

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
    recording : bool
        Whether changes of the outputs are recorded.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self.dropped = 0
        self.downloads: list[Download] = []
        self.wakes: list[Callable[[], None]] = []
        self.recording = False
        self._before: Encoded | None = None  # the outputs before the first command
        self._recorded = 0  # bytes
        self._count = 0  # the commands in the queue
        self._queue: deque[Encoded | _Output] = deque()

    def __bool__(self) -> bool:
        return bool(self._count or self.downloads)

    @property
    def commands(self) -> int:
        """Return the number of commands that wait or were dropped."""
        return self._count + self.dropped

    def texts(self) -> list[str]:
        """Return the commands, as JSON texts."""
        return [entry.text for entry in self._queue if not isinstance(entry, _Output)]

    def add(self, command: Encoded, outputs: Outputs) -> None:
        """Add a command. Before the first one, keep the outputs as they are."""
        if not self._count:
            self._begin(outputs)
        self._append(command)

    def _begin(self, outputs: Outputs) -> None:
        self._queue.clear()  # changes after commands that are gone
        self._recorded = 0
        self.recording = True
        self._before = outputs.snapshot() if len(outputs) else None

    def record(self, change: Encoded) -> None:
        """Add a change of the outputs, if changes are recorded. The caller holds the lock of the outputs."""
        if not self.recording:
            return
        self._recorded += _size(change)
        if self._recorded > _MOST_RECORDED:
            self.recording = False
        else:
            self._queue.append(_Output(change))

    def add_download(self, download: Download) -> None:
        self.downloads.append(download)

    def add_wake(self, wake: Callable[[], None]) -> None:
        self.wakes.append(wake)

    def put_back(self, commands: Sequence[Encoded], outputs: Outputs) -> None:
        """Insert commands before those that wait."""
        if commands and not self._count:
            self._begin(outputs)
        self._queue.extendleft(reversed(commands))
        self._count += len(commands)
        self.bytes += sum(map(_size, commands))

    def undo(self, command: Encoded) -> None:
        """Remove an added entry if it still waits, by identity, not by equality."""
        self._remove(lambda each: each is command)

    def undo_download(self, download: Download) -> None:
        """Remove a download if it has not been started."""
        if download in self.downloads:
            self.downloads.remove(download)

    def discard(self, command: Encoded) -> bool:
        """Remove a command if it still waits. Return whether it did."""
        return self._remove(lambda each: each == command)

    def send(self, page: _Page, channel: int, outputs: Outputs) -> list[Encoded]:
        """Send the outputs and the commands, in order. Return the commands."""
        commands = []
        ordered = self.recording
        before = self._before if ordered else (outputs.snapshot() if len(outputs) else None)
        if before is not None:
            page.send(channel, *before)
        for entry in self._queue:
            if not isinstance(entry, _Output):
                page.send(channel, *entry)
                commands.append(entry)
            elif ordered:
                page.send(channel, *entry.message)
        self.clear()
        return commands

    def drop_oldest(self, limit: int) -> list[Encoded]:
        """Drop commands until the rest is no larger than ``limit`` bytes. Return the dropped ones."""
        dropped = []
        self.recording = False
        while self.bytes > limit:
            entry = self._queue.popleft()
            if not isinstance(entry, _Output):
                self.bytes -= _size(entry)
                self._count -= 1
                self.dropped += 1
                dropped.append(entry)
        return dropped

    def clear(self) -> None:
        """Drop the commands."""
        self._queue.clear()
        self.recording = False
        self._before = None
        self.bytes = self._count = self._recorded = 0

    def release(self) -> tuple[list[Callable[[], None]], list[Download]]:
        """Remove and return the wakes and the downloads."""
        wakes, self.wakes = self.wakes, []
        downloads, self.downloads = self.downloads, []
        return wakes, downloads

    def _append(self, command: Encoded) -> None:
        self._queue.append(command)
        self._count += 1
        self.bytes += _size(command)

    def _remove(self, matches: Callable[[object], bool]) -> bool:
        for index, each in enumerate(self._queue):
            if not isinstance(each, _Output) and matches(each):
                del self._queue[index]
                self._count -= 1
                self.bytes -= _size(each)
                return True
        return False


def _size(command: Encoded) -> int:
    return len(command.text) + sum(map(_length, command.buffers))


def _length(buffer: Buffer) -> int:
    return memoryview(buffer).nbytes

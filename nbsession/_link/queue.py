"""Messages that wait to be sent: a queue per channel, and the order of the channels."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from .message import Buffer, Message, decode, flat


class OutgoingMessage:
    """A message with its own buffers, or a large one.

    Its buffers are not copied, only sliced, until the frame that completes it is acknowledged.
    """

    __slots__ = ("buffers", "sent", "size", "text")

    def __init__(self, text: str, buffers: Sequence[Buffer]) -> None:
        self.text = text
        self.buffers = [flat(buffer) for buffer in buffers]
        self.size = len(text) + sum(view.nbytes for view in self.buffers)
        self.sent = 0
        """The number of bytes that are already in frames, as fragments."""

    @property
    def lengths(self) -> list[int]:
        return [len(self.text), *(view.nbytes for view in self.buffers)]

    def cut(self, size: int) -> Buffer:
        """Return the next `size` bytes. They are copied only if they span several parts of the message."""
        start, end = self.sent, self.sent + size
        self.sent = end
        slices: list[Buffer] = []
        if start < len(self.text):
            slices.append(self.text[start:end].encode("ascii"))
        offset = len(self.text)
        for view in self.buffers:
            if start < offset + view.nbytes and end > offset:
                slices.append(view[max(0, start - offset) : end - offset])
            offset += view.nbytes
        return slices[0] if len(slices) == 1 else b"".join(slices)


Entry = str | OutgoingMessage
"""A queued message; plain text if it has no buffers, because most messages are small and numerous."""


Taken = tuple[str, Sequence[Buffer]]
"""A message that was taken back: its JSON text and its buffers."""


def as_taken(entry: Entry) -> Taken:
    """Return a queued message in its original form."""
    return (entry, ()) if isinstance(entry, str) else (entry.text, entry.buffers)


def as_message(channel: int, entry: Entry) -> Message:
    """Return a sent message in the form that its receiver would have seen."""
    if isinstance(entry, str):
        return Message(channel, decode(entry.encode()))
    return Message(channel, decode(entry.text.encode()), list(entry.buffers))


class ChannelQueue:
    """The messages that wait on one channel, and their size."""

    __slots__ = ("bytes", "entries")

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque()
        self.bytes = 0


class Outbox:
    """The queues of all channels that have something to send.

    `ring` contains the channels in the order of their turns, except for channel 0, which precedes all others.
    """

    __slots__ = ("bytes", "fragment", "ring")

    def __init__(self, fragment: int) -> None:
        self.fragment = fragment
        self.bytes = 0
        self.ring: dict[int, ChannelQueue] = {}

    def put(self, channel: int, text: str, buffers: Sequence[Buffer]) -> None:
        """Queue a message."""
        if not text.isascii():
            msg = "the JSON text of a message must be ASCII: encode it with ensure_ascii"
            raise ValueError(msg)
        entry: Entry = text
        size = len(text)
        if buffers or size > self.fragment:
            entry = OutgoingMessage(text, buffers)
            size = entry.size
        queue = self.ring.get(channel)
        if queue is None:
            queue = self.ring[channel] = ChannelQueue()
        queue.entries.append(entry)
        self._count(queue, size)

    def texts(self, channel: int) -> list[str]:
        """Return the JSON texts of a channel's queued messages."""
        queue = self.ring.get(channel)
        entries = () if queue is None else queue.entries
        return [entry if isinstance(entry, str) else entry.text for entry in entries]

    def put_back(self, channel: int, entries: Sequence[Entry]) -> None:
        """Queue messages again, before the channel's other messages."""
        queue = self.ring.get(channel)
        if queue is None:
            queue = self.ring[channel] = ChannelQueue()
        queue.entries.extendleft(reversed(entries))
        self._count(queue, sum(rewound(entry) for entry in entries))

    def rewind(self) -> None:
        """Send partly sent messages again from their first byte."""
        for queue in self.ring.values():
            self.rewind_channel(queue)

    def drop(self, channel: int) -> None:
        """Drop the queued messages of a channel, except for a partly sent one, whose rest the peer expects."""
        queue = self.ring.get(channel)
        if queue is None:
            return
        head = queue.entries[0]
        begun = isinstance(head, OutgoingMessage) and head.sent > 0
        self._count(queue, -queue.bytes)
        queue.entries.clear()
        if isinstance(head, OutgoingMessage) and begun:
            queue.entries.append(head)
            self._count(queue, head.size - head.sent)
        else:
            del self.ring[channel]

    def take(self, channel: int, *, begun: bool = False) -> list[Entry]:
        """Remove and return a channel's messages.

        A partly sent one is kept, because its peer expects the rest. With ``begun``, for a peer that is gone, it is
        removed.
        """
        queue = self.ring.get(channel)
        if queue is None:
            return []
        if begun:
            self.rewind_channel(queue)
        entries = list(queue.entries)
        self.drop(channel)
        return entries[1:] if channel in self.ring else entries

    def begun(self, channel: int) -> list[Entry]:
        """Return the partly sent message, if any."""
        queue = self.ring.get(channel)
        head = None if queue is None else queue.entries[0]
        return [head] if isinstance(head, OutgoingMessage) and head.sent else []

    def rewind_channel(self, queue: ChannelQueue) -> None:
        """Send a channel's partly sent message again from its first byte."""
        head = queue.entries[0]
        if isinstance(head, OutgoingMessage) and head.sent:
            self._count(queue, head.sent)
            head.sent = 0

    def next_size(self, entry: Entry) -> int:
        """Return the size of a queued message, or of the next fragment of a large one."""
        if isinstance(entry, str):
            return len(entry)
        return min(self.fragment, entry.size - entry.sent) if entry.size > self.fragment else entry.size

    def next_channel(self, room: int) -> int | None:
        """Return the next channel whose next message or fragment fits into `room` bytes."""
        ring = self.ring
        channels: Iterable[int] = (0,) if 0 in ring else ring
        for channel in channels:
            if self.next_size(ring[channel].entries[0]) <= room:
                return channel
        return None

    def end_turn(self, channel: int, taken: int) -> None:
        """Record that a channel has had its turn and that `taken` bytes of its queue are now in a frame."""
        queue = self.ring.pop(channel)
        self._count(queue, -taken)
        if queue.entries:
            self.ring[channel] = queue

    def _count(self, queue: ChannelQueue, change: int) -> None:
        queue.bytes += change
        self.bytes += change


def rewound(entry: Entry) -> int:
    """Reset a message to its first byte. Return its size."""
    if isinstance(entry, str):
        return len(entry)
    entry.sent = 0
    return entry.size

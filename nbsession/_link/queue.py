"""What waits to be sent: a queue per channel, and the ring that gives each its turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from .message import Buffer, Message, decode, flat


class OutgoingMessage:
    """A message with buffers of its own, or a large one.

    Its buffers are kept as they were given, and sliced without copying, until the frame that ends it is acknowledged.
    """

    __slots__ = ("buffers", "sent", "size", "text")

    def __init__(self, text: str, buffers: Sequence[Buffer]) -> None:
        self.text = text
        self.buffers = [flat(buffer) for buffer in buffers]
        self.size = len(text) + sum(view.nbytes for view in self.buffers)
        self.sent = 0
        """Bytes that have gone into frames as fragments."""

    @property
    def lengths(self) -> list[int]:
        return [len(self.text), *(view.nbytes for view in self.buffers)]

    def cut(self, size: int) -> Buffer:
        """Return the next `size` bytes: copied only where they cross from one part of the message into the next."""
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
"""A queued message: plain text where that is all there is, since most messages are small and many."""


Taken = tuple[str, Sequence[Buffer]]
"""A message of ours that was taken back: its JSON text and its buffers."""


def as_taken(entry: Entry) -> Taken:
    """Return a queued message as it was given."""
    return (entry, ()) if isinstance(entry, str) else (entry.text, entry.buffers)


def as_message(channel: int, entry: Entry) -> Message:
    """Return a message of ours as its receiver would have seen it."""
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

    `ring` is in the order in which the channels have their turns, but for channel 0, which comes before all others.
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
        """Return the JSON texts of what a channel has queued."""
        queue = self.ring.get(channel)
        entries = () if queue is None else queue.entries
        return [entry if isinstance(entry, str) else entry.text for entry in entries]

    def put_back(self, channel: int, entries: Sequence[Entry]) -> None:
        """Queue messages again, before what the channel has queued."""
        queue = self.ring.get(channel)
        if queue is None:
            queue = self.ring[channel] = ChannelQueue()
        queue.entries.extendleft(reversed(entries))
        self._count(queue, sum(rewound(entry) for entry in entries))

    def rewind(self) -> None:
        """Begin messages of which fragments were sent from their first byte again."""
        for queue in self.ring.values():
            self.rewind_channel(queue)

    def drop(self, channel: int) -> None:
        """Forget what a channel has queued. A message of which fragments were sent stays: its peer awaits the rest."""
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
        """Take a channel's messages back.

        One of which fragments were sent stays, since its peer waits for the rest; unless with ``begun``, for a peer
        that is gone.
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
        """Return the message of which fragments were sent, if there is one."""
        queue = self.ring.get(channel)
        head = None if queue is None else queue.entries[0]
        return [head] if isinstance(head, OutgoingMessage) and head.sent else []

    def rewind_channel(self, queue: ChannelQueue) -> None:
        """Begin a channel's message of which fragments were sent from its first byte again."""
        head = queue.entries[0]
        if isinstance(head, OutgoingMessage) and head.sent:
            self._count(queue, head.sent)
            head.sent = 0

    def next_size(self, entry: Entry) -> int:
        """Return the size of a queued message, or of its next fragment if it is large."""
        if isinstance(entry, str):
            return len(entry)
        return min(self.fragment, entry.size - entry.sent) if entry.size > self.fragment else entry.size

    def next_channel(self, room: int) -> int | None:
        """Return the channel whose turn it is among those whose next message or fragment fits into `room` bytes."""
        ring = self.ring
        channels: Iterable[int] = (0,) if 0 in ring else ring
        for channel in channels:
            if self.next_size(ring[channel].entries[0]) <= room:
                return channel
        return None

    def end_turn(self, channel: int, taken: int) -> None:
        """Note that a channel has had its turn and that `taken` bytes of its queue are now in a frame."""
        queue = self.ring.pop(channel)
        self._count(queue, -taken)
        if queue.entries:
            self.ring[channel] = queue

    def _count(self, queue: ChannelQueue, change: int) -> None:
        queue.bytes += change
        self.bytes += change


def rewound(entry: Entry) -> int:
    """Begin a message from its first byte again; return its size."""
    if isinstance(entry, str):
        return len(entry)
    entry.sent = 0
    return entry.size

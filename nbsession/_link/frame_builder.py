"""Fills frames from the queues."""

from __future__ import annotations

from collections.abc import Sequence

from .message import Buffer
from .queue import Entry, Outbox, OutgoingMessage
from .settings import LinkSettings


class FrameBuilder:
    """A frame that is being filled.

    `owns` lists the messages that the frame completes, by channel, in order. They are queued again if the peer never
    starts the frame.
    """

    __slots__ = ("buffers", "items", "owns", "size")

    def __init__(self) -> None:
        self.items: list[list[object]] = []
        self.buffers: list[Buffer] = []
        self.owns: list[tuple[int, Sequence[Entry]]] = []
        self.size = 0

    def add_batch(self, channel: int, texts: list[str]) -> None:
        self.items.append([channel, 1])
        self.buffers.append(f"[{','.join(texts)}]".encode("ascii"))
        self.owns.append((channel, texts))

    def add_message(self, channel: int, message: OutgoingMessage) -> None:
        self.items.append([channel, 1 + len(message.buffers)])
        self.buffers.append(f"[{message.text}]".encode("ascii"))
        self.buffers.extend(message.buffers)
        self.owns.append((channel, [message]))

    def add_fragment(self, channel: int, message: OutgoingMessage, size: int) -> bool:
        """Add the next fragment of a large message. Return whether it was the last one."""
        self.items.append([channel, 1, 0 if message.sent else message.lengths])
        self.buffers.append(message.cut(size))
        if message.sent < message.size:
            return False
        self.owns.append((channel, [message]))
        return True


def fill(outbox: Outbox, settings: LinkSettings, *, room: int, anything: bool) -> FrameBuilder:
    """Fill a frame from the channels in turn.

    Parameters
    ----------
    room
        The maximum size of the frame in bytes.
    anything
        Whether the first message or fragment is taken even if it is larger than `room`.
    """
    builder = FrameBuilder()
    while builder.size < settings.batch:
        channel = outbox.next_channel(
            outbox.fragment if anything and not builder.items else room - builder.size
        )
        if channel is None:
            break
        _take_turn(builder, outbox, channel, settings, room)
    return builder


def _take_turn(
    builder: FrameBuilder, outbox: Outbox, channel: int, settings: LinkSettings, room: int
) -> None:
    # Runs for every message that is sent. The common case, plain text, calls no other function of this package.
    entries = outbox.ring[channel].entries
    allowed = min(settings.turn, room - builder.size)
    closing = settings.batch - builder.size
    taken = 0
    texts: list[str] = []
    while entries and taken < closing:
        entry = entries[0]
        if isinstance(entry, str):
            size = len(entry)
            if taken and taken + size > allowed:
                break
            taken += size
            texts.append(entry)
            entries.popleft()
            continue
        size = outbox.next_size(entry)
        if taken and taken + size > allowed:
            break
        taken += size
        if texts:
            builder.add_batch(channel, texts)
            texts = []
        if entry.size <= outbox.fragment:
            builder.add_message(channel, entry)
            entries.popleft()
        elif builder.add_fragment(channel, entry, size):
            entries.popleft()
    if texts:
        builder.add_batch(channel, texts)
    builder.size += taken
    outbox.end_turn(channel, taken)

"""Filling a frame from the queues."""

from __future__ import annotations

from collections.abc import Sequence

from .message import Buffer
from .queue import Entry, Outbox, Parcel
from .settings import LinkSettings


class Draft:
    """A frame being filled.

    `owns` lists the messages that the frame completes, by channel, in order: what comes back if it is never begun.
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

    def add_parcel(self, channel: int, parcel: Parcel) -> None:
        self.items.append([channel, 1 + len(parcel.buffers)])
        self.buffers.append(f"[{parcel.text}]".encode("ascii"))
        self.buffers.extend(parcel.buffers)
        self.owns.append((channel, [parcel]))

    def add_piece(self, channel: int, parcel: Parcel, size: int) -> bool:
        """Add the next piece of a large message; return whether it was the last."""
        self.items.append([channel, 1, 0 if parcel.sent else parcel.lengths])
        self.buffers.append(parcel.cut(size))
        if parcel.sent < parcel.size:
            return False
        self.owns.append((channel, [parcel]))
        return True


def fill(outbox: Outbox, settings: LinkSettings, *, room: int, anything: bool) -> Draft:
    """Fill a frame with what has its turn.

    Parameters
    ----------
    room
        Bytes that the frame may hold.
    anything
        The first message or piece is taken even if it is larger than `room`.
    """
    draft = Draft()
    while draft.size < settings.batch:
        channel = outbox.next_channel(outbox.piece if anything and not draft.items else room - draft.size)
        if channel is None:
            break
        _take_turn(draft, outbox, channel, settings, room)
    return draft


def _take_turn(draft: Draft, outbox: Outbox, channel: int, settings: LinkSettings, room: int) -> None:
    # Runs for every message sent: the common case, plain text, calls nothing of ours.
    entries = outbox.ring[channel].entries
    allowed = min(settings.turn, room - draft.size)
    closing = settings.batch - draft.size
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
            draft.add_batch(channel, texts)
            texts = []
        if entry.size <= outbox.piece:
            draft.add_parcel(channel, entry)
            entries.popleft()
        elif draft.add_piece(channel, entry, size):
            entries.popleft()
    if texts:
        draft.add_batch(channel, texts)
    draft.size += taken
    outbox.end_turn(channel, taken)

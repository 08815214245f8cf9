"""The numbers of the protocol, in one place, so that tests can make them tiny."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """How a link batches, paces and repairs. Sizes are in bytes, times in seconds.

    Parameters
    ----------
    fragment
        A message larger than this is split into fragments of this size.
    batch
        A frame is closed at this size, and so much queued does not wait for an acknowledgement.
    turn
        What one channel may put into a frame before the next channel's turn.
    gather
        How long messages gather while frames are in flight.
    window_bytes, window_frames
        What may be in flight.
    probe_first, probe_longest
        Pause before the first probe of a flight without progress, and the longest one (it doubles).
    resend_pause
        A frame reported missing is not sent again sooner than this after its last transmission, unless probed since.
    ack_delay, ack_frames, ack_bytes
        When an acknowledgement goes alone: after this time, this many frames, or this many bytes.
    ack_bulk_delay
        A frame of `batch` or more bytes waits at least this long for others that are acknowledged with it.
    ahead_frames, ahead_bytes
        How far ahead of a gap frames are kept, and how much of them. A peer that keeps to its window sends no more.
    most_contents
        A received frame with more messages and fragments is refused: each becomes an object, however small it is. A
        frame is closed at `batch` bytes, into which fewer of them go.
    largest_message
        A received message that declares more than this is refused.
    largest_unfinished
        So is one with which the messages that have begun to arrive in fragments would declare more than this together.
    parse_at_once
        The body of a large message whose JSON text has more bytes is `Unparsed`.
    """

    fragment: int = MIB
    batch: int = 256 * KIB
    turn: int = 64 * KIB
    gather: float = 0.004
    window_bytes: int = 4 * MIB
    window_frames: int = 32
    probe_first: float = 1.0
    probe_longest: float = 10.0
    resend_pause: float = 0.25
    ack_delay: float = 0.25
    ack_frames: int = 4
    ack_bytes: int = 1536 * KIB
    ack_bulk_delay: float = 0.05
    ahead_frames: int = 64
    ahead_bytes: int = 8 * MIB
    most_contents: int = 64 * KIB
    largest_message: int = 4096 * MIB
    largest_unfinished: int = 4096 * MIB
    parse_at_once: int = 4096 * MIB

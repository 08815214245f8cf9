"""The constants of the protocol, in one place, so that tests can make them tiny."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Settings for the batching, pacing and recovery of a link. Sizes are in bytes, times in seconds.

    Parameters
    ----------
    fragment
        The size of fragments. Larger messages are split.
    batch
        The size at which a frame is closed. This much queued data does not wait for an acknowledgement.
    turn
        The maximum that one channel puts into a frame before the next channel's turn.
    gather
        The time for which messages are collected while frames are in flight.
    window_bytes, window_frames
        The maximum in flight.
    probe_first, probe_longest
        The pause before the first probe if nothing is acknowledged, and the longest pause (it doubles each time).
    resend_pause
        The minimum time between two transmissions of a frame that is reported missing, unless a probe was sent in
        between.
    ack_delay, ack_frames, ack_bytes
        The limits after which an acknowledgement is sent alone: time, number of frames, number of bytes.
    ack_bulk_delay
        The minimum time for which a frame of `batch` or more bytes waits for others to be acknowledged with it.
    ahead_frames, ahead_bytes
        The number of frames after a gap that are kept, and their size. A peer that respects its window sends no more.
    most_contents
        The maximum number of messages and fragments in a received frame: each becomes an object, however small it is.
        Frames that are closed at `batch` bytes contain fewer.
    largest_message
        The maximum size that a received message may declare.
    largest_unfinished
        The maximum total size that incomplete messages may declare.
    parse_at_once
        The size above which the JSON text of a large message is not parsed: its body is then `Unparsed`.
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

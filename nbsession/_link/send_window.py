"""Frames that were sent and not acknowledged yet: acknowledgement, probing, retransmission."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import ProtocolError
from .frame_builder import FrameBuilder
from .settings import LinkSettings


class InFlight:
    """A numbered frame that was sent, with everything needed to send it again or to take its messages back."""

    __slots__ = ("builder", "number", "sent_at", "sent_order")

    def __init__(self, number: int, builder: FrameBuilder, sent_at: float, sent_order: int) -> None:
        self.number = number
        self.builder = builder
        self.sent_at = sent_at
        self.sent_order = sent_order
        """The position of its last transmission among all transmissions and probes, whose times may be equal."""


class SendWindow:
    """The frames in flight, always numbered without gaps up to the last one sent."""

    __slots__ = (
        "_order",
        "_pause",
        "_probed_order",
        "_settings",
        "acked",
        "bytes",
        "frames",
        "last",
        "probe_at",
        "wanted",
    )

    def __init__(self, settings: LinkSettings) -> None:
        self._settings = settings
        self._order = 0
        self._probed_order = 0
        self._pause = settings.probe_first
        self.frames: dict[int, InFlight] = {}
        self.bytes = 0
        self.last = 0
        self.acked = 0
        self.probe_at = 0.0
        self.wanted: dict[int, float] = {}
        """Frames that the peer misses, and the times at which they may be sent again."""

    def launch(self, builder: FrameBuilder, now: float) -> InFlight:
        """Number a frame and record it as sent."""
        if not self.frames:
            self._progress(now)
        self.last += 1
        self._order += 1
        frame = self.frames[self.last] = InFlight(self.last, builder, now, self._order)
        self.bytes += builder.size
        return frame

    def check(self, ack: int, missing: Sequence[tuple[int, int]]) -> None:
        """Raise `ProtocolError` if a peer refers to frames that were never sent."""
        highest = max(ack, *(last for _, last in missing)) if missing else ack
        if highest > self.last:
            msg = f"the peer refers to frame {highest}, the last one sent was {self.last}"
            raise ProtocolError(msg)

    def acknowledge(self, ack: int, now: float) -> bool:
        """Remove the frames up to `ack`. Return whether there were any."""
        if ack <= self.acked:
            return False
        for number in range(self.acked + 1, ack + 1):
            self.bytes -= self.frames.pop(number).builder.size
            self.wanted.pop(number, None)
        self.acked = ack
        self._progress(now)
        return True

    def want(self, missing: Sequence[tuple[int, int]], now: float) -> None:
        """Record the frames that the peer misses."""
        for first, last in missing:
            for number in range(max(first, self.acked + 1), last + 1):
                frame = self.frames[number]
                probed = frame.sent_order < self._probed_order
                due = now if probed else max(now, frame.sent_at + self._settings.resend_pause)
                self.wanted[number] = min(due, self.wanted.get(number, due))

    def resend(self, now: float) -> list[InFlight]:
        """Return the frames to send again now, and record them as sent."""
        due = [self.frames[number] for number in sorted(self.wanted) if self.wanted[number] <= now]
        for frame in due:
            del self.wanted[frame.number]
            self._order += 1
            frame.sent_order = self._order
            frame.sent_at = now
            self._progress(now)
        return due

    def probe(self, now: float) -> bool:
        """Return whether to send a probe now, and record it as sent."""
        if not self.frames or now < self.probe_at:
            return False
        self._order += 1
        self._probed_order = self._order
        self._pause = min(2 * self._pause, self._settings.probe_longest)
        self.probe_at = now + self._pause
        return True

    def deadline(self) -> float | None:
        """Return the time of the next retransmission or probe."""
        if not self.frames:
            return None
        return min(self.probe_at, *self.wanted.values()) if self.wanted else self.probe_at

    def divide(self, begun: int | None, *, finished: bool) -> tuple[list[InFlight], list[InFlight]]:
        """Return the frames in flight that may have run, and those that certainly have not.

        Parameters
        ----------
        begun
            The last frame that the context started to run, as far as it knows. An impossible value counts as unknown.
        finished
            Whether it has completed that frame.
        """
        frames = list(self.frames.values())
        if begun is None or not self.acked <= begun <= self.last:
            return frames, []
        in_doubt = [frame for frame in frames if frame.number == begun and not finished]
        return in_doubt, [frame for frame in frames if frame.number > begun]

    def _progress(self, now: float) -> None:
        self._pause = self._settings.probe_first
        self.probe_at = now + self._pause

"""The reports that the peer must still receive about its own frames: acknowledgements and missing frames."""

from __future__ import annotations

from .settings import LinkSettings


class DelayedAck:
    """The time at which an acknowledgement or a report is due.

    Missing frames are determined when the report is sent.
    """

    __slots__ = ("_bytes", "_frames", "_settings", "ack_due", "at_once", "probed", "report_due")

    def __init__(self, settings: LinkSettings) -> None:
        self._settings = settings
        self._frames = 0
        self._bytes = 0
        self.ack_due: float | None = None
        self.report_due: float | None = None
        self.probed = 0
        """The highest frame number that the peer has asked about."""
        self.at_once = False
        """Whether a report is due, independent of the time."""

    def arrived(self, size: int, now: float) -> None:
        """Record a frame that has been delivered and not acknowledged."""
        settings = self._settings
        self._frames += 1
        self._bytes += size
        delay = (
            settings.ack_delay if size < settings.batch else max(settings.ack_delay, settings.ack_bulk_delay)
        )
        due = now + delay
        self.ack_due = due if self.ack_due is None else min(due, self.ack_due)
        if not delay or self._frames >= settings.ack_frames or self._bytes >= settings.ack_bytes:
            self.ack_at_once(now)

    def ack_at_once(self, now: float) -> None:
        self.ack_due = now if self.ack_due is None else min(now, self.ack_due)
        self.at_once = True

    def report_at_once(self, probed: int, now: float) -> None:
        """Record a new gap (`probed` 0), or the peer's question whether frames up to `probed` have arrived."""
        self.probed = max(self.probed, probed)
        if self.report_due is None:
            self.report_due = now
        self.at_once = True

    def reported(self) -> None:
        self.report_due = None
        self.probed = 0

    def acknowledged(self) -> None:
        """Record that a frame carries the acknowledgement."""
        self._frames = self._bytes = 0
        self.ack_due = None
        self.at_once = False

    def deadline(self) -> float | None:
        if self.report_due is None or self.ack_due is None:
            return self.report_due if self.ack_due is None else self.ack_due
        return min(self.report_due, self.ack_due)

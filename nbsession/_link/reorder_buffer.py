"""Reception: delivers each numbered frame once and in order, whatever order they arrive in."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any, cast

from .delayed_ack import DelayedAck
from .errors import ProtocolError
from .fragments import Unfinished
from .frame import Content, read_items, read_parsed
from .message import Arrival, Buffer, Messages, Parts
from .settings import LinkSettings


class Kept:
    """A frame that arrived before its turn, kept as received: its decoded content takes many times the memory."""

    __slots__ = ("items", "parts", "size")

    def __init__(self, items: Sequence[Any], parts: Parts, size: int) -> None:
        self.items = items
        self.parts = parts
        self.size = size


class ReorderBuffer:
    """The receiving half of a link. `last` is the number of the last frame delivered."""

    __slots__ = ("_kept", "_kept_bytes", "_reported", "_settings", "_unfinished", "last")

    def __init__(self, settings: LinkSettings) -> None:
        self._settings = settings
        self._kept: dict[int, Kept] = {}
        self._kept_bytes = 0
        self._reported = 0
        """Gaps up to this number have been reported."""
        self._unfinished = Unfinished(settings.largest_unfinished, settings.parse_at_once)
        self.last = 0

    def take(
        self,
        number: int,
        items: Sequence[Any],
        parts: Parts,
        delayed_ack: DelayedAck,
        now: float,
        *,
        size: int = 0,
        channels: Container[int] | None = None,
    ) -> list[Arrival]:
        """Process a numbered frame.

        Return the frames that it makes deliverable, and record in `owed` what must be reported.

        Parameters
        ----------
        size
            The size of the frame in bytes, if known; otherwise the size of its buffers counts.
        channels
            The open channels; see `Unfinished.complete`.

        Raises
        ------
        ProtocolError
            If the frame is malformed. Nothing has changed then.
        """
        if number <= self.last:
            delayed_ack.ack_at_once(now)
            return []
        if number > self.last + self._settings.ahead_frames or number in self._kept:
            return []
        contents, bulk = self._read(items, parts)
        if number > self.last + 1:
            self._keep(number, Kept(items, parts, size or bulk), delayed_ack, now)
            return []
        arrivals = [self._run(contents, bulk, delayed_ack, now, channels)]
        if self._kept:
            self._catch_up(arrivals, delayed_ack, now, channels)
        return arrivals

    def drop(self, channel: int) -> None:
        """Drop an incomplete message on a channel that has been closed."""
        self._unfinished.drop(channel)

    def _read(self, items: Sequence[Any], parts: Parts) -> tuple[list[Content], int]:
        """Return the content of a frame, and the size of its buffers: texts are small, and limited by their number."""
        settings = self._settings
        if parts and type(parts[0]) is list:
            return read_parsed(items, cast("Sequence[Messages]", parts), most=settings.most_contents), 0
        buffers = cast("Sequence[Buffer]", parts)
        contents = read_items(items, buffers, largest=settings.largest_message, most=settings.most_contents)
        size = 0
        for buffer in buffers:
            size += memoryview(buffer).nbytes
        return contents, size

    def missing(self, highest: int) -> list[list[int]]:
        """Return the ranges of frames that have not arrived, up to `highest` or to the highest that has arrived."""
        ranges = []
        expected = self.last + 1
        for number in sorted(self._kept):
            if number > expected:
                ranges.append([expected, number - 1])
            expected = number + 1
        if expected <= highest:
            ranges.append([expected, highest])
        if ranges:
            self._reported = max(self._reported, ranges[-1][1])
        return ranges

    def _keep(self, number: int, frame: Kept, delayed_ack: DelayedAck, now: float) -> None:
        if self._kept_bytes + frame.size > self._settings.ahead_bytes:
            return  # it is reported missing later, and sent again
        below = range(max(self.last, self._reported) + 1, number)
        if any(each not in self._kept for each in below):
            delayed_ack.report_at_once(0, now)
        self._kept[number] = frame
        self._kept_bytes += frame.size

    def _catch_up(
        self, arrivals: list[Arrival], delayed_ack: DelayedAck, now: float, channels: Container[int] | None
    ) -> None:
        while self.last + 1 in self._kept:
            frame = self._kept.pop(self.last + 1)
            self._kept_bytes -= frame.size
            try:
                arrivals.append(self._run(*self._read(frame.items, frame.parts), delayed_ack, now, channels))
            except ProtocolError:
                # This frame turned out to be malformed only now, and the received one is valid. So this one is treated
                # as missing; if it is sent again, it is rejected then.
                break

    def _run(
        self,
        contents: list[Content],
        size: int,
        delayed_ack: DelayedAck,
        now: float,
        channels: Container[int] | None,
    ) -> Arrival:
        messages = self._unfinished.complete(contents, channels)
        self.last += 1
        delayed_ack.arrived(size, now)
        return Arrival(self.last, messages)

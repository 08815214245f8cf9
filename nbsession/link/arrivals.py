"""Receiving: each numbered frame once and in order, whatever order they come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from .errors import ProtocolError
from .frame import Content, read_items, read_parsed
from .message import Arrival, Buffer, Messages, Parts
from .owed import Owed
from .pieces import Unfinished
from .settings import LinkSettings


class Kept:
    """A frame that came ahead of its turn."""

    __slots__ = ("contents", "size")

    def __init__(self, contents: list[Content], size: int) -> None:
        self.contents = contents
        self.size = size


class Arrivals:
    """The receiving half of a link. `last` is the number of the last frame delivered."""

    __slots__ = ("_kept", "_reported", "_settings", "_unfinished", "last")

    def __init__(self, settings: LinkSettings) -> None:
        self._settings = settings
        self._kept: dict[int, Kept] = {}
        self._reported = 0
        """Gaps up to this number have been reported."""
        self._unfinished = Unfinished(settings.largest_unfinished)
        self.last = 0

    def take(self, number: int, items: Sequence[Any], parts: Parts, owed: Owed, now: float) -> list[Arrival]:
        """Take a numbered frame; return what it makes deliverable, and note in `owed` what the peer is to be told.

        Raises
        ------
        ProtocolError
            The frame is malformed. Nothing has changed then.
        """
        if number <= self.last:
            owed.ack_at_once(now)
            return []
        if number > self.last + self._settings.ahead_frames or number in self._kept:
            return []
        size = 0
        if parts and type(parts[0]) is list:
            # Texts are small: their number is what counts.
            contents = read_parsed(items, cast("Sequence[Messages]", parts))
        else:
            buffers = cast("Sequence[Buffer]", parts)
            contents = read_items(items, buffers, largest=self._settings.largest_message)
            for buffer in buffers:
                size += memoryview(buffer).nbytes
        if number > self.last + 1:
            self._keep(number, Kept(contents, size), owed, now)
            return []
        arrivals = [self._run(contents, size, owed, now)]
        if self._kept:
            self._catch_up(arrivals, owed, now)
        return arrivals

    def missing(self, highest: int) -> list[list[int]]:
        """Return the ranges of frames that have not arrived, up to `highest` or to the highest that has."""
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

    def _keep(self, number: int, frame: Kept, owed: Owed, now: float) -> None:
        below = range(max(self.last, self._reported) + 1, number)
        if any(each not in self._kept for each in below):
            owed.report_at_once(0, now)
        self._kept[number] = frame

    def _catch_up(self, arrivals: list[Arrival], owed: Owed, now: float) -> None:
        while self.last + 1 in self._kept:
            frame = self._kept.pop(self.last + 1)
            try:
                arrivals.append(self._run(frame.contents, frame.size, owed, now))
            except ProtocolError:
                # Only now did it turn out malformed. The one being received is not to blame: this one never came,
                # and if it is sent again, it is refused under its own name.
                break

    def _run(self, contents: list[Content], size: int, owed: Owed, now: float) -> Arrival:
        messages = self._unfinished.complete(contents)
        self.last += 1
        owed.arrived(size, now)
        return Arrival(self.last, messages)

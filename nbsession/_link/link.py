"""The link: one end of the protocol, composed of queues, a send window and a reorder buffer."""

from __future__ import annotations

from collections.abc import Container, Sequence

from .delayed_ack import DelayedAck
from .frame import Outgoing, read_frame
from .frame_builder import FrameBuilder, fill
from .message import Arrival, Buffer, Message, Parts
from .queue import Entry, Outbox, Taken, as_message, as_taken, rewound
from .reorder_buffer import ReorderBuffer
from .send_window import InFlight, SendWindow
from .settings import LinkSettings

VERSION = "1.0"
"""The version of the protocol, major.minor."""


class Link:
    """Ordered, batched, recoverable delivery of messages on numbered channels to one peer.

    A pure state machine, not thread-safe: the caller must hold a lock around every call. Times are seconds of any
    monotonic clock, which the link never reads itself. The caller must transmit the frames that `transmit` returns
    after every `receive`, at `deadline`, and after a `send` if `should_transmit` is true.

    Parameters
    ----------
    settings
        Sizes and times. The defaults are those of the protocol.

    Examples
    --------
    >>> here, there = Link(), Link()
    >>> here.send(1, '["run", "alert(1)"]', now=0.0)
    >>> [out] = here.transmit(0.0)
    >>> there.receive(out.frame, out.buffers, 0.001)
    [Arrival(number=1, messages=[Message(channel=1, body=['run', 'alert(1)'], buffers=[])])]
    """

    __slots__ = (
        "_batch",
        "_delayed_ack",
        "_held",
        "_now",
        "_outbox",
        "_queued_since",
        "_reorder_buffer",
        "_send_window",
        "_settings",
    )

    def __init__(self, settings: LinkSettings = LinkSettings()) -> None:  # noqa: B008 - frozen
        self._settings = settings
        self._batch = settings.batch
        self._outbox = Outbox(settings.fragment)
        self._send_window = SendWindow(settings)
        self._reorder_buffer = ReorderBuffer(settings)
        self._delayed_ack = DelayedAck(settings)
        self._queued_since = 0.0
        self._now = 0.0
        self._held = False
        """Whether something is queued that the window does not let through."""

    @property
    def acknowledged(self) -> int:
        """The last frame of those that the peer has acknowledged without a gap."""
        return self._send_window.acked

    @property
    def in_flight(self) -> int:
        """The number of frames that were sent and not acknowledged."""
        return len(self._send_window.frames)

    @property
    def received(self) -> int:
        """The last frame of the peer of those that have arrived without a gap."""
        return self._reorder_buffer.last

    @property
    def send_window(self) -> SendWindow:
        """The frames that were sent and not acknowledged."""
        return self._send_window

    def send(self, channel: int, text: str, buffers: Sequence[Buffer] = (), *, now: float) -> None:
        """Queue a message.

        Parameters
        ----------
        channel
            The number of the channel, from 0. Channel 0 overtakes all others.
        text
            The JSON text of the message, in ASCII.
        buffers
            The binary buffers, C-contiguous. They are not copied, so the caller must not change them.
        now
            The time in seconds.

        Raises
        ------
        ValueError
            If the text is not ASCII. Nothing is queued then.
        """
        # Runs for every command. The common case, another small message on a busy channel, calls no other function of
        # this package.
        outbox = self._outbox
        queue = outbox.ring.get(channel)
        size = len(text)
        if queue is None or buffers or size > outbox.fragment or not text.isascii():
            self._put(channel, text, buffers, now)
            return
        queue.entries.append(text)
        queue.bytes += size
        outbox.bytes += size

    def send_alone(self, channel: int, text: str, *, now: float) -> Outgoing | None:
        """Send a message if nothing is queued: `send` and `transmit` in one, in a third of their time.

        Parameters
        ----------
        channel, text, now
            See `send`.

        Returns
        -------
        Outgoing or None
            The message's frame, which counts as sent. None if something is queued, in flight or to be reported, or if
            the message is large: nothing has changed then, and `send` can be called.
        """
        send_window, outbox = self._send_window, self._outbox
        size = len(text)
        if send_window.frames or outbox.ring or self._delayed_ack.report_due is not None:
            return None
        if size > outbox.fragment or not text.isascii():
            return None
        self._now = now
        builder = FrameBuilder()
        builder.add_batch(channel, [text])
        builder.size = size
        return self._outgoing(send_window.launch(builder, now))

    def should_transmit(self) -> bool:
        """Return whether `transmit` has something to send, independent of the time.

        Fast enough to call after each `send`.
        """
        outbox, send_window = self._outbox, self._send_window
        if (outbox.bytes >= self._batch or not send_window.frames) and outbox.ring and not self._held:
            return True
        if self._delayed_ack.at_once:
            return True
        return bool(send_window.wanted) and min(send_window.wanted.values()) <= self._now

    def transmit(self, now: float) -> list[Outgoing]:
        """Return the frames to transmit now, in order. They count as sent."""
        self._now = now
        send_window, delayed_ack = self._send_window, self._delayed_ack
        out: list[Outgoing] = []
        if delayed_ack.report_due is not None:
            self._report(out, now)
        if send_window.wanted:
            out.extend(self._outgoing(frame) for frame in send_window.resend(now))
        if self._outbox.ring and self._queue_due(now):
            self._launch(out, now)
        if send_window.frames and send_window.probe(now):
            out.append(Outgoing({"ack": self._acknowledge(), "probe": send_window.last}, []))
        if delayed_ack.ack_due is not None and delayed_ack.ack_due <= now:
            out.append(Outgoing({"ack": self._acknowledge()}, []))
        return out

    def again(self) -> list[Outgoing]:
        """Return the frames in flight, to be sent over another transport as well. Nothing changes."""
        return [self._outgoing(frame) for frame in self._send_window.frames.values()]

    def hurry(self) -> None:
        """Send queued messages at the next ``transmit``, as far as the window allows, instead of collecting more."""
        self._queued_since -= self._settings.gather

    def receive(
        self,
        frame: object,
        buffers: Parts,
        now: float,
        *,
        size: int = 0,
        channels: Container[int] | None = None,
    ) -> list[Arrival]:
        """Process a received frame. Return the numbered frames that it makes deliverable, in order.

        They count as run when this returns: the caller must run them before it calls `transmit`.

        Parameters
        ----------
        frame
            The received JSON value in place of a frame. It may be anything.
        buffers
            The binary buffers that arrived with it, which are kept, not copied. If the transport carried the frame as
            text with its messages inside: for each item, the list of its messages.
        now
            The time in seconds.
        size
            The size of the frame in bytes, if known. It counts as this much while it is kept.
        channels
            The open channels. Fragments of large messages on others are dropped. None: all channels are open.

        Raises
        ------
        ProtocolError
            If the frame is malformed or impossible. It is dropped, and the link is unchanged.
        """
        incoming = read_frame(frame, buffers)
        send_window = self._send_window
        send_window.check(incoming.ack, incoming.missing)
        arrivals: list[Arrival] = []
        if incoming.number is not None:
            arrivals = self._reorder_buffer.take(
                incoming.number, incoming.items, buffers, self._delayed_ack, now, size=size, channels=channels
            )
        # Nothing raises from here on, and nothing has changed before.
        self._now = now
        if send_window.acknowledge(incoming.ack, now) and self._outbox.ring:
            self._look_at_window()
        if incoming.missing:
            send_window.want(incoming.missing, now)
        if incoming.probe is not None:
            self._delayed_ack.report_at_once(incoming.probe, now)
        return arrivals

    def deadline(self) -> float | None:
        """Return the time at which `transmit` must be called even if nothing else happens; ``None`` for never."""
        soonest = self._queue_deadline()
        for time in (self._send_window.deadline(), self._delayed_ack.deadline()):
            if time is not None and (soonest is None or time < soonest):
                soonest = time
        return soonest

    def renew(self, begun: int | None = None, *, finished: bool = False) -> list[Message]:
        """Restart with a new context of the peer, and queue the messages again that the old context did not start.

        Parameters
        ----------
        begun
            The number of the last frame that the old context started to run (0: none); ``None`` if unknown.
        finished
            Whether it has completed that frame.

        Returns
        -------
        list of Message
            The sent messages that may have run. They are never repeated. Messages that have certainly not started are
            queued again, in order, before later messages.
        """
        in_doubt, not_begun = self._send_window.divide(begun, finished=finished)
        self._outbox.rewind()
        returned: dict[int, list[Entry]] = {}
        for frame in not_begun:
            for channel, entries in frame.builder.owns:
                returned.setdefault(channel, []).extend(entries)
        for channel, back in returned.items():
            self._outbox.put_back(channel, back)
        self._send_window = SendWindow(self._settings)
        self._reorder_buffer = ReorderBuffer(self._settings)
        self._delayed_ack = DelayedAck(self._settings)
        self._held = False
        self._queued_since = self._now
        owned = [each for frame in in_doubt for each in frame.builder.owns]
        return [as_message(channel, entry) for channel, entries in owned for entry in entries]

    def request_probe(self, now: float) -> None:
        """Ask, at the next `transmit`, which frames in flight have arrived.

        Called when an interrupted connection has been restored.
        """
        self._send_window.probe_at = now

    def drop(self, channel: int) -> None:
        """Drop the queued messages of a channel, except for the rest of a large message that is partly sent.

        An incomplete message that has arrived on the channel is dropped as well.
        """
        self._outbox.drop(channel)
        self._reorder_buffer.drop(channel)
        self._look_at_window()

    def revoke_queued(self, channel: int) -> list[Taken]:
        """Remove and return the queued messages of a channel, in order.

        A partly sent large message is not removed: its rest follows, and then the messages that are queued from now on.
        """
        taken = [as_taken(entry) for entry in self._outbox.take(channel)]
        self._look_at_window()
        return taken

    def unacknowledged(self, channel: int) -> list[Message]:
        """Return the messages of a channel that have been sent, completely or partly, and not acknowledged."""
        entries = _owned(list(self._send_window.frames.values()), channel) + self._outbox.begun(channel)
        return [as_message(channel, entry) for entry in entries]

    def revoke(
        self, channel: int, begun: int | None, *, finished: bool = False
    ) -> tuple[list[Message], list[Taken]]:
        """Remove all messages of a channel because the peer is gone.

        Messages in flight on other channels are unchanged.

        Parameters
        ----------
        channel
            The number of the channel.
        begun, finished
            See `renew`.

        Returns
        -------
        in_doubt : list of Message
            The messages that may have run.
        taken : list
            The messages that have certainly not run, in order, and then the queued messages.
        """
        in_doubt, not_begun = self._send_window.divide(begun, finished=finished)
        doubtful = [as_message(channel, entry) for entry in _owned(in_doubt, channel)]
        taken = _owned(not_begun, channel)
        for entry in taken:
            rewound(entry)
        taken += self._outbox.take(channel, begun=True)
        self._look_at_window()
        return doubtful, [as_taken(entry) for entry in taken]

    def waiting(self, channel: int | None = None) -> int:
        """Return the number of bytes that are queued and not in a frame yet: of one channel, or of all."""
        if channel is None:
            return self._outbox.bytes
        queue = self._outbox.ring.get(channel)
        return 0 if queue is None else queue.bytes

    def queued(self, channel: int) -> list[str]:
        """Return the JSON texts of the messages that are queued on a channel, including a partly sent one."""
        return self._outbox.texts(channel)

    def _put(self, channel: int, text: str, buffers: Sequence[Buffer], now: float) -> None:
        ring = self._outbox.ring
        if not ring:
            self._queued_since = now
        joins = channel not in ring
        self._outbox.put(channel, text, buffers)
        if joins:
            self._look_at_window()

    def _queue_deadline(self) -> float | None:
        if not self._outbox.ring or self._held:
            return None
        at_once = not self._send_window.frames or self._outbox.bytes >= self._batch
        return self._queued_since if at_once else self._queued_since + self._settings.gather

    def _queue_due(self, now: float) -> bool:
        due = self._queue_deadline()
        return due is not None and due <= now

    def _room(self) -> int:
        """Return the maximum size of the next frame in bytes."""
        return max(self._settings.window_bytes - self._send_window.bytes, self._settings.turn)

    def _look_at_window(self) -> None:
        """Determine whether the window lets any queued message through."""
        ring, frames = self._outbox.ring, self._send_window.frames
        if not ring or not frames:
            self._held = False
        elif len(frames) >= self._settings.window_frames:
            self._held = True
        else:
            self._held = self._outbox.next_channel(self._room()) is None

    def _launch(self, out: list[Outgoing], now: float) -> None:
        while self._outbox.ring and not self._held:
            builder = fill(
                self._outbox, self._settings, room=self._room(), anything=not self._send_window.frames
            )
            out.append(self._outgoing(self._send_window.launch(builder, now)))
            self._look_at_window()

    def _report(self, out: list[Outgoing], now: float) -> None:
        missing = self._reorder_buffer.missing(self._delayed_ack.probed)
        self._delayed_ack.reported()
        if missing:
            out.append(Outgoing({"ack": self._acknowledge(), "missing": missing}, []))
        else:
            self._delayed_ack.ack_at_once(now)

    def _outgoing(self, frame: InFlight) -> Outgoing:
        builder = frame.builder
        return Outgoing(
            {"number": frame.number, "ack": self._acknowledge(), "items": builder.items}, builder.buffers
        )

    def _acknowledge(self) -> int:
        self._delayed_ack.acknowledged()
        return self._reorder_buffer.last


def _owned(frames: Sequence[InFlight], channel: int) -> list[Entry]:
    """Return the messages of a channel that frames complete."""
    return [
        entry
        for frame in frames
        for owner, entries in frame.builder.owns
        if owner == channel
        for entry in entries
    ]

"""A page: one front-end connection, its link, and the channels on it."""

from __future__ import annotations

import json
import logging
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._link import Link, LinkSettings, ProtocolError, Unparsed, shown
from nbsession._sync.interrupt_safe_lock import MAIN, InterruptSafeLock

from .behind import Behind
from .complaints import complain
from .page_control import PageControl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nbsession._link import Buffer, Message, Parts, Taken
    from nbsession._sync.timer_thread import TimerThread

    from .handover import Handover
    from .interfaces.channel import Channel, ChannelOwner
    from .interfaces.transport import Transport

log = logging.getLogger("nbsession")

# The settings that limit a large message, and all unfinished messages together.
_LIMITS = ("largest_message", "largest_unfinished")
# Bytes of JSON text that the receiving thread parses itself: on a server, it may serve all visitors.
_PARSED_AT_ONCE = 1024 * 1024
# Seconds after which a message that should share a frame with the next one is sent alone.
_ALONE_AFTER = 0.02


class Page:
    """One front-end connection.

    Any thread may send; one thread at a time receives. The guard protects the link, and KeyboardInterrupt cannot
    interrupt its holder. It is never held while a channel handles a message.

    Parameters
    ----------
    page_id, context, info
        The fields of its hello.
    transport : Transport
        Carries its envelopes.
    alarm : TimerThread
        Wakes its link.
    largest_message : int, optional
        Bytes; a larger message of the page is refused.
    caused : callable
        ``caused(seconds)`` is called with the processing time of long texts, which a thread parses.

    Attributes
    ----------
    info : dict
        The page's description of itself; ``pending`` lists the fields that follow later.
    ended : bool
        Whether the page is gone.
    """

    def __init__(
        self,
        page_id: str,
        context: str,
        info: dict[str, Any],
        transport: Transport,
        alarm: TimerThread,
        *,
        largest_message: int | None = None,
        caused: Callable[[float], object] = lambda _seconds: None,
    ) -> None:
        self.page_id = page_id
        self.context: str = context
        self.info: dict[str, Any] = info
        self.transport: Transport = transport
        self.ended: bool = False
        self._violated = False
        self._end: Callable[[str], object] | None = None
        self._guard = InterruptSafeLock()
        self._behind: Behind | None = None
        limits = {}
        if largest_message is not None:
            limits = {**dict.fromkeys(_LIMITS, largest_message), "parse_at_once": _PARSED_AT_ONCE}
            self._behind = Behind(self._dispatch, self.violate, lambda: self.ended, largest_message, caused)
        self._link = Link(LinkSettings(**limits))
        self._channels: dict[int, Channel] = {}
        self._handovers: dict[int, Handover] = {}  # of sessions that have moved to another page, by channel
        self._elsewhere: set[int] = set()  # sessions on another page that this page shows
        self._gathering = False  # messages are queued, and the timer thread has their deadline
        self._renewing = False  # the queue is being sorted, and nothing is sent
        self._drained: list[Callable[[], None]] = []
        self._control = PageControl(self)
        self._alarm = alarm.handle(self._alarmed)

    def __repr__(self) -> str:
        return f"<Page {self.page_id} on {self.info.get('frontend', 'unknown')}>"

    # -- sending: any thread ------------------------------------------------------------------

    def send(self, channel: int, text: str, buffers: Sequence[Buffer] = ()) -> None:
        """Queue one message (ASCII JSON text) and send what may be sent now."""
        if not buffers and not self._gathering and self._send_alone(channel, text):
            return
        with self._guard:
            handover = self._handovers.get(channel) if self._handovers else None
            if handover is None:
                now = monotonic()
                self._link.send(channel, text, buffers, now=now)
                if self._link.should_transmit():
                    self._transmit(now)
                elif not self._gathering:
                    self._gathering = True
                    self._arm()
                return
        handover.stray(text, buffers)

    def answer(self, channel: int, text: str, buffers: Sequence[Buffer]) -> None:
        """Send the answer to a call that this page has made, even if the session has moved to another page."""
        if not buffers and not self._gathering and self._send_alone(channel, text):
            return
        with self._guard:
            now = monotonic()
            self._link.send(channel, text, buffers, now=now)
            self._link.hurry()
            self._transmit(now)

    def _send_alone(self, channel: int, text: str) -> bool:
        """Send a message if no other one waits before it: the message of an ``eval_js``.

        The system call often wakes the browser in place of this thread, and the answer may arrive before the call
        returns. So the guard is not held during it: the thread that receives the answer would wait for the guard. If a
        frame of another thread overtakes this one, the link restores the order.
        """
        with (
            MAIN
        ):  # after an interrupt here, the frame would be sent only when the page reports it as missing
            with self._guard:
                if self._renewing or channel in self._handovers:
                    return False
                frame = self._link.send_alone(channel, text, now=monotonic())
                if frame is None:
                    return False
                context, transport = self.context, self.transport
                self._arm()
            transport.send({"context": context, "frame": frame.frame}, frame.buffers)
        return True

    def tell(self, message: list[object]) -> None:
        """Send a message on channel 0 that may wait a moment."""
        self._send_along(0, json.dumps(message))

    def _send_along(self, channel: int, text: str) -> None:
        """Queue a message for the frame of the next one; without a next one, it is sent a moment later."""
        with self._guard:
            now = monotonic()
            self._link.send(channel, text, now=now)
            self._alarm.at(now + _ALONE_AFTER)

    def flush(self) -> None:
        """Send what may be sent, without waiting for more."""
        with self._guard:
            self._link.hurry()
            self._transmit(monotonic())

    def hurry(self) -> None:
        """Do the same if anything is queued and no other thread is sending."""
        if self._link.waiting() and self._guard.enter_if_free():
            try:
                self.flush()
            finally:
                self._guard.__exit__(None, None, None)

    @property
    def in_flight(self) -> int:
        """The number of bytes that were sent and not acknowledged."""
        return self._link.send_window.bytes

    def repeat(self, most: int) -> None:
        """Send the frames in flight over the transport's ground as well, unless another thread is sending.

        Nothing is repeated if they have more than ``most`` bytes.
        """
        ground = self.transport.ground
        if ground is not None and 0 < self.in_flight <= most and self._guard.enter_if_free():
            try:
                for outgoing in self._link.again():
                    ground.send({"context": self.context, "frame": outgoing.frame}, outgoing.buffers)
            finally:
                self._guard.__exit__(None, None, None)

    def _transmit(self, now: float) -> None:
        self._gathering = False
        if self._renewing:
            return
        context = self.context
        for outgoing in self._link.transmit(now):
            self.transport.send({"context": context, "frame": outgoing.frame}, outgoing.buffers)
        self._arm()

    def _arm(self) -> None:
        deadline = self._link.deadline()
        if deadline is not None:
            self._alarm.at(deadline)

    def _alarmed(self, now: float) -> float | None:
        with self._guard:
            self._transmit(now)
            return self._link.deadline()

    # -- channels -----------------------------------------------------------------------------

    def open(self, channel: Channel) -> None:
        """Open a channel on the page; its messages go to ``channel.receive``."""
        with self._guard:
            self._handovers.pop(channel.number, None)
            self._elsewhere.discard(channel.number)
            self._channels[channel.number] = channel
        self._send_along(0, json.dumps(["open", channel.number, channel.opening()]))

    def close(self, channel: Channel | ChannelOwner, reason: str) -> None:
        """Close a channel and drop its queued messages."""
        if self._channels.pop(channel.number, None) is not None:
            with self._guard:
                self._handovers.pop(channel.number, None)
                self._link.drop(channel.number)
            self._send_along(0, json.dumps(["close", channel.number, reason]))
        self.release_drained()

    def close_session(self, session: ChannelOwner, reason: str) -> None:
        """Close a session's channel and those of its downloads."""
        self._end_channels(session, reason)
        self.close(session, reason)

    def end_session(self, session: ChannelOwner, reason: str, *, again: bool) -> None:
        """End a session whose outputs can still be read: its channel stays open until `close`.

        Its queued messages are still sent. ``again``: whether the reader can start a new session.
        """
        self._end_channels(session, reason)
        self._send_along(session.number, json.dumps(["ended", reason, again]))
        self.release_drained()

    def _end_channels(self, session: ChannelOwner, reason: str) -> None:
        for channel in self.channels:
            if channel.session is session:
                channel.end(reason)

    # -- moving a session to another page -------------------------------------------------------

    def depart(self, handover: Handover) -> list[Taken]:
        """Release a session and return its unsent messages; `release_drained` and `ask_to_leave` follow."""
        with self._guard:
            self._handovers[handover.number] = handover
            self._channels[handover.number] = handover
            return self._link.revoke_queued(handover.number)

    def take_back(self, channel: int) -> list[Taken]:
        """Remove the queued messages of a channel and return them."""
        with self._guard:
            return self._link.revoke_queued(channel)

    def ask_to_leave(self, channel: int, where: str) -> None:
        """Ask the page to answer ``left`` when it has run all messages of a channel.

        ``where`` is the session's new place, in words for the reader of this page.
        """
        with self._guard:
            now = monotonic()
            self._link.send(channel, json.dumps(["moved", where]), now=now)
            self._link.hurry()
            self._transmit(now)

    def tell_elsewhere(self, channel: int, where: str) -> None:
        """Show the reader where a session is whose view this page contains."""
        self._elsewhere.add(channel)
        self.tell(["elsewhere", channel, where])

    def dismiss(self, channel: int, reason: str) -> None:
        """Show the reader that a session on another page has ended."""
        handover = self._handovers.pop(channel, None)
        if handover is not None and self._channels.get(channel) is handover:
            del self._channels[channel]
            self.forget(channel)
        if handover is not None or channel in self._elsewhere:
            self._elsewhere.discard(channel)
            self.tell(["close", channel, reason])

    def leave_downloads(self, session: ChannelOwner | None = None) -> None:
        """Let the downloads of a dead page follow their session to its next page, if they can.

        Without ``session``: those of all sessions that have moved. Other downloads end with their session.
        """
        for channel in self.channels:
            owner = channel.session
            leaves = owner.page is not self if session is None else owner is session
            if leaves and channel.number != owner.number:
                del self._channels[channel.number]
                channel.leave(list(self._link.queued(channel.number)))

    def leave_all(self, begun: int | None) -> None:
        """Stop waiting for a dead page on behalf of the sessions that have left it or were leaving it."""
        self.leave_downloads()
        for handover in list(self._handovers.values()):
            with self._guard:
                in_doubt, taken = self._link.revoke(handover.number, begun, finished=True)
            handover.interrupted([message.body for message in in_doubt], taken)

    def unacknowledged(self, channel: int) -> list[list[Any]]:
        """Return the messages that were sent on a channel and may or may not have run."""
        with self._guard:
            return [message.body for message in self._link.unacknowledged(channel)]

    def abandon(self, handover: Handover, begun: int | None) -> tuple[list[list[Any]], list[Taken]]:
        """Take back the messages that a dead page got for a session; `release_drained` follows.

        Parameters
        ----------
        handover : Handover
            The session's substitute on this page.
        begun : int or None
            The number of the last frame that the page has run; None if unknown.

        Returns
        -------
        in_doubt : list
            The messages that may have run.
        taken : list
            The messages that have not run.
        """
        with self._guard:
            self._handovers[handover.number] = handover
            self._channels[handover.number] = handover
            in_doubt, taken = self._link.revoke(handover.number, begun, finished=True)
        return [message.body for message in in_doubt], taken

    def forget(self, channel: int) -> None:
        """Drop the queued messages of a channel."""
        with self._guard:
            self._link.drop(channel)

    @property
    def channels(self) -> Iterable[Channel]:
        return tuple(self._channels.values())

    # -- waiting ------------------------------------------------------------------------------

    def waiting(self, channel: int | None = None) -> int:
        """Return the number of queued bytes that have not been sent."""
        return self._link.waiting(channel)

    def acknowledged(self) -> int:
        """Return the number of frames that the present context has acknowledged."""
        return self._link.acknowledged

    @property
    def settled(self) -> bool:
        """Whether the page has acknowledged everything."""
        return not self._link.in_flight and not self._link.waiting()

    def on_drained(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when queued messages have been sent, or waiting for that has become pointless."""
        self._drained.append(wake)

    def release_drained(self) -> None:
        """Wake everything that waits for queued messages to be sent."""
        if self._drained:
            wakes, self._drained = self._drained, []
            for wake in wakes:
                wake()

    def on_complete(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when the page has sent all of its ``info``, or is gone; now if it has."""
        self._control.on_complete(wake)

    def update_info(self, fields: Mapping[str, object]) -> None:
        """Replace fields of ``info``."""
        with self._guard:
            self.info = {**self.info, **fields}

    # -- receiving: one thread at a time ------------------------------------------------------

    def receive(self, frame: object, buffers: Parts, size: int = 0) -> None:
        """Handle the messages of a frame, and send what its acknowledgement allows.

        ``size`` is the number of bytes on the wire, if known.
        """
        now = monotonic()
        with self._guard:
            try:
                arrivals = self._link.receive(frame, buffers, now, size=size, channels=self._channels)
            except ProtocolError as error:
                arrivals, violation = [], str(error)
            else:
                violation = ""
                self._transmit(now)
        if violation:
            self.violate(f"it sent a frame that violates the protocol: {violation}")
            return
        if self._control.reopened:
            self._control.begin_frame()
        for arrival in arrivals:
            for message in arrival.messages:
                if self.ended:
                    return
                behind = self._behind
                if behind is not None and (behind.busy or type(message.body) is Unparsed):
                    behind.put(message)
                else:
                    self._dispatch(message)
        self.release_drained()

    def on_control(self, hear: Callable[[Page, list[Any]], None]) -> None:
        """Call ``hear(page, body)`` with the messages on channel 0 that the page does not handle itself.

        The receiving thread calls it: it must be quick.
        """
        self._control.pass_on(partial(hear, self))

    def on_violation(self, end: Callable[[str], object]) -> None:
        """Call ``end(reason)`` when the page is to be ended, because it violates the protocol or exceeds its budget.

        Without it, such messages are dropped, and the page continues.
        """
        self._end = end

    def violate(self, what: str) -> None:
        """Handle a violation of the protocol or the budget: log it once, and end the page if `on_violation` was called.

        ``what`` describes the violation, on one line.
        """
        if not self._violated:
            self._violated = True
            complain("a page did what no page of nbsession does: %s", what)
        if self._end is not None:
            self._end(f"the page was closed by the server: {what}")

    def _dispatch(self, message: Message) -> None:
        body = message.body
        if not isinstance(body, list) or not body or not isinstance(body[0], str):
            self.violate(f"it sent a message of unknown shape: {shown(body)}")
            return
        if message.channel == 0:
            self._control.receive(body)
            return
        channel = self._channels.get(message.channel)
        if channel is None:  # closed while the message was on its way
            return
        try:
            channel.receive(body, message.buffers, self)
        except RecursionError:
            self.violate("it sent a message that is nested too deeply")
        except Exception:
            log.exception("a message of the page could not be handled: %s", shown(body))

    def opening(self, number: int) -> object:
        """Return the message that opens a channel; None if there is no such channel."""
        channel = self._channels.get(number)
        return None if channel is None else channel.opening()

    # -- the page's JavaScript context was replaced -------------------------------------------

    def renew(self, context: str, info: dict[str, Any], transport: Transport, previous: object) -> None:
        """Continue with the page's new context. Commands that have not started run there, others are reported."""
        begun, finished = _begun(previous, self.context)
        handovers = list(self._handovers.values())
        channels = [channel for channel in self._channels.values() if channel.number not in self._handovers]
        with self._guard:
            in_doubt = self._link.renew(begun, finished=finished)
            self._renewing = True
            self.context, self.info, self.transport = context, info, transport
            taken = {handover.number: self._link.revoke_queued(handover.number) for handover in handovers}
            queued = {channel.number: list(self._link.queued(channel.number)) for channel in channels}
        for channel in channels:
            self._send_along(0, json.dumps(["open", channel.number, channel.opening()]))
        for channel in channels:
            channel.lost(_bodies(in_doubt, channel.number), queued[channel.number])
        for handover in handovers:
            handover.interrupted(_bodies(in_doubt, handover.number), taken[handover.number])
        with self._guard:
            self._renewing = False
            self._transmit(monotonic())
        self.release_drained()

    def move(self, transport: Transport) -> None:
        """Continue over another transport, and ask at once for frames that the former one may have lost."""
        with self._guard:
            self.transport = transport
            now = monotonic()
            self._link.request_probe(now)
            self._transmit(now)

    def detach(self) -> None:
        """Stop the page's timers. Nothing is sent from now on."""
        self.ended = True
        self._alarm.close()
        self._control.release()
        self.release_drained()


def _bodies(messages: Sequence[Message], channel: int) -> list[Any]:
    return [message.body for message in messages if message.channel == channel]


def _begun(previous: object, context: str) -> tuple[int | None, bool]:
    if not isinstance(previous, dict) or previous.get("context") != context:
        return None, False
    begun = previous.get("begun")
    if type(begun) is not int or begun < 0:
        return None, False
    return begun, previous.get("finished") is True

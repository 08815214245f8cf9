"""Ordered, batched, recoverable delivery to one page, as a pure state machine.

`Link` is one end of the protocol in `docs/protocol.md` (section "Link"). It does no input or output, starts no threads,
reads no clock and imports nothing else of this package. Its methods take the messages, the received frames and the
time, and return the frames to transmit and the time of the next call. It is not thread-safe: callers that share a link
must hold a lock around every call.
"""

from __future__ import annotations

from .errors import ProtocolError
from .frame import Outgoing, shown
from .gradual import Stopped, decode_gradually
from .link import VERSION, Link
from .message import Arrival, Buffer, Message, Messages, Parts, Unparsed, decode
from .queue import Taken
from .settings import LinkSettings

__all__ = [
    "VERSION",
    "Arrival",
    "Buffer",
    "Link",
    "LinkSettings",
    "Message",
    "Messages",
    "Outgoing",
    "Parts",
    "ProtocolError",
    "Stopped",
    "Taken",
    "Unparsed",
    "decode",
    "decode_gradually",
    "shown",
]

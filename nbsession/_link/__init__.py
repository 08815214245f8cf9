"""Ordered, batched, recoverable delivery to one page, as a pure state machine.

`Link` is one end of the protocol in `docs/protocol.md` (its section "Link"). It does no input or output, starts no
thread, reads no clock and imports nothing else of ours: it is told what is sent and received and what time it is, and
answers what to put on the wire and when to ask again. It is not thread-safe: whoever shares one holds a lock around
every call.
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

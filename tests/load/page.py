"""A page without a browser: what it says and hears, and neither thread nor socket."""

from __future__ import annotations

import json
import secrets
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._link import VERSION, Link, LinkSettings
from nbsession._server.wire.envelope import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

# A page's acknowledgements wait for nothing (js/src/link/settings.ts).
SETTINGS = LinkSettings(ack_delay=0.0)


class Page:
    """Answers each eval with its code.

    Attributes
    ----------
    opened : bool
        It has been given a session.
    evaluated : int
        How many evals it has answered.
    closed : str or None
        Why its session or itself was ended.
    """

    def __init__(self) -> None:
        self.context = secrets.token_hex(16)
        self.opened = False
        self.evaluated = 0
        self.closed: str | None = None
        self._link = Link(SETTINGS)

    def hello(self) -> bytes:
        info = {"language": "de-DE", "timezone": "Europe/Berlin"}
        page = secrets.token_hex(16)
        return pack(
            {
                "hello": {
                    "version": VERSION,
                    "page": page,
                    "context": self.context,
                    "previous": None,
                    "info": info,
                }
            },
            (),
        )

    def hear(self, message: bytes) -> Iterator[bytes]:
        """Take a message of the server and yield those that answer it."""
        envelope, buffers = unpack(message)
        if "ended" in envelope:
            self.closed = envelope["ended"]
        if "frame" not in envelope:
            return
        now = monotonic()
        for arrival in self._link.receive(envelope["frame"], buffers, now):
            for heard in arrival.messages:
                self._heed(heard.channel, heard.body, now)
        for out in self._link.transmit(now):
            yield pack({"context": self.context, "frame": out.frame}, out.buffers)

    def _heed(self, channel: int, body: list[Any], now: float) -> None:
        if body[0] == "eval":
            self.evaluated += 1
            self._link.send(channel, json.dumps(["value", body[1], body[2]]), now=now)
        elif channel == 0 and body[0] == "open":
            self.opened = True
        elif channel == 0 and body[0] == "close":
            self.closed = body[2]

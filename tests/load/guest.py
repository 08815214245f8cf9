"""A page that comes in as pages do, and from there on says what it likes."""

from __future__ import annotations

import json
import secrets
import struct
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._link import VERSION, Link
from nbsession._server.wire.envelope import join, pack, split, unpack
from tests.server.visitor import Socket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TIMEOUT = 20.0
"""Seconds after which one gives up who is not answered, or not listened to."""


def new_context() -> str:
    return secrets.token_hex(16)


def hello(context: str, info: dict[str, object]) -> bytes:
    """Return the first words of a page."""
    fields = {"version": VERSION, "page": secrets.token_hex(16), "context": context, "info": info}
    return message_of({"hello": fields})


def message_of(envelope: dict[str, Any]) -> bytes:
    """Return an envelope as a message, as it is: what it says of buffers need not be true."""
    text = json.dumps(envelope, separators=(",", ":")).encode()
    return struct.pack(">I", len(text)) + text


class Guest:
    """A page with a session.

    Parameters
    ----------
    port, app
        Where it comes to.
    user_agent : str
        The header of that name; none if it is empty.
    told : str
        What its hello says of its browser.

    Attributes
    ----------
    session : int
        The number of its session's channel.
    number : int
        Of its next frame.
    """

    def __init__(self, port: int, app: str, *, user_agent: str = "", told: str = "") -> None:
        self._port = port
        self.context = new_context()
        self.session = 0
        self.number = 1
        self._link = Link()
        self._heard: list[list[Any]] = []  # on the session's channel
        self._opened: list[dict[str, Any]] = []
        self._ended = False
        self._connect(app, {"User-Agent": user_agent} if user_agent else {})
        self.send(hello(self.context, {"user_agent": told}))
        self._until(lambda: self.session)

    @staticmethod
    def of(protocol: str) -> type[Guest]:
        return GuestBySocket if protocol == "websocket" else GuestByRequests

    # -- by what it speaks ----------------------------------------------------------------------

    def _connect(self, app: str, headers: dict[str, str]) -> None:
        raise NotImplementedError

    def send(self, message: bytes) -> None:
        raise NotImplementedError

    def send_body(self, body: bytes) -> None:
        raise NotImplementedError

    def _receive(self) -> Iterator[bytes]:
        """Yield what comes next; EOFError at the end."""
        raise NotImplementedError

    def flood(self, message: bytes, times: int, context: str = "") -> None:
        """Send a message again and again."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    # -- what it says ---------------------------------------------------------------------------

    def say_frame(self, items: list[Any], buffers: Sequence[bytes]) -> None:
        """Send a numbered frame."""
        frame = {"number": self.number, "ack": 0, "items": items}
        self.number += 1
        self.send(pack({"context": self.context, "frame": frame}, buffers))

    def say(self, channel: int, messages: list[Any], buffers: Sequence[bytes] = ()) -> None:
        """Send messages in one frame."""
        text = json.dumps(messages, separators=(",", ":")).encode()
        self.say_frame([[channel, 1 + len(buffers)]], [text, *buffers])

    def answer(self, value: object, specials: object, buffers: Sequence[bytes]) -> None:
        """Answer the eval that waits."""
        self.say(self.session, [["value", self.eval_number(), value, specials]], buffers)

    def finish(self) -> None:
        """Wait until the server has read all that was sent: it has answered what comes last, or cut this page off."""
        with suppress(EOFError, OSError, HTTPException):
            self.send(message_of({"context": self.context, "goodbye": True}))
            self._until(lambda: self._ended)

    # -- what it hears --------------------------------------------------------------------------

    def eval_number(self) -> int:
        """Return the number of the eval that waits."""
        self._until(lambda: any(each[0] == "eval" for each in self._heard))
        return int(next(each[1] for each in self._heard if each[0] == "eval"))

    def callback(self, kind: str) -> int:
        """Return the number of the callback of an output."""

        def shown() -> list[int]:
            nodes = [each[1] for each in self._heard if each[0] == "put"]
            return [int(node["callback"]) for node in nodes if node["kind"] == kind]

        self._until(shown)
        return shown()[0]

    def addresses(self, count: int) -> list[str]:
        """Return the addresses of so many downloads."""

        def offered() -> list[str]:
            return [about["url"] for about in self._opened if about["kind"] == "download"]

        self._until(lambda: len(offered()) >= count)
        return offered()

    def _until(self, condition: Callable[[], object]) -> None:
        until = monotonic() + TIMEOUT
        while not condition():
            if monotonic() > until:
                msg = "what was to come did not come"
                raise EOFError(msg)
            for message in self._receive():
                self._hear(message)

    def _hear(self, message: bytes) -> None:
        envelope, buffers = unpack(message)
        if envelope["context"] == self.context:
            self._ended = self._ended or "ended" in envelope
        if "number" not in envelope.get("frame", {}):
            return
        for arrival in self._link.receive({**envelope["frame"], "ack": 0}, buffers, 0.0):
            for heard in arrival.messages:
                if heard.channel == 0 and heard.body[0] == "open":
                    self._opened.append(heard.body[2])
                    if heard.body[2]["kind"] == "session":
                        self.session = heard.body[1]
                elif heard.channel == self.session:
                    self._heard.append(heard.body)


class GuestBySocket(Guest):
    """By a WebSocket."""

    def _connect(self, app: str, headers: dict[str, str]) -> None:
        try:
            self._socket = Socket(self._port, f"&app={app}", headers)
        except Exception as error:
            raise EOFError from error
        self._socket.wire.settimeout(TIMEOUT)

    def send(self, message: bytes) -> None:
        self._socket.send(message)

    def send_raw(self, data: bytes) -> None:
        self._socket.wire.sendall(data)

    def _receive(self) -> Iterator[bytes]:
        message = self._socket.receive()
        if message is None:
            raise EOFError
        assert isinstance(message, bytes)
        yield message

    def flood(self, message: bytes, times: int, context: str = "") -> None:
        size = len(message)
        head = bytes([0x82, 0xFE, size >> 8, size & 0xFF] if size > 125 else [0x82, 0x80 | size])
        self.send_raw((head + bytes(4) + message) * times)

    def close(self) -> None:
        self._socket.close()


class GuestByRequests(Guest):
    """By requests, one after the other."""

    def _connect(self, app: str, headers: dict[str, str]) -> None:
        self._path = f"/?nbsession=exchange&app={app}"
        self._headers = {"Nbsession-Hold": "5", **headers}
        self._wire = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        self._answers: list[bytes] = []

    def send(self, message: bytes) -> None:
        self.send_body(join([message]))

    def send_body(self, body: bytes, context: str = "") -> None:
        headers = {**self._headers, "Nbsession-Context": context or self.context}
        try:
            self._wire.request("POST", self._path, body, headers)
            with self._wire.getresponse() as response:
                said = response.read()
        except HTTPException as error:
            raise EOFError from error
        if response.status != 200:
            raise EOFError(response.status)
        self._answers += [bytes(each) for each in split(said)]

    def _receive(self) -> Iterator[bytes]:
        if not self._answers:
            self.send_body(b"")
        heard, self._answers = self._answers, []
        yield from heard

    def flood(self, message: bytes, times: int, context: str = "") -> None:
        self.send_body(join([message]) * times, context)

    def close(self) -> None:
        self._wire.close()

"""A visitor without a browser: speaks the protocol over a socket of its own, and answers what it is asked."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import socket
import struct
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse
from queue import Queue
from typing import TYPE_CHECKING, Any

from nbsession._link import VERSION, Link, LinkSettings
from nbsession._server.wire.envelope import join, pack, pack_text, split, unpack, unpack_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TIMEOUT = 60.0
"""Seconds that a test waits for what should come at once."""
POLL_EACH = 0.2
"""Seconds between the polls of a visitor by HTTP where the server holds none."""


def get(
    port: int, path: str = "/", method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[HTTPResponse, bytes]:
    """Ask for something and return the answer and its body. ``host_="x"`` is the header ``Host``."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request(
            method, path, body, {name.rstrip("_").replace("_", "-"): value for name, value in headers.items()}
        )
        with connection.getresponse() as response:
            return response, response.read()
    finally:
        connection.close()


NEVER = object()
"""The value of code that gives none."""


class RefusedError(Exception):
    """The server did not open a socket."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Socket:
    """A WebSocket, as bare as can be."""

    def __init__(
        self, port: int, query: str = "", headers: Mapping[str, str] | None = None, path: str = "/"
    ) -> None:
        self.wire = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = {
            "Host": f"127.0.0.1:{port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Version": "13",
            "Origin": f"http://127.0.0.1:{port}",
            **(headers or {}),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.wire.sendall(f"GET {path}?nbsession=socket{query} HTTP/1.1\r\n{head}\r\n".encode())
        self._buffer = b""
        answer = self._read_until(b"\r\n\r\n").decode()
        status = int(answer.split(" ", 2)[1])
        if status != 101:
            self.wire.close()
            raise RefusedError(status)

    def send(self, message: bytes, opcode: int = 2) -> None:
        size = len(message)
        mask = os.urandom(4)
        if size < 126:
            head = struct.pack(">BB", 0x80 | opcode, 0x80 | size)
        elif size < 2**16:
            head = struct.pack(">BBH", 0x80 | opcode, 0x80 | 126, size)
        else:
            head = struct.pack(">BBQ", 0x80 | opcode, 0x80 | 127, size)
        repeated = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(message, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big")
        self.wire.sendall(head + mask + masked)

    def receive(self) -> bytes | str | None:
        """Return the next message, a str if it is text; None when the socket has been closed."""
        while True:
            try:
                opcode, payload = self.receive_frame()
            except (EOFError, OSError):
                return None
            if opcode == 1:
                return payload.decode()
            if opcode == 2:
                return payload
            if opcode == 8:
                return None

    def receive_frame(self) -> tuple[int, bytes]:
        """Return the next frame: its kind, and what it holds."""
        first, second = self._read(2)
        size = second & 0x7F
        if size >= 126:
            size = int.from_bytes(self._read(2 if size == 126 else 8), "big")
        return first & 0xF, self._read(size)

    def close(self) -> None:
        """Cut the wire without a word."""
        with contextlib.suppress(OSError):
            self.wire.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads
        self.wire.close()

    def _read(self, size: int) -> bytes:
        while len(self._buffer) < size:
            part = self.wire.recv(2**16)
            if not part:
                raise EOFError
            self._buffer += part
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _read_until(self, end: bytes) -> bytes:
        while end not in self._buffer:
            part = self.wire.recv(2**16)
            if not part:
                raise EOFError
            self._buffer += part
        taken, self._buffer = self._buffer.split(end, 1)
        return taken


class Requests:
    """What a `Socket` is, by HTTP: a request for each message, and one that is held for what is to be heard."""

    def __init__(
        self,
        port: int,
        context: str,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        path: str = "/",
    ) -> None:
        self._port, self._path = port, f"{path}?nbsession=exchange{query}"
        self._headers = {
            "Origin": f"http://127.0.0.1:{port}",
            "Nbsession-Context": context,
            "Nbsession-Hold": "5",
            **(headers or {}),
        }
        self._heard: Queue[bytes | None] = Queue()
        self._closed = threading.Event()
        self.polls = False

    def send(self, message: bytes) -> None:
        self._post(join([message]))
        if not self.polls:
            self.polls = True
            threading.Thread(target=self._poll, daemon=True).start()

    def receive(self) -> bytes | None:
        return self._heard.get()

    def close(self) -> None:
        self._closed.set()
        self._heard.put(None)

    def _poll(self) -> None:
        while not self._closed.is_set():
            held = self._post(None)
            self._closed.wait(0.0 if held else POLL_EACH)

    def _post(self, body: bytes | None) -> bool:
        """Say something, or nothing; False if the server does not hold the answer."""
        try:
            response, heard = get(self._port, self._path, "POST", body, **self._headers)
        except (OSError, HTTPException):  # the server was stopped
            self.close()
            return False
        if response.status != 200:
            self.close()
            return False
        for message in split(heard):
            self._heard.put(bytes(message))
        return response.getheader("Nbsession-Hold") != "0"


class Visitor:
    """A page. `evaluate` answers each eval, or `NEVER`; what else is said is kept.

    Attributes
    ----------
    opened : list
        The descriptions of the sessions that were opened.
    ran : list of str
        The code of every ``run_js``.
    outputs : list of dict
        The nodes that were put.
    heard : set of type
        Of the server's messages: bytes, str.
    uploads : list of list
        What was said of uploads.
    closed, ended : str or None
        Why the session was closed; why the server ended the visit.
    """

    def __init__(
        self,
        port: int,
        query: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        evaluate: Callable[[str], Any] = lambda code: code,
        page: str | None = None,
        previous: object = None,
        protocol: str = "websocket",
        path: str = "/",
        about: Mapping[str, object] | None = None,
        texts: bool = False,
        secret: str | None = None,
    ) -> None:
        self._texts = texts
        self.heard: set[type] = set()
        self.port, self.query, self.headers, self.path = port, query, headers, path
        self.evaluate = evaluate
        self.page = page or secrets.token_hex(16)
        self.context = secrets.token_hex(16)
        self.welcomed = False
        self.opened: list[dict[str, Any]] = []
        self.numbers: list[int] = []
        self.ran: list[str] = []
        self.evaluated: list[str] = []
        self.outputs: list[dict[str, Any]] = []
        self.uploads: list[list[Any]] = []
        self.closed: str | None = None
        self.ended: str | None = None
        self.gone = False
        self._link = Link(LinkSettings(ack_delay=0.0, ack_bulk_delay=0.0))  # says at once what has arrived
        self._news = threading.Condition(threading.RLock())
        self.protocol = protocol
        self.socket = self._connect()
        info = {"language": "de-DE", "timezone": "Europe/Berlin", **(about or {})}
        self.hello: dict[str, object] = {
            "version": VERSION,
            "page": self.page,
            "context": self.context,
            "previous": previous,
            "info": info,
        }
        if secret is not None:
            self.hello["secret"] = secret
        self.say({"hello": self.hello})
        self._listen()

    def _connect(self) -> Socket | Requests:
        if self.protocol == "http":
            return Requests(self.port, self.context, self.query, self.headers, self.path)
        return Socket(self.port, self.query, self.headers, self.path)

    def _listen(self) -> None:
        threading.Thread(target=self._read, args=(self.socket,), daemon=True).start()

    def say(self, envelope: dict[str, Any], buffers: Any = ()) -> None:
        text = pack_text(envelope, buffers) if self._texts else None
        if text is None:
            self.socket.send(pack(envelope, buffers))
        else:
            assert isinstance(self.socket, Socket)
            self.socket.send(text, opcode=1)

    def reconnect(self) -> None:
        """Open another socket and go on."""
        self.socket.close()
        self.gone = False
        self.socket = self._connect()
        with self._news:
            self._link.request_probe(time.monotonic())
            self.say({"context": self.context, "frame": {"ack": self._link.received}})
            self._transmit()
        self._listen()

    def call(self, callback: int, value: object) -> None:
        """Press a button of the session that was opened last."""
        with self._news:
            opened = list(zip(self.numbers, self.opened, strict=True))
            session = [number for number, about in opened if about["kind"] == "session"][-1]
            self._link.send(session, json.dumps(["callback", callback, value]), now=time.monotonic())
            self._transmit()

    def say_on_last_channel(self, message: list[object], buffers: Sequence[bytes] = ()) -> None:
        """Say something on the channel that was opened last."""
        self.say_text_on_last_channel(json.dumps(message), buffers)

    def say_text_on_last_channel(self, text: str, buffers: Sequence[bytes] = ()) -> None:
        """Do the same with a text that may be no JSON."""
        with self._news:
            self._link.send(self.numbers[-1], text, buffers, now=time.monotonic())
            self._transmit()

    def leave(self) -> None:
        """Say goodbye, as a page does that is closed; to a server that has hung up by now, nothing."""
        with contextlib.suppress(OSError):
            self.say({"context": self.context, "goodbye": True})
        self.socket.close()

    def vanish(self) -> None:
        """Lose the connection."""
        self.socket.close()

    def wait_for(self, condition: Callable[[], object]) -> None:
        with self._news:
            if not self._news.wait_for(condition, TIMEOUT):
                msg = f"{condition} did not come true: {vars(self)}"
                raise TimeoutError(msg)

    def wait_gone(self) -> None:
        """Wait until the server has closed the socket."""
        self.wait_for(lambda: self.gone)

    @property
    def texts(self) -> list[str]:
        return [node.get("text", "") for node in self.outputs]

    def _read(self, wire: Socket | Requests) -> None:
        while (message := wire.receive()) is not None:
            self.heard.add(type(message))
            envelope, buffers = unpack_text(message) if isinstance(message, str) else unpack(message)
            with self._news:
                self._take(envelope, buffers)
                self._news.notify_all()
        with self._news:
            if wire is self.socket:
                self.gone = True
            self._news.notify_all()
        wire.close()

    def _take(self, envelope: dict[str, Any], buffers: Any) -> None:
        assert envelope.get("context") == self.context
        if "welcome" in envelope:
            self.welcomed = True
        if "ended" in envelope:
            self.ended = self.ended or envelope["ended"]
            if self.protocol == "http":
                self.socket.close()  # what has ended asks no more
        if "frame" in envelope:
            now = time.monotonic()
            for arrival in self._link.receive(envelope["frame"], buffers, now):
                for message in arrival.messages:
                    self._heed(message.channel, message.body)
            self._transmit()

    def _transmit(self) -> None:
        for out in self._link.transmit(time.monotonic()):
            try:
                self.say({"context": self.context, "frame": out.frame}, out.buffers)
            except OSError:
                return

    def _heed(self, channel: int, body: list[Any]) -> None:
        name = body[0]
        if channel == 0:
            if name == "open":
                self.numbers.append(body[1])
                self.opened.append(body[2])
            elif name == "close":
                self.closed = body[2]
        elif name == "run":
            self.ran.append(body[1])
        elif name == "eval":
            self.evaluated.append(body[2])
            value = self.evaluate(body[2])
            if value is not NEVER:
                self._link.send(channel, json.dumps(["value", body[1], value]), now=time.monotonic())
        elif name == "put":
            self.outputs.append(body[1])
        elif name in {"granted", "stopped", "stored"}:
            self.uploads.append(body)
        elif name == "snapshot":
            self.outputs = list(body[1])

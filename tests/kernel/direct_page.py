"""A page without a browser that has a direct socket: it connects to the kernel as the Jupyter server does for pages."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from nbsession._jupyter.direct.address_file import Address, find
from nbsession._jupyter.direct.framing import BINARY, SECRET, TEXT, FramingError, Reader, frame
from nbsession._server.wire.envelope import pack, unpack, unpack_text

from .fake_page import FakePage

if TYPE_CHECKING:
    from .kernel_process import KernelProcess, Message

TIMEOUT = 30.0


class RelaySocket:
    """The Jupyter server's connection to a kernel, used by the test instead of the server.

    Parameters
    ----------
    process
        The kernel.
    secret
        Another secret than the one that the kernel has written down.
    """

    opened: ClassVar[list[RelaySocket]] = []

    def __init__(self, process: KernelProcess, secret: bytes | None = None) -> None:
        address = address_of(process)
        assert address is not None
        assert address.path is not None
        self.wire = socket.socket(socket.AF_UNIX)
        self.opened.append(self)
        self.wire.settimeout(TIMEOUT)
        self.wire.connect(address.path)
        self.send(SECRET, address.secret if secret is None else secret)
        self._reader = Reader()

    def send(self, kind: int, content: bytes) -> None:
        self.wire.sendall(frame(kind, content))

    def prove(self, context: str, key: str) -> None:
        """Present a page's key."""
        with suppress(BrokenPipeError):  # it may have been refused already
            self.send(TEXT, json.dumps({"context": context, "key": key}).encode())

    def receive(self) -> tuple[dict[str, Any], Any] | None:
        """Return the next envelope and its buffers; None at the end."""
        with suppress(OSError):
            while (message := self._reader.next()) is None:
                data = self.wire.recv(65536)
                if not data:
                    return None
                self._reader.feed(data)
            return unpack_text(message[1]) if message[0] == TEXT else unpack(message[1])
        return None

    @classmethod
    def close_all(cls) -> None:
        while cls.opened:
            cls.opened.pop().close()

    def close(self) -> None:
        with suppress(OSError):
            self.wire.shutdown(socket.SHUT_RDWR)
        self.wire.close()


class DirectPage(FakePage):
    """Opens a direct socket with its first key, and answers there on a thread of its own.

    Attributes
    ----------
    keys : list of str
        The keys that it has been given; it uses each of them up when it connects.
    """

    def __init__(self, process: KernelProcess) -> None:
        super().__init__(process)
        self.keys: list[str] = []
        self.info["pending"] = ["whoami"]
        self.later = {"whoami": {"direct": True}}
        self.connects = True
        self.relay: RelaySocket | None = None
        self.attached = threading.Event()
        self.lock = threading.RLock()

    def on_comm(self, message: Message) -> None:
        with self.lock:
            super().on_comm(message)
            if "lost" in message["content"]["data"].get("content", {}):
                self._ask_again()

    def connect(self) -> None:
        """Open a socket with the next key."""
        relay = RelaySocket(self._process)
        relay.prove(self.context, self.keys.pop(0))
        threading.Thread(target=self._listen, args=(relay,), daemon=True).start()

    def cut(self) -> None:
        """Lose the socket."""
        relay = self.relay
        if relay is not None:
            relay.close()

    def tell(self, envelope: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        relay = self.relay
        if relay is None or "hello" in envelope:
            # The kernel's client is the main thread's. What is not sent is lost with the socket, and sent again.
            if threading.current_thread() is threading.main_thread():
                super().tell(envelope, buffers)
            return
        with suppress(OSError):  # its thread sees the end as well
            relay.send(BINARY, pack(envelope, buffers or []))

    def control(self, body: list[Any]) -> None:
        super().control(body)
        if body[0] == "key":
            self.keys.append(body[1])
            if self.connects and self.relay is None:
                self.connect()

    def _listen(self, relay: RelaySocket) -> None:
        while (message := relay.receive()) is not None:
            envelope, buffers = message
            with self.lock:
                if "attached" in envelope:
                    self.relay = relay
                    self.attached.set()
                    self._ask_again()
                if "frame" in envelope:
                    self._frame(envelope["frame"], buffers)
        with self.lock:
            if self.relay is relay:
                self.relay = None
                self.attached.clear()
                if self.connects and self.keys:
                    self.connect()

    def _ask_again(self) -> None:
        """Send again what the former way may have lost."""
        self._link.request_probe(0.0)
        self.flush()


def address_of(process: KernelProcess) -> Address | None:
    """Return the address that the kernel listens on."""
    return find(process.manager.connection_file)


def refused(relay: RelaySocket) -> bool:
    """Return whether the kernel closes a connection without a word."""
    try:
        return relay.receive() is None
    except FramingError:
        return False

"""A TCP proxy that can be cut, between a browser and a server."""

from __future__ import annotations

import contextlib
import socket
import threading

UPGRADE, UPGRADED = b"\r\nUpgrade: websocket\r\n", b"HTTP/1.1 101 "


class Proxy:
    """Passes bytes on to ``port`` of this machine.

    Attributes
    ----------
    port : int
        Where it listens.
    passes : bool
        Whether it takes new connections.
    passes_frames : bool
        Whether it passes on what goes through a WebSocket once that is open.
    cut_after : callable or None
        Called for each connection: after how many bytes from the server it is cut; None for never.
    cuts : int
        How many connections have been cut that way.
    """

    def __init__(self, port: int) -> None:
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.passes = True
        self.passes_frames = True
        self.cut_after = lambda: None
        self.cuts = 0
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Cut all connections."""
        for wire in list(self._open):
            self._cut(wire)

    def close(self) -> None:
        self.passes = False
        self._cut(self._listener)
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            if not self.passes:
                here.close()
                continue
            there = socket.create_connection(("127.0.0.1", self._server))
            for wire in (here, there):
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open.add(wire)
            threading.Thread(target=self._pass, args=(here, there, None), daemon=True).start()
            threading.Thread(target=self._pass, args=(there, here, self.cut_after()), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, left: int | None) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(4096):
                if left is not None:
                    left -= len(part)
                    if left <= 0:
                        self.cuts += 1
                        break
                target.sendall(part)
                if not self.passes_frames and (UPGRADE in part or part.startswith(UPGRADED)):
                    while source.recv(4096):
                        pass
        for wire in (source, target):
            self._cut(wire)

    def _cut(self, wire: socket.socket) -> None:
        self._open.discard(wire)
        with contextlib.suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)
        wire.close()

"""Ports for programs that are told where to listen, some time before they do."""

from __future__ import annotations

import random
import socket

# Below those that the system gives to connections and to whoever does not care (from 32,768 on Linux): one of these
# would now and then be taken by somebody else before its program has started.
_PORTS = range(10_000, 30_000)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    while True:
        port = random.SystemRandom().choice(_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port

"""Ports for programs that get their port some time before they listen on it."""

from __future__ import annotations

import random
import socket

# Below the ports that the system assigns to connections and to servers without a port of their own (from 32,768 on
# Linux): another program could get one of these before the intended program has started.
_PORTS = range(10_000, 30_000)
_given: set[int] = set()


def free_port() -> int:
    """Return an unused port of this machine, a different one each time.

    A kernel needs five ports: one kernel in 2,000 would otherwise get the same port twice.
    """
    while True:
        port = random.SystemRandom().choice(_PORTS)
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port

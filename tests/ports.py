"""Ports for programs that are told where to listen, some time before they do."""

from __future__ import annotations

import random
import socket

# Below those that the system gives to connections and to whoever does not care (from 32,768 on Linux): one of these
# would now and then be taken by somebody else before its program has started.
_PORTS = range(10_000, 30_000)
_given: set[int] = set()


def free_port() -> int:
    """Return a port of this machine that nobody listens on, another one each time.

    A kernel takes five: of 2,000 kernels one would be told the same port twice.
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

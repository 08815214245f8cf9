"""The clients that are connected to this kernel."""

from __future__ import annotations

import os
from typing import Any


def in_voila() -> bool:
    """Return whether Voila runs the notebook, according to its environment variable."""
    return "VOILA_KERNEL_ID" in os.environ


def behind_gateway() -> bool:
    """Return whether Kernel Gateway or Enterprise Gateway runs the kernel, according to their environment variable."""
    return "KERNEL_GATEWAY" in os.environ


def front_ends() -> int | None:
    """Return the number of front ends that a Jupyter server has connected to this kernel; None if unknown.

    A server connects a front end to all channels except the heartbeat. Clients that run notebooks (nbclient) connect to
    all channels.
    """
    import psutil  # noqa: PLC0415 -- a dependency of ipykernel, rarely needed
    from ipykernel.connect import get_connection_info  # noqa: PLC0415

    try:
        ports: Any = get_connection_info(unpack=True)
        process = psutil.Process()
        # psutil before 6.0 has only the other name.
        connections = getattr(process, "net_connections", None) or process.connections
        used = [each.laddr.port for each in connections("tcp") if each.status == psutil.CONN_ESTABLISHED]
    except (psutil.Error, OSError, RuntimeError, ValueError):
        return None
    if ports.get("transport") != "tcp":
        return None
    return max(0, used.count(ports["stdin_port"]) - used.count(ports["hb_port"]))

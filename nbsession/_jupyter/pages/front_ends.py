"""Who is connected to this kernel."""

from __future__ import annotations

import os
from typing import Any


def in_voila() -> bool:
    """Say whether Voila runs the notebook (it tells by this variable)."""
    return "VOILA_KERNEL_ID" in os.environ


def behind_gateway() -> bool:
    """Say whether a gateway runs the kernel (Kernel Gateway and Enterprise Gateway tell by this variable)."""
    return "KERNEL_GATEWAY" in os.environ


def front_ends() -> int | None:
    """Return how many front ends a Jupyter server has connected to this kernel; None where that cannot be known.

    A server connects a front end to all channels but the heartbeat; what runs notebooks (nbclient) to all channels.
    """
    import psutil  # noqa: PLC0415 -- ipykernel has it; it is rarely needed
    from ipykernel.connect import get_connection_info  # noqa: PLC0415

    try:
        ports: Any = get_connection_info(unpack=True)
        process = psutil.Process()
        # psutil before 6.0 has the other name only.
        connections = getattr(process, "net_connections", None) or process.connections
        used = [each.laddr.port for each in connections("tcp") if each.status == psutil.CONN_ESTABLISHED]
    except (psutil.Error, OSError, RuntimeError, ValueError):
        return None
    if ports.get("transport") != "tcp":
        return None
    return max(0, used.count(ports["stdin_port"]) - used.count(ports["hb_port"]))

"""Log lines about misbehaving pages. Their number is limited: pages choose how often they misbehave."""

from __future__ import annotations

import logging
import threading
from collections import deque
from time import monotonic

log = logging.getLogger("nbsession")

# Maximum number of lines of each kind, and the period in seconds; further lines are dropped.
_MOST = 100
_WITHIN = 3600.0
_lock = threading.Lock()
_told: dict[str, deque[float]] = {}


def complain(message: str, *values: object) -> None:
    """Log a warning, unless the log already has many of its kind. Can be called on any thread.

    Parameters
    ----------
    message : str
        The kind of the warning: a constant format string.
    *values
        The values of its placeholders.
    """
    now = monotonic()
    with _lock:
        told = _told.setdefault(message, deque(maxlen=_MOST))
        if len(told) == _MOST and now - told[0] < _WITHIN:
            return
        told.append(now)
    log.warning(message, *values)

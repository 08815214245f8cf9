"""What the log says of pages that do what no page does: they choose how often they do it, and cannot fill the log."""

from __future__ import annotations

import logging
import threading
from collections import deque
from time import monotonic

log = logging.getLogger("nbsession")

# Lines of each kind within so many seconds; more are left out.
_MOST = 100
_WITHIN = 3600.0
_lock = threading.Lock()
_told: dict[str, deque[float]] = {}


def complain(message: str, *values: object) -> None:
    """Log a warning, unless the log has many of its kind already. Any thread.

    Parameters
    ----------
    message : str
        What kind it is of: a constant.
    *values
        What its placeholders stand for.
    """
    now = monotonic()
    with _lock:
        told = _told.setdefault(message, deque(maxlen=_MOST))
        if len(told) == _MOST and now - told[0] < _WITHIN:
            return
        told.append(now)
    log.warning(message, *values)

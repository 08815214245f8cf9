"""What a process says is wrong: by its log, or since nobody caught it."""

from __future__ import annotations

import logging
import sys
import threading
from typing import Any

log = logging.getLogger("tests.uncaught")


class Complaints(logging.Handler):
    """Collects what is logged at error level, and what is raised where nobody catches it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._said: list[str] = []

    def listen(self) -> None:
        """Begin: with what any logger says, a thread's exception and one that Python itself cannot raise."""
        logging.getLogger().addHandler(self)
        threading.excepthook = _of_a_thread
        sys.unraisablehook = _unraisable

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(self.format(record))

    def take(self) -> list[str]:
        """Return what was collected, once."""
        said, self._said = self._said, []
        return said


def _of_a_thread(args: Any) -> None:
    log.error("uncaught in a thread", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))


def _unraisable(args: Any) -> None:
    log.error("not raised: %s", args.err_msg, exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

"""The end of the kernel. Its sessions are closed first, so that deferred functions run and pages show the reason."""

from __future__ import annotations

import atexit
import logging
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._sync import forked

from . import _private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nbsession._core.session import Session

log = logging.getLogger("nbsession")

# Jupyter sends SIGTERM to a kernel that has not ended after 2.5 s.
_PATIENCE = 2.0

RESTARTED = "the kernel was restarted, run the cell again"
SHUT_DOWN = "the kernel was shut down"
ENDED = "the kernel has ended"


class ShutdownHandler:
    """Closes the open sessions when the kernel ends.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The kernel.
    sessions : callable
        Returns the open sessions.
    flush : callable
        Sends the messages that are queued for pages.
    last_words : callable
        Called before the sessions are closed.
    """

    def __init__(
        self,
        kernel: Any,
        sessions: Callable[[], Iterable[Session]],
        flush: Callable[[], object],
        last_words: Callable[[], object],
    ) -> None:
        self._sessions = sessions
        self._flush = flush
        self._last_words = last_words
        # The request arrives on the control channel, even while a cell runs. atexit handles all other ends.
        _private.before_shutdown(kernel, lambda restart: self.close(RESTARTED if restart else SHUT_DOWN))
        atexit.register(self.close, ENDED)
        forked.in_child(self._forget)

    def _forget(self) -> None:
        """Unregister in a forked child, which may exit normally: the sessions are the parent's."""
        atexit.unregister(self.close)

    def close(self, reason: str) -> None:
        """Close all sessions and wait for their deferred functions, for at most two seconds.

        Can be called on any thread.
        """
        self._last_words()
        sessions = list(self._sessions())
        for session in sessions:
            try:
                session.close(reason, keep_outputs=False)
            except Exception:
                log.exception("session %d could not be closed", session.number)
        self._flush()
        deadline = monotonic() + _PATIENCE
        for session in sessions:
            session.wait_closed(max(0.0, deadline - monotonic()))

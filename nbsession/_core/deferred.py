"""Deferred functions: what runs once a session has closed."""

from __future__ import annotations

import asyncio
import threading
import traceback
from time import monotonic
from typing import TYPE_CHECKING

from nbsession._sync.forked import EndsChildren

from .inside import inside

if TYPE_CHECKING:
    from collections.abc import Callable

    from .session import Session


class Deferred:
    """The deferred functions of one session, in the order in which they were set.

    They run on a thread of their own: a session may be closed by whichever thread learns that it has ended.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._functions: list[Callable[[], object]] = []
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()

    def add(self, function: Callable[[], object]) -> None:
        self._functions.append(function)

    def start(self) -> None:
        """Run all, once each. To be called once, when no more can be added."""
        if not self._functions:
            self._ended.set()
            return
        name = f"nbsession deferred {self._session.number}"
        # No daemon: what cleans up is to be finished before the process ends.
        self._thread = threading.Thread(target=self._run, name=name, daemon=False)
        try:
            self._thread.start()
        except RuntimeError:  # Python is ending, and from 3.12 on starts no more threads
            self._thread = threading.current_thread()
            self._run()

    def wait(self, timeout: float) -> bool:
        """Wait until all have run, at most ``timeout`` seconds; say whether they have.

        Also where the thread that closes the session has not come to start them yet.
        """
        if self._thread is threading.current_thread():
            return True
        deadline = monotonic() + timeout
        # In stretches: a signal (Stop) is heard between them on every system.
        while not self._ended.wait(min(0.1, max(0.0, deadline - monotonic()))):
            if monotonic() >= deadline:
                return False
        return True

    def _run(self) -> None:
        functions, self._functions = self._functions, []
        with inside(self._session):
            for function in functions:
                try:
                    with EndsChildren():
                        result = function()
                        if asyncio.iscoroutine(result):
                            asyncio.run(result)
                except BaseException:  # noqa: BLE001 -- the next one is still to run
                    # Nobody called it who could be told; in a notebook this is shown in the cell.
                    traceback.print_exc()
        self._ended.set()

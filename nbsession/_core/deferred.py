"""Deferred functions, which run after a session has closed."""

from __future__ import annotations

import asyncio
import threading
import traceback
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from nbsession._sync.forked import EndsChildren

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


class _Session(Protocol):
    """The parts of a session that are used here."""

    number: int

    def inside(self) -> AbstractContextManager[None]:
        """Run the body on behalf of the session."""
        ...


class Deferred:
    """The deferred functions of one session, in the order in which they were added.

    They run on their own thread: any thread may close a session, namely the one that learns of its end.
    """

    def __init__(self, session: _Session) -> None:
        self._session = session
        self._functions: list[Callable[[], object]] = []
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()

    def add(self, function: Callable[[], object]) -> None:
        self._functions.append(function)

    def start(self) -> None:
        """Run all functions, once each. Must be called once, when no more can be added."""
        if not self._functions:
            self._ended.set()
            return
        name = f"nbsession deferred {self._session.number}"
        # Not a daemon: cleanup must finish before the process ends.
        self._thread = threading.Thread(target=self._run, name=name, daemon=False)
        try:
            self._thread.start()
        except RuntimeError:  # Python is exiting; from 3.12 on, it then starts no threads
            self._thread = threading.current_thread()
            self._run()

    def wait(self, timeout: float) -> bool:
        """Wait until all functions have run, for at most ``timeout`` seconds. Return whether they have.

        This also works if the closing thread has not started them yet.
        """
        if self._thread is threading.current_thread():
            return True
        deadline = monotonic() + timeout
        # In short intervals: on every system, a signal (Stop) is handled between them.
        while not self._ended.wait(min(0.1, max(0.0, deadline - monotonic()))):
            if monotonic() >= deadline:
                return False
        return True

    def _run(self) -> None:
        functions, self._functions = self._functions, []
        with self._session.inside():
            for function in functions:
                try:
                    with EndsChildren():
                        result = function()
                        if asyncio.iscoroutine(result):
                            asyncio.run(result)
                except BaseException:  # noqa: BLE001 -- the next functions must still run
                    # There is no caller to notify. In a notebook, the message is shown in the cell.
                    traceback.print_exc()
        self._ended.set()

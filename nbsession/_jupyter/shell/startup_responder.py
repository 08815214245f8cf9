"""Answers to front ends' startup requests while a cell is running.

A reloaded page requests the kernel's description, its comms and the state of its widgets before it creates widgets,
including this package's. The kernel answers when the cell has ended; a cell that waits for this page would wait
forever.

The answers are sent by the main thread, during a wait of this package or between two steps of an async cell. No widget
is therefore read while code that changes it runs, and no lock is needed: the interceptor's thread only queues the
requests. If a cell computes, or waits for something else, the requests are answered when it waits for the page or has
ended.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from nbsession._sync.interrupt_safe_lock import MAIN

from . import _private, _private_outputs

if TYPE_CHECKING:
    from collections.abc import Callable

_REQUESTS = frozenset({"kernel_info_request", "comm_info_request"})
_DELIMITER = b"<IDS|MSG>"
_CONTROL = "jupyter.widget.control"
_QUESTIONS = frozenset({"request_states", "request_state"})


class StartupResponder:
    """Answers startup requests of pages while a cell runs.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The running kernel.
    busy : callable
        Returns whether a cell runs. Called on any thread.
    answered : callable
        Called with the packed header of each message that was answered; publishes its ``busy`` and ``idle``.
    """

    def __init__(
        self, kernel: Any, busy: Callable[[], bool], answered: Callable[[bytes], None] = lambda _header: None
    ) -> None:
        self._kernel = kernel
        self._session = kernel.session
        self._busy = busy
        self._answered = answered
        self._log = _private.log(kernel)
        self._waiting: deque[tuple[bytes, list[bytes], dict[str, Any]]] = deque()

    def take(self, frames: list[Any]) -> bool:
        """Queue a message of the shell channel if it is a startup request and a cell runs.

        Called on the channel's thread.
        """
        if not self._busy():
            return False
        try:
            found = self._read(frames)
        except Exception:  # noqa: BLE001 -- the kernel reports unreadable messages
            self._log.debug("the startup responder could not read a message", exc_info=True)
            return False
        if found is None:
            return False
        self._waiting.append(found)
        if threading.current_thread() is threading.main_thread():
            self.answer()
        else:
            loop = _private.main_loop(self._kernel)
            if loop is not None:
                loop.call_soon_threadsafe(self.answer)
        return True

    @property
    def waiting(self) -> bool:
        """Whether requests are waiting."""
        return bool(self._waiting)

    def answer(self) -> None:
        """Answer the waiting requests. Must be called on the main thread."""
        with MAIN:
            while self._waiting:
                raw_header, idents, message = self._waiting.popleft()
                try:
                    self._handle(idents, message)
                except Exception:  # noqa: BLE001 -- unrelated to the waiting call
                    self._log.exception("a page could not be answered while a cell runs")
                self._answered(raw_header)

    def _read(self, frames: list[Any]) -> tuple[bytes, list[bytes], dict[str, Any]] | None:
        start = 0
        while frames[start].bytes != _DELIMITER:
            start += 1
        raw_header = frames[start + 2].bytes
        # A fast check first: every message of the shell channel passes here while a cell runs.
        if b"kernel_info" not in raw_header and b"comm_" not in raw_header:
            return None
        if b"comm_info" not in raw_header and b"comm_" in raw_header:
            raw_content = frames[start + 5].bytes
            if _CONTROL.encode() not in raw_content and b"request_state" not in raw_content:
                return None
        header = self._session.unpack(raw_header)
        if header.get("subshell_id") is not None:  # a subshell answers it itself
            return None
        kind = header["msg_type"]
        if kind not in _REQUESTS and not _asks(kind, self._session.unpack(frames[start + 5].bytes)):
            return None
        idents, rest = self._session.feed_identities(frames, copy=False)
        return raw_header, idents, self._session.deserialize(rest, content=True, copy=False)

    def _handle(self, idents: list[bytes], message: dict[str, Any]) -> None:
        kind, content = message["header"]["msg_type"], message["content"]
        if kind in _REQUESTS:
            _private.reply(self._kernel, kind, idents, message)
            return

        def answer() -> None:
            if kind == "comm_open":
                _private.open_comm(self._kernel, idents, message)
            else:
                _private.tell_comm(self._kernel, content["comm_id"], message)

        _private_outputs.in_answer_to(self._kernel, message, answer)


def _asks(kind: str, content: dict[str, Any]) -> bool:
    """Return whether a comm message requests the state of widgets."""
    if kind == "comm_open":
        return content.get("target_name") == _CONTROL
    data = content.get("data")
    return kind == "comm_msg" and isinstance(data, dict) and data.get("method") in _QUESTIONS

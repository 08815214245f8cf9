"""The DevTools protocol: commands and answers in JSON, each ended by a zero byte.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import itertools
import json
import logging
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from nbsession.exceptions import FrontendNotFoundException

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("nbsession")

Answer = Future[dict[str, Any]]


class DevTools:
    """The DevTools connection of one browser. Can be used on any thread.

    Parameters
    ----------
    send : callable
        Writes a message to the browser.
    happened : callable
        ``happened(method, parameters)`` is called for each event, on the thread that calls `received`.
    """

    def __init__(
        self, send: Callable[[bytes], object], happened: Callable[[str, dict[str, Any]], object]
    ) -> None:
        self._send = send
        self._happened = happened
        self._number = itertools.count(1).__next__
        self._lock = threading.Lock()
        self._pending: dict[int, Answer] = {}
        self._over = False
        self._rest = b""

    def call(self, method: str, session: str | None = None, /, **parameters: object) -> Answer:
        """Send a command and return the future of its answer.

        If the browser has ended or refuses the command, the call or its future raises `FrontendNotFoundException`.
        """
        number = self._number()
        answer: Answer = Future()
        with self._lock:
            if self._over:
                answer.set_exception(_over(method))
                return answer
            self._pending[number] = answer
        message: dict[str, object] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        self._send(json.dumps(message).encode() + b"\0")
        return answer

    def received(self, data: bytes) -> None:
        """Process the browser's output. Must always be called on the same thread."""
        *messages, self._rest = (self._rest + data).split(b"\0")
        for message in messages:
            self._take(json.loads(message))

    def _take(self, message: dict[str, Any]) -> None:
        if "id" not in message:
            try:
                self._happened(message["method"], message.get("params", {}))
            except Exception:
                log.exception("an event of the browser could not be handled: %.80r", message["method"])
            return
        with self._lock:
            answer = self._pending.pop(message["id"], None)
        if answer is None:
            return
        if "error" in message:
            said = message["error"].get("message", "")
            answer.set_exception(FrontendNotFoundException(f"the browser refused a command: {said}"))
        else:
            answer.set_result(message.get("result", {}))

    def ended(self) -> None:
        """Handle the end of the browser: no more answers arrive."""
        with self._lock:
            self._over = True
            pending, self._pending = self._pending, {}
        for answer in pending.values():
            answer.set_exception(_over("a command"))


def _over(what: str) -> FrontendNotFoundException:
    return FrontendNotFoundException(f"the browser ended before it answered {what}")

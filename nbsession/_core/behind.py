"""Long JSON texts of a visitor's page. A thread parses them; later messages of the page are handled after them."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import replace
from time import thread_time
from typing import TYPE_CHECKING

from nbsession._link import ProtocolError, Stopped, Unparsed, decode_gradually

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._link import Message

log = logging.getLogger("nbsession")

# Maximum number of messages that wait while a text is parsed. A real page sends few in that time.
_MOST_MESSAGES = 10_000


class Behind:
    """The queue of one page's messages, from a long text that is being parsed onwards.

    Parameters
    ----------
    handle : callable
        ``handle(message)`` processes a message whose body has been parsed. It is never called concurrently.
    violate : callable
        ``violate(what)`` ends the page.
    ended : callable
        Returns whether the page has ended.
    largest : int
        The maximum number of waiting bytes.
    caused : callable
        ``caused(seconds)`` is called with the processing time of each message.

    Attributes
    ----------
    busy : bool
        Whether a text is being parsed, or later messages are being handled. New messages must be `put` then.
    """

    def __init__(
        self,
        handle: Callable[[Message], None],
        violate: Callable[[str], None],
        ended: Callable[[], bool],
        largest: int,
        caused: Callable[[float], object] = lambda _seconds: None,
    ) -> None:
        self.busy = False
        self._handle = handle
        self._violate = violate
        self._ended = ended
        self._largest = largest
        self._caused = caused
        self._lock = threading.Lock()
        self._messages: deque[Message] = deque()
        self._waiting = 0

    def put(self, message: Message) -> None:
        """Queue a message."""
        with self._lock:
            begins = not self.busy
            self.busy = True
            self._waiting += _size(message)
            full = not begins and (self._waiting > self._largest or len(self._messages) >= _MOST_MESSAGES)
            if not full:
                self._messages.append(message)
        if full:
            self._violate("it sent too much while its large message was being parsed")
        elif begins:
            threading.Thread(target=self._work, name="nbsession parser", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._messages or self._ended():
                    self._messages.clear()
                    self._waiting = 0
                    self.busy = False
                    return
                message = self._messages.popleft()
                self._waiting -= _size(message)
            began = thread_time()
            try:
                if isinstance(message.body, Unparsed):
                    message = replace(message, body=decode_gradually(message.body.text, self._ended))
            except ProtocolError as error:
                self._violate(f"it sent a large message that violates the protocol: {error}")
            except Stopped:
                pass
            else:
                self._hand_on(message)
            self._caused(thread_time() - began)

    def _hand_on(self, message: Message) -> None:
        try:
            self._handle(message)
        except Exception:
            # An internal error. The thread continues, because the page would otherwise wait forever.
            log.exception("a message of a page could not be handled")


def _size(message: Message) -> int:
    text = len(message.body.text) if isinstance(message.body, Unparsed) else 0
    return text + sum(memoryview(buffer).nbytes for buffer in message.buffers)

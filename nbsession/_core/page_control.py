"""The messages that a page sends on channel 0, which belongs to the page itself."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Protocol

from nbsession._link import shown
from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

from .chunks import CHUNKS, compressed_chunk
from .libraries import LIBRARIES, compressed_library

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._link import Buffer

log = logging.getLogger("nbsession")

# Bytes that may wait on channel 0 when the page reports a missing channel: to a page that reads, hardly any do.
_MOST_REOPENING = 1024 * 1024

_CHANGING = frozenset({"dark_mode", "notebook", "screen", "url"})
# Characters of these fields. Browsers limit an address to some 32,000 to 2 million; servers to 8,000 or so.
_LONGEST_CHANGE = 64 * 1024


class _Page(Protocol):
    """The parts of a page that `PageControl` uses."""

    context: str
    info: dict[str, Any]

    def opening(self, number: int) -> object:
        """Return the message that opens a channel; None if there is no such channel."""
        ...

    def waiting(self, channel: int | None = None) -> int:
        """Return the number of bytes that are queued on a channel."""
        ...

    def send(self, channel: int, text: str, buffers: Sequence[Buffer] = ()) -> None:
        """Queue a message."""
        ...

    def update_info(self, fields: Mapping[str, object]) -> None:
        """Replace fields of ``info``."""
        ...

    def violate(self, what: str) -> None:
        """Handle a violation of the protocol."""
        ...


class PageControl:
    """Handles a page's messages on channel 0. One thread at a time, except `on_complete` and `release`.

    Parameters
    ----------
    page : Page
        The page.

    Attributes
    ----------
    reopened : set of int
        The channels that were opened again for the frame that is being received.
    """

    def __init__(self, page: _Page) -> None:
        self.reopened: set[int] = set()
        self._page = page
        self._lock = InterruptSafeLock()
        self._handle: Callable[[list[Any]], None] | None = None
        self._completed: list[Callable[[], None]] = []
        self._sent: set[tuple[str, str]] = set()  # chunks and libraries, by context and name

    def pass_on(self, handle: Callable[[list[Any]], None]) -> None:
        """Call ``handle(body)`` with each message that is not about a missing channel."""
        self._handle = handle

    def begin_frame(self) -> None:
        """Allow channels to be opened again: another frame is being received."""
        self.reopened.clear()

    def receive(self, body: list[Any]) -> None:
        """Handle a message."""
        if body[0] == "refused" and len(body) > 1:
            if type(body[1]) is int:
                self._reopen(body[1])
            return
        try:
            if body[0] == "info" and len(body) > 1:
                self._complete(body)
                return
            if body[0] == "changed" and len(body) > 1:
                self._change(body[1])
            elif body[0] == "chunk" and len(body) > 1:
                self._send_chunk(body[1])
                return
            if self._handle is not None:
                self._handle(body)
        except RecursionError:
            self._page.violate("it sent a message that is nested too deeply")
        except Exception:
            log.exception("a message of the page could not be handled: %s", shown(body))

    def on_complete(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when the page has sent all of its ``info``, or is gone; now if it has."""
        with self._lock:
            if self._page.info.get("pending"):
                self._completed.append(wake)
                return
        wake()

    def release(self) -> None:
        """Wake everything that waits for the page's ``info``."""
        with self._lock:
            wakes, self._completed = self._completed, []
        for wake in wakes:
            wake()

    def _complete(self, body: list[Any]) -> None:
        """Take the fields that the page's hello announced, and no others."""
        with self._lock:
            due = self._page.info.get("pending")
            fields = body[1] if isinstance(body[1], dict) else {}
            self._page.update_info(
                {name: fields[name] for name in fields if isinstance(due, list) and name in due}
            )
        try:
            if self._handle is not None:
                self._handle(body)
        finally:
            # Not before: the code that waits for the fields reads what the handler has recorded of them.
            with self._lock:
                self._page.update_info({"pending": []})
            self.release()

    def _change(self, told: object) -> None:
        """Take the fields that can change while a page is open, and no others."""
        fields = told if isinstance(told, dict) else {}
        known = {name: fields[name] for name in _CHANGING & fields.keys()}
        if len(json.dumps(known)) > _LONGEST_CHANGE:
            self._page.violate("it described itself at too great a length")
            return
        self._page.update_info(known)

    def _send_chunk(self, name: object) -> None:
        """Send a part of the client or a library, once to each context: none needs it twice."""
        if not isinstance(name, str) or name not in CHUNKS | LIBRARIES:
            return
        asked = (self._page.context, name)
        if asked in self._sent:
            return
        self._sent = {sent for sent in self._sent if sent[0] == self._page.context} | {asked}
        try:
            buffers = [compressed_chunk(name) if name in CHUNKS else compressed_library(name)]
        except OSError:
            log.exception("a part of nbsession's client cannot be read: %s", name)
            buffers = []
        self._page.send(0, json.dumps(["chunk", name]), buffers)

    def _reopen(self, number: int) -> None:
        """Open a channel again that the page reports as missing, once per frame."""
        if number in self.reopened:
            return
        opening = self._page.opening(number)
        if opening is None:
            return
        if self._page.waiting(0) > _MOST_REOPENING:
            self._page.violate("it misses channels, and does not read that they are opened again")
            return
        self.reopened.add(number)
        self._page.send(0, json.dumps(["open", number, opening]))

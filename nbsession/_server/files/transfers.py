"""Files that browsers fetch. Each has its own address, which works for one request."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from nbsession._core.download_content import PIECE
from nbsession.exceptions import SessionException

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.download_channel import Download
    from nbsession._sync.timer_thread import TimerThread

FILE = "file"
TOKEN = "file"  # noqa: S105 -- the name of a parameter
_RANDOM_BYTES = 32
# Seconds in which a browser must request an offered file: the browser may ask the reader first.
_FETCH_WITHIN = 60.0
# Minimum seconds between two reports of progress.
_BETWEEN_PROGRESS = 0.1


class Transfers:
    """The files that the pages of one server may fetch.

    Parameters
    ----------
    alarm : TimerThread
        The timer for files that are not fetched in time.

    Attributes
    ----------
    landing : bool
        Whether the browser is controlled by this process and reports saved files (`landed`). A file counts as delivered
        only then.
    """

    def __init__(self, alarm: TimerThread) -> None:
        self.landing = False
        self._alarm = alarm
        self._offered: dict[str, FileTransfer] = {}
        self._expected: dict[str, FileTransfer] = {}

    def __len__(self) -> int:
        return len(self._offered)

    def offer(self, download: Download) -> FileTransfer:
        """Create the transfer and the address of a download."""
        token = secrets.token_urlsafe(_RANDOM_BYTES)
        transfer = FileTransfer(download, token, self._alarm, lambda: self._forget(token))
        self._offered[token] = transfer
        if self.landing:
            transfer.lands = True
            self._expected[token] = transfer
        return transfer

    def _forget(self, token: str) -> None:
        self._offered.pop(token, None)
        self._expected.pop(token, None)

    def take(self, token: str) -> FileTransfer | None:
        """Return the file with this token, once."""
        transfer = self._offered.pop(token, None)
        if transfer is not None:
            transfer.begin()
        return transfer

    def expects(self, url: str) -> bool:
        """Return whether the browser is expected to save the file of this address."""
        return _token(url) in self._expected

    def landed(self, url: str, failure: str | None = None) -> None:
        """Handle the browser's report that the file of an address was saved, or why it was not."""
        transfer = self._expected.pop(_token(url), None)
        if transfer is not None:
            transfer.landed(failure)


class FileTransfer:
    """One file. The program queues bytes, and the server's loop takes them.

    Parameters
    ----------
    download : Download
        The download, which is notified of progress, delivery and failure.
    token : str
        The token in the file's address.
    alarm : TimerThread
        The timer that fires if the file is not fetched in time.
    withdraw : callable
        Invalidates the address.

    Attributes
    ----------
    closed : bool
        Whether the transfer is closed. Nothing more is sent then.
    lands : bool
        Whether the file counts as delivered only after the browser has reported that it is saved.
    """

    def __init__(
        self, download: Download, token: str, alarm: TimerThread, withdraw: Callable[[], object]
    ) -> None:
        self.closed: bool = False
        self.lands = False
        self._download = download
        self._url: str | None = f"?nbsession={FILE}&{TOKEN}={token}"
        self._withdraw = withdraw
        self._limit = alarm.handle(self._lapsed)
        self._until: float | None = None
        self._lock = threading.Lock()
        self._queue: deque[memoryview] = deque()
        self._waiting = 0
        self._ended = False
        self._given = False
        self._wake: Callable[[], object] | None = None
        self._gone: Callable[[], object] | None = None
        self._drained: list[Callable[[], None]] = []
        self._sent = 0
        self._told = monotonic()
        # Some files do not know their size and report 0, for example those of /proc.
        self._size = None if download.streamed and not download.size else download.size

    # -- the program's side -------------------------------------------------------------------

    @property
    def url(self) -> str | None:
        return self._url

    def clicked(self) -> None:
        if self._url is not None:
            self._until = monotonic() + _FETCH_WITHIN
            self._limit.at(self._until)

    def _lapsed(self, now: float) -> float | None:
        until = self._until
        if self._url is None or until is None:
            return None
        if now < until:
            return until
        self._download.fail(
            SessionException(f"the browser did not fetch {self._download.name!r} in {_FETCH_WITHIN:.0f} s")
        )
        return None

    def send(self, piece: bytes) -> None:
        with self._lock:
            if self.closed or not piece:
                return
            self._queue.append(memoryview(piece))
            self._waiting += len(piece)
        self._awake()

    def end(self) -> None:
        self._ended = True
        self._awake()

    def close(self) -> None:
        with self._lock:
            self.closed = True
            self._url = None
            self._queue.clear()
            self._waiting = 0
            gone, self._gone = self._gone, None
        self._withdraw()
        self._limit.close()
        if gone is not None:
            gone()
        self._release_drained()

    def waiting(self) -> int:
        return self._waiting

    def on_drained(self, wake: Callable[[], None]) -> None:
        self._drained.append(wake)
        if self.closed:
            self._release_drained()

    def _release_drained(self) -> None:
        wakes, self._drained = self._drained, []
        for wake in wakes:
            wake()

    def _awake(self) -> None:
        with self._lock:
            wake, self._wake = self._wake, None
        if wake is not None:
            wake()

    # -- the server's side: on its loop -------------------------------------------------------

    def begin(self) -> None:
        """Handle the start of the fetch: the address does not work any more."""
        self._url = None
        self._limit.close()

    def headers(self) -> dict[str, str]:
        """Return the response's headers."""
        headers = {
            "Content-Type": self._download.type,
            "Content-Disposition": disposition(self._download.name),
            "Accept-Ranges": "none",
            "Cache-Control": "no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        if self._size is not None:
            headers["Content-Length"] = str(self._size)
        return headers

    def on_gone(self, wake: Callable[[], object]) -> None:
        """Call ``wake`` when the transfer is closed or its connection is cut; at once if it is closed."""
        with self._lock:
            if not self.closed:
                self._gone = wake
                return
        wake()

    def cut(self) -> None:
        """Handle the end of the connection, which a browser may close after it has received everything."""
        with self._lock:
            gone, self._gone = self._gone, None
        if gone is not None:
            gone()

    def take(self, wake: Callable[[], object]) -> bytes | None:
        """Return the next bytes; empty at the end. Return None if there are none yet, and call ``wake`` later."""
        with self._lock:
            if self._size is not None and self._sent >= self._size:
                return b""  # the file may have grown since its size was sent
            if self.closed:
                return None
            if self._queue:
                return self._piece()
            if self._ended:
                return b""
            self._wake = wake
            return None

    def _piece(self) -> bytes:
        first = self._queue[0]
        room = PIECE if self._size is None else min(PIECE, self._size - self._sent)
        piece = first[:room]
        if len(piece) == len(first):
            self._queue.popleft()
        else:
            self._queue[0] = first[room:]
        self._waiting -= len(piece)
        self._sent += len(piece)
        return bytes(piece)

    def written(self) -> None:
        """Handle the report that the system has taken the last piece."""
        self._release_drained()
        now = monotonic()
        if now - self._told >= _BETWEEN_PROGRESS:
            self._told = now
            self._download.progress(self._sent)

    @property
    def sized(self) -> bool:
        """Whether the response has a Content-Length."""
        return self._size is not None

    def complete(self) -> bool:
        """Return whether all bytes that the Content-Length promised were sent."""
        if self._size is None or self._sent == self._size:
            return True
        name, missing = self._download.name, self._size - self._sent
        self._download.fail(SessionException(f"{name!r} lost {missing:,} bytes while it was read"))
        return False

    def delivered(self) -> None:
        """Handle the report that the system has taken the last byte."""
        self._given = True
        if not self.lands:
            self._download.delivered()

    def landed(self, failure: str | None) -> None:
        """Handle the browser's report that the file was saved, or why it was not."""
        if failure is None:
            self._download.delivered()
        else:
            self._download.fail(SessionException(f"{self._download.name!r} could not be saved: {failure}"))

    def broken(self) -> None:
        """Handle a connection that can send no more."""
        if self._given:
            return
        self._download.fail(
            SessionException(f"the connection was lost while {self._download.name!r} was being sent")
        )


def _token(url: str) -> str:
    return parse_qs(urlsplit(url).query).get(TOKEN, [""])[0]


def disposition(name: str) -> str:
    """Return the header ``Content-Disposition`` for a file name (RFC 6266, RFC 5987)."""
    plain = "".join(
        character if " " <= character <= "~" and character not in '"\\%' else "_" for character in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

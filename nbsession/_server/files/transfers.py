"""Files on their way to browsers: each has an address of its own, good for one request."""

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
# Seconds within which a browser that was told to fetch a file must ask for it: it may ask its user first.
_FETCH_WITHIN = 60.0
# Progress is told at most this often, in seconds.
_BETWEEN_PROGRESS = 0.1


class Transfers:
    """The files that the pages of one server may fetch.

    Parameters
    ----------
    alarm : TimerThread
        Knows when one has not been fetched in time.

    Attributes
    ----------
    landing : bool
        The browser is one of ours, and says when it has saved a file (`landed`): until then it is not delivered.
    """

    def __init__(self, alarm: TimerThread) -> None:
        self.landing = False
        self._alarm = alarm
        self._offered: dict[str, FileTransfer] = {}
        self._expected: dict[str, FileTransfer] = {}

    def __len__(self) -> int:
        return len(self._offered)

    def offer(self, download: Download) -> FileTransfer:
        """Give a download an address."""
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
        """Return the file with this token, the first time that it is asked for."""
        transfer = self._offered.pop(token, None)
        if transfer is not None:
            transfer.begin()
        return transfer

    def expects(self, url: str) -> bool:
        """Return whether the browser is to save the file of this address."""
        return _token(url) in self._expected

    def landed(self, url: str, failure: str | None = None) -> None:
        """Learn that the browser has saved the file of an address of ours, or why it could not."""
        transfer = self._expected.pop(_token(url), None)
        if transfer is not None:
            transfer.landed(failure)


class FileTransfer:
    """One file: its program queues bytes, the server's loop takes them.

    Parameters
    ----------
    download : Download
        Learns what becomes of it.
    token : str
        Its part of the address.
    alarm : TimerThread
        Knows when it has not been fetched in time.
    withdraw : callable
        Takes the address back.

    Attributes
    ----------
    closed : bool
        It has been forgotten: nothing is sent any more.
    lands : bool
        It is delivered when the browser has said that it is saved.
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
        # An empty file may be one that does not know its size, as those of /proc.
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
        """Learn that it is being fetched: its address is good no more."""
        self._url = None
        self._limit.close()

    def headers(self) -> dict[str, str]:
        """Return what the answer says of the file."""
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
        """Call ``wake`` when it is forgotten, or the connection was cut; now if it has been."""
        with self._lock:
            if not self.closed:
                self._gone = wake
                return
        wake()

    def cut(self) -> None:
        """Learn that the connection was closed, perhaps by a browser that has got everything."""
        with self._lock:
            gone, self._gone = self._gone, None
        if gone is not None:
            gone()

    def take(self, wake: Callable[[], object]) -> bytes | None:
        """Return the next bytes, none at the end; None if they are still to come: ``wake`` is then called."""
        with self._lock:
            if self._size is not None and self._sent >= self._size:
                return b""  # it may have grown since its size was told
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
        """Learn that the system has taken what was taken from here."""
        self._release_drained()
        now = monotonic()
        if now - self._told >= _BETWEEN_PROGRESS:
            self._told = now
            self._download.progress(self._sent)

    @property
    def sized(self) -> bool:
        """Whether the answer's head says how long it is."""
        return self._size is not None

    def complete(self) -> bool:
        """Say whether no byte is missing that the answer's head has promised."""
        if self._size is None or self._sent == self._size:
            return True
        name, missing = self._download.name, self._size - self._sent
        self._download.fail(SessionException(f"{name!r} lost {missing:,} bytes while it was read"))
        return False

    def delivered(self) -> None:
        """Learn that the system has taken the last byte."""
        self._given = True
        if not self.lands:
            self._download.delivered()

    def landed(self, failure: str | None) -> None:
        """Learn that the browser has saved the file, or why it could not."""
        if failure is None:
            self._download.delivered()
        else:
            self._download.fail(SessionException(f"{self._download.name!r} could not be saved: {failure}"))

    def broken(self) -> None:
        """Learn that no more can be sent."""
        if self._given:
            return
        self._download.fail(
            SessionException(f"the connection was lost while {self._download.name!r} was on its way")
        )


def _token(url: str) -> str:
    return parse_qs(urlsplit(url).query).get(TOKEN, [""])[0]


def disposition(name: str) -> str:
    """Return the header ``Content-Disposition`` for a file name (RFC 6266, RFC 5987)."""
    plain = "".join(
        character if " " <= character <= "~" and character not in '"\\%' else "_" for character in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

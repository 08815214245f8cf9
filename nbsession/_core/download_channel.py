"""A download on its way: a file from Python to the reader's disk, in pieces, by a channel of its page."""

from __future__ import annotations

import json
import mimetypes
import threading
from typing import TYPE_CHECKING, Any, Protocol

from nbsession._sync import forked
from nbsession.exceptions import PageLostError, SessionClosedException, SessionException

from .brief import BRIEF
from .call import Call
from .download_content import PIECE, Content

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from nbsession._link import Buffer
    from nbsession._sync.waiter import Waiter

    from .interfaces.channel import Caller
    from .interfaces.file_transfer import Transfer
    from .outputs import Outputs
    from .page import Page

# The most bytes of a file or an iterator that wait in Python.
_READ_AHEAD = 4 * PIECE
# An open file that the page has not fetched counts as this many bytes, so there are at most 100.
_OPEN_FILE = 640 * 1024
# The browser's own display is enough for small downloads.
_PROGRESS_ABOVE = PIECE


class _Delivery(Protocol):
    """The part of a session that sends."""

    @property
    def unattached(self) -> bool:
        """Whether the session waits for a page."""
        ...

    def add_download(self, download: Download) -> None:
        """Start a download, now or when a page attaches."""
        ...

    def on_attach(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when a page attaches or the session is closed."""
        ...


class _Session(Protocol):
    """The parts of a session that its downloads use."""

    number: int
    outputs: Outputs

    @property
    def page(self) -> Page | None:
        """Its page."""
        ...

    @property
    def closed(self) -> str | None:
        """Why it was closed, or None while it is open."""
        ...

    @property
    def delivery(self) -> _Delivery:
        """Its part that sends."""
        ...

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        """Block the calling thread; see `Platform.wait`."""
        ...

    def attach_timeout(self, *, awaited: bool) -> float:
        """Return the seconds that a call may wait for the first page."""
        ...

    def no_frontend(self, *, awaited: bool) -> str | None:
        """Return the error message for a page that has not attached; None to continue waiting."""
        ...

    def offer(self, download: Download) -> Transfer | None:
        """Let the page fetch a file over HTTP; None if the link carries it."""
        ...

    def finish_if_idle(self) -> None:
        """Close the session if its app has returned and nothing of it remains."""
        ...


class Download:
    """A download in progress. May be awaited. As a cell's last value, it displays nothing."""

    def __init__(self, session: _Session, channel: int, name: str, content: Content) -> None:
        self.name = name
        self.number = channel
        self.session = session
        self._content = content
        self.size: int | None = content.size
        self.streamed: bool = content.in_memory is None
        self.type: str = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._transfer: Transfer | None = None
        self._page: Page | None = None
        self._node: int | None = None
        self._read = 0
        self._lock = threading.Lock()
        self._settled = False
        self._failure: BaseException | None = None
        self._calls: list[Call] = []  # calls that wait for its end

    def __repr__(self) -> str:
        state = "failed" if self._failure else "done" if self._settled else "in progress"
        return f"<Download {self.name!r} {state}>"

    def _ipython_display_(self) -> None:
        """Show nothing: ``download(...)`` is often a cell's last line."""

    def held(self) -> tuple[int, int] | None:
        """Return the content and the number of bytes that a file keeps until the page fetches it; otherwise None."""
        content = self._content.in_memory
        if self._transfer is None or self._settled:
            return None
        return (id(self), _OPEN_FILE) if content is None else (id(content), len(content))

    # -- what users call ----------------------------------------------------------------------

    @property
    def done(self) -> bool:
        """Whether the browser's download manager has every byte. A page cannot know more than that."""
        return self._settled and self._failure is None

    def wait(self, timeout: float | None = None) -> None:
        """Block until the browser's download manager has every byte.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait. By default, there is no limit (but 10 s for the first page to attach).

        Raises
        ------
        JSTimeoutError
            If it took longer.
        SessionException
            If the file could not be saved, the page was lost or the session ended.
        """
        __tracebackhide__ = True
        with BRIEF:
            self._call().result(timeout)

    def __await__(self) -> Generator[Any, None, None]:
        return self._awaited().__await__()

    async def _awaited(self) -> None:
        __tracebackhide__ = True
        with BRIEF:
            await self._call(awaited=True)

    def _call(self, *, awaited: bool = False) -> Call:
        forked.check(self.session)
        call = Call(self.session, awaited=awaited)
        with self._lock:
            if not self._settled:
                self._calls.append(call)
                return call
        call.settle(error=self._failure)
        return call

    # -- sending ------------------------------------------------------------------------------

    def opening(self) -> dict[str, object]:
        about: dict[str, object] = {
            "kind": "download",
            "session": self.session.number,
            "name": self.name,
            "size": self.size,
            "type": self.type,
        }
        if self._transfer is not None and self._transfer.url is not None:
            about["url"] = self._transfer.url
        return about

    def start(self, page: Page) -> None:
        """Open the channel on ``page``. Content in memory is queued there completely, without a copy."""
        self._transfer = self.session.offer(self)
        self._page = page
        content = self._content.in_memory
        page.open(self)
        closed = self.session.closed
        if closed is not None:  # it has just closed: no other code will end it
            self.end(closed)
        elif content is not None:
            self._queue_all(page, content)

    def _queue_all(self, page: Page, content: bytes) -> None:
        self._show_progress(len(content))
        if self._transfer is not None:
            self._transfer.send(content)
            self._transfer.end()
            return
        view = memoryview(content)
        for start in range(0, len(content), PIECE):
            page.send(self.number, '["chunk"]', (view[start : start + PIECE],))
        page.send(self.number, '["end"]')

    def stream(self) -> None:
        """Read the content to its end and send it, at most 4 MiB ahead of the page."""
        try:
            for piece in self._content.pieces():
                self._make_room()
                page = self._page
                if page is None or self._settled:
                    break
                self._read += len(piece)
                self._show_progress(self._read)
                self._send(page, piece)
            else:
                self._make_room()
                if self._page is not None and not self._settled:
                    self._send(self._page, None)
        except BaseException as error:
            self._abort(f"{type(error).__name__}: {error}")
            self._finish(error, told=True)
            raise
        if self._failure is not None:
            raise self._failure

    def _send(self, page: Page, piece: bytes | None) -> None:
        """Send the next bytes; None marks the end."""
        transfer = self._transfer
        if transfer is None:
            if piece is None:
                page.send(self.number, '["end"]')
            else:
                page.send(self.number, '["chunk"]', (piece,))
        elif piece is None:
            transfer.end()
        else:
            transfer.send(piece)

    def stream_quietly(self) -> None:
        """Stream in a separate thread. Errors are raised by the handle, and shown."""
        try:
            self.stream()
        except Exception as error:  # noqa: BLE001 -- the content is the caller's: it may raise anything
            self.session.outputs.notice("error", f"The download of {self.name!r} failed: {error}")

    def _make_room(self) -> None:
        """Wait for the page to attach, and then for it to catch up."""
        while not self._settled:
            page = self._page
            if page is not None and self._waiting(page) <= _READ_AHEAD:
                return
            room = Call(self.session)
            if page is None:
                self.session.delivery.on_attach(room.release)
                if self._page is not None:
                    continue
            else:
                (self._transfer or page).on_drained(room.release)
                if self._waiting(page) <= _READ_AHEAD:
                    return
            room.result()

    def _waiting(self, page: Page) -> int:
        return page.waiting(self.number) if self._transfer is None else self._transfer.waiting()

    def _show_progress(self, size: int) -> None:
        if self._node is None and size > _PROGRESS_ABOVE:
            self._node = self.session.outputs.put(
                "download", channel=self.number, name=self.name, size=self.size, state="running"
            )

    def _abort(self, reason: str) -> None:
        if self._page is not None:
            self._page.forget(self.number)
            self._page.send(self.number, json.dumps(["abort", reason]))

    # -- the page's messages ------------------------------------------------------------------

    def receive(self, message: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:  # noqa: ARG002
        if message[0] == "saved" and self._transfer is None:
            self._finish(None)
        elif message[0] == "clicked" and self._transfer is not None:
            self._transfer.clicked()
        elif message[0] == "failed":
            text = str(message[1])[:2000] if len(message) > 1 else ""
            self._finish(SessionException(f"{self.name!r} could not be saved: {text}"))

    # -- files that the browser fetches ----------------------------------------------------------

    def progress(self, sent: int) -> None:
        """Tell the page how many bytes have been sent."""
        if self._node is not None and self._page is not None:
            self._page.send(self.number, f'["progress",{sent}]')

    def delivered(self) -> None:
        """Settle the download: every byte has been sent."""
        self._finish(None)

    def lost(self, in_doubt: list[list[Any]], queued: list[str]) -> None:  # noqa: ARG002
        """Start again in the page's next context, unless the file may already have been saved."""
        if self._transfer is not None:
            return  # the browser continues, or the next context also gets the address
        content = self._content.in_memory
        if content is None or '["end"]' not in queued or self._page is None:
            self._fail_with_page()
            return
        self._page.forget(self.number)
        self._queue_all(self._page, content)

    def leave(self, queued: list[str]) -> None:
        """Start again on the session's next page, unless the file may already have been saved."""
        if self._transfer is not None or self._content.in_memory is None or '["end"]' not in queued:
            self._fail_with_page()
            return
        self._page = None
        try:
            self.session.delivery.add_download(self)
        except SessionClosedException as error:
            self.fail(error)

    def _fail_with_page(self) -> None:
        self.fail(
            PageLostError(f"the page was lost during the download of {self.name!r}; it may have been saved")
        )

    def end(self, reason: str) -> None:
        self.fail(SessionClosedException(reason))

    def fail(self, error: BaseException) -> None:
        """Settle the download as failed."""
        self._finish(error)

    def _finish(self, failure: BaseException | None, *, told: bool = False) -> None:
        with self._lock:
            if self._settled:
                return
            self._failure, self._settled = failure, True
            calls, self._calls = self._calls, []
        self._content.forget()
        for call in calls:
            call.settle(error=failure)
        if self._transfer is not None:
            self._transfer.close()
        outputs = self.session.outputs
        if self._node is not None:
            text = "" if failure is None else str(failure)
            outputs.update(self._node, state="saved" if failure is None else "failed", text=text)
        elif failure is not None and not told and not isinstance(failure, SessionClosedException):
            outputs.notice("error", f"The download of {self.name!r} failed: {failure}")
        if self._page is not None:
            self._page.close(self, "saved" if failure is None else "failed")
        self.session.finish_if_idle()

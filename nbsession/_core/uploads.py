"""Uploads: files that a page sends to a form or a pin, in pieces and no faster than they are written."""

from __future__ import annotations

import errno
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

from .backlog import BACKLOG_LIMIT
from .upload_content import TooManyFilesError, UploadContent
from .uploaded_file import UploadedFile, base_name, mime_type, timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._link import Buffer

    from .interfaces.channel import Caller

EVENTS = frozenset({"upload", "piece", "uploaded", "discard"})
"""The events of the message ``input`` that are for `Uploads.receive`."""
PIECE = 256 * 1024
"""The most bytes of one piece."""
FIRST = 1024 * 1024
"""The bytes that a page may send of a file without being told."""
WINDOW = 2 * 1024 * 1024
"""The most bytes that have been granted or received, and not been written."""
MOST_FILES = 1000
"""The most files of one form or pin."""
# Numbers of the page are exact up to here.
_LARGEST = 2**53
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class _Session(Protocol):
    """The part of a session that its uploads use."""

    number: int


@dataclass(frozen=True)
class Limits:
    """What a field takes.

    Attributes
    ----------
    max_size, max_total_size : int
        Bytes of a file, and of all files of the field; 0 for no limit.
    multiple : bool
        Whether it takes several files.
    directory : str, optional
        The folder for temporary files, if it is not the system's.
    """

    max_size: int = 0
    max_total_size: int = 0
    multiple: bool = False
    directory: str | None = None


@dataclass(eq=False)
class _Upload:
    """One file."""

    number: int
    field_name: str
    page: Caller
    filename: str
    mime_type: str
    last_modified: float
    size: int
    content: UploadContent
    pending: bytearray = field(default_factory=bytearray)  # received, not being written
    received: int = 0
    written: int = 0
    granted: int = FIRST
    ended: bool = False  # the page has sent everything
    dropped: bool = False  # stopped or discarded
    file: UploadedFile | None = None  # once it is complete


class Uploads:
    """The files of one form or one pin.

    A page sends one file after the other: the next one after ``stored``, ``stopped`` or its own ``discard``. Files of a
    page belong to its context: they are dropped when another page, or this one after a reload, begins to send.

    Parameters
    ----------
    session : Session
        Whose channel the answers go to.
    limits : mapping
        The limits of each field, by its name.
    woken : callable
        Called on the receiving thread when there is something to do for `work`, once until `work` is called.
    max_total_size : int
        The most bytes of all fields together; 0 for no limit.

    Attributes
    ----------
    waiting : int
        The number of bytes that have been received and not been written.
    """

    def __init__(
        self,
        session: _Session,
        limits: Mapping[str, Limits],
        woken: Callable[[], None],
        *,
        max_total_size: int = 0,
    ) -> None:
        self._session = session
        self._limits = dict(limits)
        self._woken = woken
        self._max_total_size = max_total_size
        self._lock = InterruptSafeLock()
        self._sender: tuple[Caller, str] | None = None  # a page, and its context
        self._last = -1  # the sender's numbers grow: an older one is of a file that is over
        self._uploads: dict[int, _Upload] = {}
        self._due: dict[_Upload, None] = {}  # in order
        self._worker: object | None = None
        self._called = False
        self._closed = False
        self._refused: str | None = None  # why nothing more is taken
        self.waiting: int = 0

    # -- the receiving thread -------------------------------------------------------------------

    def receive(self, event: str, rest: Sequence[Any], buffers: Sequence[Buffer], page: Caller) -> None:
        """Process one event of `EVENTS`. Returns at once; pages are not trusted to follow the protocol."""
        with self._lock:
            if self._closed:
                return
        if event == "upload":
            self._begin(rest, page)
            return
        if not rest or type(rest[0]) is not int:
            page.violate(f"{event!r} of a file without a number")
            return
        number = rest[0]
        with self._lock:
            sends = self._sender == (page, page.context)
            upload = self._uploads.get(number) if sends else None
            unknown = sends and number > self._last
        if unknown:
            page.violate(f"{event!r} of a file that was not announced")
        elif upload is None:  # it is over, which the page did not know yet
            return
        elif event == "piece":
            self._add(upload, buffers)
        elif event == "uploaded":
            self._end(upload)
        elif event == "discard":
            self._drop(upload)

    def _begin(self, rest: Sequence[Any], page: Caller) -> None:
        name, number, about = (*rest, None, None, None)[:3]
        size = about.get("size") if isinstance(about, dict) else None
        if not isinstance(name, str) or type(number) is not int or not 0 <= number <= _LARGEST:
            page.violate("a file without a field or a number")
            return
        if not isinstance(about, dict) or type(size) is not int or not 0 <= size <= _LARGEST:
            page.violate("a file without a size")
            return
        if page.waiting(self._session.number) > 2 * BACKLOG_LIMIT:
            page.violate("it does not take the answers to its files")
            return
        limits = self._limits.get(name)
        if limits is None:
            page.violate("a file for a field that takes none")
            return
        if self._sender != (page, page.context):
            self._change_sender(page)
        with self._lock:
            if self._closed:
                return
            again = number <= self._last
            self._last = max(number, self._last)
            refused = None if again else self._refusal(name, limits, size)
            if not again and refused is None:
                upload = self._uploads[number] = _Upload(
                    number,
                    name,
                    page,
                    base_name(about.get("name")),
                    mime_type(about.get("type")),
                    timestamp(about.get("modified")),
                    size,
                    UploadContent(limits.directory),
                )
        if again:
            page.violate("a file whose number is not new")
        elif refused is not None:
            self._tell(page, "stopped", number, refused)
        else:
            self._wake(upload)

    def _change_sender(self, page: Caller) -> None:
        with self._lock:
            uploads = list(self._uploads.values())
            self._sender, self._last = (page, page.context), -1
        for upload in uploads:
            self._drop(upload)

    def _refusal(self, name: str, limits: Limits, size: int) -> str | None:
        """Tell why a file is not taken. Its announced size is a limit of its own, so that this is enough."""
        if self._refused is not None:
            return self._refused
        everything = self._uploads.values()
        others = [upload for upload in everything if upload.field_name == name]
        total = size + sum(upload.size for upload in others)
        of_all = size + sum(upload.size for upload in everything)
        refusals = {
            "Another file is still being uploaded.": any(not upload.ended for upload in everything),
            "Only one file can be chosen.": others and not limits.multiple,
            f"At most {MOST_FILES:,} files can be uploaded.": len(everything) >= MOST_FILES,
            f"The file is larger than {_told(limits.max_size)}.": 0 < limits.max_size < size,
            f"The files are larger than {_told(limits.max_total_size)} together.": (
                0 < limits.max_total_size < total
            ),
            f"All files are larger than {_told(self._max_total_size)} together.": (
                0 < self._max_total_size < of_all
            ),
        }
        return next((reason for reason, refused in refusals.items() if refused), None)

    def _add(self, upload: _Upload, buffers: Sequence[Buffer]) -> None:
        size = memoryview(buffers[0]).nbytes if len(buffers) == 1 else -1
        with self._lock:
            after = upload.received + size
            if not 0 <= size <= PIECE:
                wrong = f"a piece of a file that is not one buffer of at most {PIECE:,} bytes"
            elif upload.ended:
                wrong = "a piece of a file after its end"
            elif after > upload.granted or self.waiting + size > WINDOW:
                wrong = "more bytes of a file than were granted"
            else:
                wrong = ""
            if not wrong and after <= upload.size and not upload.dropped:
                # A copy: the buffer may be part of a much larger frame.
                upload.pending += memoryview(buffers[0]).cast("B")
                upload.received = after
                self.waiting += size
        if wrong:
            upload.page.violate(wrong)
            self._stop(upload, "The upload failed.")
        elif after > upload.size:
            self._stop(upload, "The file is larger than it was when it was chosen.")
        else:
            self._wake(upload)

    def _end(self, upload: _Upload) -> None:
        with self._lock:
            twice, upload.ended = upload.ended, True
        if twice:
            upload.page.violate("the end of a file, twice")
        elif upload.received < upload.size:
            self._stop(upload, "The file is smaller than it was when it was chosen.")
        else:
            self._wake(upload)

    # -- the thread that waits for the form ---------------------------------------------------------

    def work(self) -> None:
        """Write what has been received, and grant more, until nothing is left to do. It may wait for the disk.

        Can be called on any thread; while one works, it returns at once on others.
        """
        me = object()
        try:
            with self._lock:
                if self._worker is not None:
                    return
                self._worker, self._called = me, False
            while (upload := self._next()) is not None:
                self._write(upload)
        finally:
            with self._lock:
                if self._worker is me:  # after an interrupt
                    self._worker = None

    def _next(self) -> _Upload | None:
        with self._lock:
            upload = next(iter(self._due), None)
            if upload is None:
                self._worker = None
                self._called = False
            else:
                del self._due[upload]
            return upload

    def _write(self, upload: _Upload) -> None:
        with self._lock:
            piece, upload.pending = upload.pending, bytearray()
        if upload.dropped:
            return  # with this reference, its temporary file goes, which takes a while for a large one
        try:
            upload.content.write(piece)
        except OSError as error:
            reason = (
                "There is no room left for the file." if error.errno in _FULL else "It could not be stored."
            )
            self._stop(upload, reason)
            return
        except TooManyFilesError:
            self._stop(upload, "Too many large files are being uploaded.")
            return
        except BaseException:  # an interrupt: nobody knows how much has been written
            self._stop(upload, "The upload was interrupted.")
            raise
        self._written(upload, len(piece))

    def _written(self, upload: _Upload, size: int) -> None:
        with self._lock:
            if upload.dropped:
                return
            self.waiting -= size
            upload.written += size
            complete = upload.ended and upload.written == upload.size
            if complete:
                upload.file = UploadedFile(
                    upload.filename, upload.mime_type, upload.last_modified, upload.size, upload.content
                )
            total = upload.granted = max(upload.written + WINDOW, upload.granted)
        if complete:
            self._tell(upload.page, "stored", upload.number)
        elif size or upload.size > FIRST:  # also for what is granted anyway: the page shows the progress
            self._tell(upload.page, "granted", upload.number, total)

    # -- any thread ---------------------------------------------------------------------------------

    def take(self, name: str, numbers: object) -> list[UploadedFile]:
        """Return the files that a page names as the value of a field. They can be taken again.

        Raises
        ------
        ValueError
            If one of them is not a complete file of this field.
        """
        chosen: list[Any] = numbers if isinstance(numbers, list) else [None]
        with self._lock:
            uploads = [self._uploads.get(each) if type(each) is int else None for each in chosen]
        files = {each.file: None for each in uploads if each and each.field_name == name and each.file}
        if len(files) < len(chosen):
            msg = f"the value of {name!r} is not a list of files that were uploaded for it"
            raise ValueError(msg)
        return list(files)

    def refuse(self, reason: str) -> None:
        """Take nothing more: stop what is not complete, and tell the page why."""
        with self._lock:
            self._refused = reason
            unfinished = [upload for upload in self._uploads.values() if upload.file is None]
        for upload in unfinished:
            self._stop(upload, reason)

    def close(self) -> None:
        """Drop all files. Those that were taken exist as long as somebody refers to them."""
        with self._lock:
            self._closed = True
            uploads = list(self._uploads.values())
        for upload in uploads:
            self._drop(upload)
        with self._lock:
            self._due.clear()

    def _stop(self, upload: _Upload, reason: str) -> None:
        if self._drop(upload):
            self._tell(upload.page, "stopped", upload.number, reason)

    def _drop(self, upload: _Upload) -> bool:
        with self._lock:
            if upload.dropped:
                return False
            upload.dropped = upload.ended = True
            del self._uploads[upload.number]
            self.waiting -= upload.received - upload.written
            upload.pending = bytearray()
        self._wake(upload)
        return True

    def _wake(self, upload: _Upload) -> None:
        with self._lock:
            if self._closed:
                return
            self._due[upload] = None
            wakes = self._worker is None and not self._called
            self._called = self._called or wakes
        if wakes:
            self._woken()

    def _tell(self, page: Caller, *message: object) -> None:
        page.answer(self._session.number, json.dumps(message), ())


def _told(size: int) -> str:
    """Return a number of bytes in readable form."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{size:,} bytes"

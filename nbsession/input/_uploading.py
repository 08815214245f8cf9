"""The files of a form or a pin: from the page's pieces to the program's answer."""

from __future__ import annotations

import itertools
import mimetypes
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbsession._core.uploads import EVENTS, Uploads

from ._field import ImpossibleAnswer
from ._files import FileField, LocalFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nbsession._core.interfaces.channel import Caller
    from nbsession._core.session import Session
    from nbsession._core.uploaded_file import UploadedFile
    from nbsession._link import Buffer

    from ._field import Field


class Uploading:
    """The uploads of one form or pin.

    Parameters
    ----------
    session : Session
        The session that shows it.
    fields : iterable of Field
        Its fields.
    woken : callable
        Called on the receiving thread when `work` has something to do.
    """

    def __init__(self, session: Session, fields: Iterable[Field], woken: Callable[[], None]) -> None:
        limits = {field.name: field.limits for field in fields if isinstance(field, FileField)}
        # What an author limits is what he wants; only what he does not limit is limited by the platform.
        limited = all(each.max_size or each.max_total_size for each in limits.values())
        largest = 0 if limited else session.platform.largest_upload
        self._uploads = Uploads(session, limits, woken, max_total_size=largest) if limits else None
        self._saved: dict[UploadedFile, Path] = {}

    def takes(self, event: str) -> bool:
        """Return whether an event is one of an upload."""
        return event in EVENTS

    def receive(self, event: str, rest: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:
        """Handle an event of an upload. Called on the receiving thread."""
        if self._uploads is not None:
            self._uploads.receive(event, rest, buffers, page)

    def work(self) -> None:
        """Write what has been received. It may wait for the disk."""
        if self._uploads is not None:
            self._uploads.work()

    def files(self, field: FileField, raw: object) -> list[UploadedFile] | LocalFiles:
        """Return the files that the value of a field names.

        Raises
        ------
        InvalidAnswer, ImpossibleAnswer
            See `Field.read`.
        """
        numbers = field.read(raw)
        if isinstance(numbers, LocalFiles):
            return numbers
        if self._uploads is None:
            return []
        self._uploads.work()
        try:
            return self._uploads.take(field.name, numbers)
        except ValueError as error:
            raise ImpossibleAnswer(str(error)) from None

    def answer(self, field: FileField, files: list[UploadedFile] | LocalFiles) -> Any:
        """Return the program's value of some files, and save them if the field has a folder.

        Raises
        ------
        OSError
            If they cannot be saved.
        """
        if isinstance(files, LocalFiles):
            answers = [_local(path, folder=field.path) for path in files.paths]
        else:
            answers = [self._answer(file, field.path) for file in files]
        if field.multiple:
            return answers
        return answers[0] if answers else None

    def _answer(self, file: UploadedFile, folder: Path | None) -> dict[str, Any]:
        if folder is None:
            about: dict[str, Any] = {"filename": file.filename, "content": file.content()}
        else:
            if file not in self._saved:
                folder.mkdir(parents=True, exist_ok=True)
                path = _free(folder, file.filename)
                file.save(path)
                self._saved[file] = path
            about = {"filename": file.filename, "path": self._saved[file]}
        return {**about, "mime_type": file.mime_type, "last_modified": file.last_modified}

    def refuse(self, reason: str) -> None:
        """Take no more files, and tell the page why."""
        if self._uploads is not None:
            self._uploads.refuse(reason)

    def close(self, *, keep: bool) -> None:
        """Drop everything; ``keep`` what has been saved."""
        if self._uploads is not None:
            self._uploads.close()
        if not keep:
            for path in self._saved.values():
                with suppress(OSError):
                    path.unlink()


def _free(folder: Path, name: str) -> Path:
    """Return a path for a new file. The reader's file never replaces another one."""
    first = folder / name
    numbered = (folder / f"{first.stem} ({number}){first.suffix}" for number in itertools.count(2))
    return next(path for path in itertools.chain([first], numbered) if not path.exists())


def _local(path: Path, *, folder: Path | None) -> dict[str, Any]:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    about: dict[str, Any] = {"filename": path.name}
    if folder is None:
        about["content"] = path.read_bytes()
    else:
        folder.mkdir(parents=True, exist_ok=True)
        about["path"] = _free(folder, path.name)
        about["path"].write_bytes(path.read_bytes())
    return {**about, "mime_type": kind, "last_modified": path.stat().st_mtime}

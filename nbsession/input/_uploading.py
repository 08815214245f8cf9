"""The files of a form or a pin: from the page's pieces to the program's answer."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbsession._core.uploads import EVENTS, Uploads

from ._fields.field import ImpossibleAnswer
from ._fields.files import FileField, LocalFile, LocalFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from nbsession._core.interfaces.channel import Caller
    from nbsession._core.session import Session
    from nbsession._core.uploaded_file import UploadedFile
    from nbsession._link import Buffer

    from ._fields.field import Field


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
        # Limits of the author replace those of the platform.
        limited = all(each.max_size or each.max_total_size for each in limits.values())
        largest = 0 if limited else session.platform.largest_upload
        self._uploads = Uploads(session, limits, woken, max_total_size=largest) if limits else None
        self._saved: list[Path] = []

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
        try:
            return self._uploads.take(field.name, numbers)
        except ValueError as error:
            raise ImpossibleAnswer(str(error)) from None

    def answer(self, field: FileField, files: list[UploadedFile] | LocalFiles) -> Any:
        """Return the program's value of some files, and save them if the field has a folder. It may wait for the disk.

        Raises
        ------
        OSError
            If they cannot be saved.
        """
        answers = [self._answer(file, field.path) for file in _each(files)]
        if field.multiple:
            return answers
        return answers[0] if answers else None

    def _answer(self, file: UploadedFile | LocalFile, folder: Path | None) -> dict[str, Any]:
        if folder is None:
            about: dict[str, Any] = {"filename": file.filename, "content": file.content()}
        else:
            about = {"filename": file.filename, "path": self._save(file, folder)}
        return {**about, "mime_type": file.mime_type, "last_modified": file.last_modified}

    def _save(self, file: UploadedFile | LocalFile, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = _new_file(folder, file.filename)
        self._saved.append(path)
        file.save(path)
        return path

    def take_back(self) -> None:
        """Remove the files that have been saved: the answer is not taken."""
        saved, self._saved = self._saved, []
        for path in saved:
            with suppress(OSError):
                path.unlink()

    def refuse(self, reason: str) -> None:
        """Take no more files, and tell the page why."""
        if self._uploads is not None:
            self._uploads.refuse(reason)

    def close(self, *, keep: bool) -> None:
        """Drop everything; ``keep`` what has been saved."""
        if self._uploads is not None:
            self._uploads.close()
        if not keep:
            self.take_back()


def _each(files: list[UploadedFile] | LocalFiles) -> Sequence[UploadedFile | LocalFile]:
    return [LocalFile(path) for path in files.paths] if isinstance(files, LocalFiles) else files


def _new_file(folder: Path, name: str) -> Path:
    """Create an empty file and return its path. The reader's file never replaces another one."""
    first = folder / name
    numbered = (folder / f"{first.stem} ({number}){first.suffix}" for number in itertools.count(2))
    for path in itertools.chain([first], numbered):
        with suppress(FileExistsError):
            path.touch(exist_ok=False)
            return path
    raise AssertionError  # the numbers do not end

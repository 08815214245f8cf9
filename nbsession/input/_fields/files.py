"""``file_upload``: the field. The page answers with the numbers of its uploads; see ``_uploading.py``."""

from __future__ import annotations

import mimetypes
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from nbsession._core.byte_size import parse_byte_size
from nbsession._core.uploads import MOST_FILES, Limits

from .call_arguments import Arguments
from .field import Field, ImpossibleAnswer, InvalidAnswer, Raw


class LocalFiles:
    """Files of this computer, in place of uploads: the answer of a test, or of a file of answers."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths


class LocalFile:
    """One file of this computer; see `UploadedFile`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.filename: str = path.name
        self.mime_type: str = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.last_modified: float = path.stat().st_mtime

    def content(self) -> bytes:
        """Return the whole content."""
        return self._path.read_bytes()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Copy the file."""
        shutil.copyfile(self._path, path)


class FileField(Field):
    """A choice of files. A page answers with the numbers of its uploads."""

    PARAMETERS: ClassVar[frozenset[str]] = Field.PARAMETERS | {
        "accept",
        "placeholder",
        "multiple",
        "max_size",
        "max_total_size",
        "path",
    }

    type: str = "file"
    multiple: bool = False
    max_size: int = 0
    max_total_size: int = 0
    # The folder for the files; None if their content is the answer.
    path: Path | None = None
    _accept: str = ""
    _placeholder: str = "Choose file"

    def _identify(self, arguments: Arguments) -> None:
        super()._identify(arguments)
        self.multiple = arguments.flag("multiple", default=False)
        for name in ("max_size", "max_total_size"):
            if name in arguments:
                setattr(self, name, _size(arguments, name))
        folder = arguments.get("path")
        if folder is not None and not isinstance(folder, (str, os.PathLike)):
            arguments.refuse("path", "the path of a folder", folder)
        self.path = None if folder is None else Path(os.fspath(folder))

    def _take(self, arguments: Arguments) -> None:
        super()._take(arguments)
        # The page draws the button, so this is none of the control's attributes.
        self._placeholder = str(self._attributes.pop("placeholder", self._placeholder))
        if "accept" in arguments:
            self._accept = _accepted(arguments)

    def describe(self) -> dict[str, object]:
        field = super().describe()
        field["accept"] = self._accept
        if self.multiple:
            field["multiple"] = True
        field["placeholder"] = self._placeholder
        field["max_size"] = self.max_size
        field["max_total_size"] = self.max_total_size
        return field

    @property
    def limits(self) -> Limits:
        """What uploads it takes."""
        folder = None if self.path is None else str(self.path)
        return Limits(self.max_size, self.max_total_size, self.multiple, folder)

    def read(self, raw: Raw) -> Any:
        """Return the numbers of uploads, or files of this computer."""
        if isinstance(raw, LocalFiles):
            return raw
        if not isinstance(raw, list) or not all(type(upload) is int for upload in raw):
            msg = f"a list of upload numbers was expected, not {type(raw).__name__}"
            raise ImpossibleAnswer(msg)
        if len(raw) > (MOST_FILES if self.multiple else 1) or len(set(raw)) != len(raw):
            msg = f"{len(raw)} uploads"
            raise ImpossibleAnswer(msg)
        if self._needed and not raw:
            msg = "Please select a file."
            raise InvalidAnswer(msg)
        return raw

    def encode(self, answer: object) -> Raw:
        if answer is None or answer == []:
            return []
        given = answer if isinstance(answer, (list, tuple)) else [answer]
        paths = [Path(os.fspath(each)) for each in given if isinstance(each, (str, os.PathLike))]
        if len(paths) < len(given) or (len(paths) > 1 and not self.multiple):
            expected = "a list of paths of files" if self.multiple else "the path of a file"
            msg = f"the field {self.name!r} accepts {expected}, not {answer!r:.80}"
            raise ValueError(msg)
        missing = next((path for path in paths if not path.is_file()), None)
        if missing is not None:
            msg = f"the field {self.name!r} accepts {missing} only if there is such a file"
            raise ValueError(msg)
        return LocalFiles(paths)


def _size(arguments: Arguments, name: str) -> int:
    given = arguments.get(name)
    size = parse_byte_size(given)
    if size is None:
        error = ValueError if isinstance(given, (str, int, float)) else TypeError
        arguments.refuse(name, "a number of bytes, or a str like '40K' or '3M'", given, error)
    return size


def _accepted(arguments: Arguments) -> str:
    accept = arguments.get("accept")
    if isinstance(accept, str):
        return accept
    if isinstance(accept, Mapping) or not isinstance(accept, Iterable):
        arguments.refuse("accept", "a str or a list of str, such as '.pdf' or 'image/*'", accept)
    types = list(accept)
    if not all(isinstance(each, str) for each in types):
        arguments.refuse("accept", "a str or a list of str, such as '.pdf' or 'image/*'", accept)
    return ",".join(types)

"""The folder: which file or subfolder a path requests. Nothing outside of it can be reached."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

INDEX = "index.py"
_SUFFIX = ".py"
# Separators and the end of a string, for every system; on Windows a colon begins a drive or a stream.
_FORBIDDEN = set("/\\\0") | (set(":") if os.name == "nt" else set())


@dataclass(frozen=True)
class AppPath:
    """The path of a request below the folder.

    Attributes
    ----------
    names : tuple of str
        Its parts.
    ends_in_slash : bool
        Whether it ends in a slash, as that of a subfolder does.
    """

    names: tuple[str, ...]
    ends_in_slash: bool


def parse_path(path: str) -> AppPath | None:
    """Split the path of a request; None if a part of it is never served.

    Parts are decoded after the path was split, so that an encoded slash is no separator.
    """
    parts = path.lstrip("/").split("/")
    ends_in_slash = parts[-1] == ""
    names = []
    for part in parts[:-1] if ends_in_slash else parts:
        try:
            name = unquote(part, errors="strict")
        except UnicodeDecodeError:
            return None
        if not is_served(name) or _FORBIDDEN & set(name):
            return None
        names.append(name)
    return AppPath(tuple(names), ends_in_slash)


def is_served(name: str) -> bool:
    """Return whether a file or folder of this name is served."""
    return bool(name) and not name.startswith((".", "_"))


class AppFolder:
    """A folder of apps.

    Parameters
    ----------
    base : str or path
        The folder.

    Attributes
    ----------
    base : Path
        The folder's absolute path.

    Raises
    ------
    TypeError, ValueError
        If there is no such folder.
    """

    def __init__(self, base: str | os.PathLike[str]) -> None:
        given: object = base
        if not isinstance(given, (str, os.PathLike)):
            msg = f"path_deploy() expects base to be a path, not {type(base).__name__}: {base!r:.80}"
            raise TypeError(msg)
        self.base = Path(os.path.normpath(Path(base).absolute()))
        if not self.base.is_dir():
            msg = f"path_deploy() expects base to be a folder, not {os.fspath(base)!r}"
            raise ValueError(msg)
        self._real = self.base.resolve()

    def file(self, path: AppPath) -> Path | None:
        """Return the Python file that a path requests; None if there is none."""
        if path.ends_in_slash:
            index = self._inside(self.base.joinpath(*path.names, INDEX))
            if index is not None and index.is_file():
                return index
        if not path.names:
            return None
        *above, name = path.names
        file = self._inside(self.base.joinpath(*above, name + _SUFFIX))
        return file if file is not None and file.is_file() else None

    def subfolder(self, path: AppPath) -> Path | None:
        """Return the folder that a path requests, with or without a slash at its end; None if there is none."""
        folder = self.base.joinpath(*path.names)
        real = self._inside(folder)
        return folder if real is not None and real.is_dir() else None

    def entries(self, folder: Path) -> tuple[list[str], list[Path]]:
        """Return the names of a folder's subfolders, and its Python files, both in the order of their names."""
        subfolders, files = [], []
        for entry in sorted(folder.iterdir()):
            real = self._inside(entry) if is_served(entry.name) else None
            if real is None:
                continue
            if real.is_dir():
                subfolders.append(entry.name)
            elif entry.suffix == _SUFFIX and real.is_file():
                files.append(entry)
        return subfolders, files

    def _inside(self, path: Path) -> Path | None:
        """Return the path without symbolic links; None if it does not exist or leads out of the folder."""
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError, ValueError):  # too long; a link to itself; characters that no file has
            return None
        return real if real.is_relative_to(self._real) else None

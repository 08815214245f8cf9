"""Files that the headless browser saves: they land in one folder, under their own names, complete."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import Any, Protocol

log = logging.getLogger("nbsession")


class SavedFiles(Protocol):
    """Who offers files to the page, and is told what becomes of them."""

    def expects(self, url: str) -> bool:
        """Return whether ``download`` or ``put_file`` has offered the file of this address."""
        ...

    def landed(self, url: str, failure: str | None = None) -> None:
        """Learn that the file is in its folder, or why it is not."""
        ...


def chosen_folder() -> Path:
    """Return the folder that ``NBSESSION_DOWNLOADS`` names, made if need be; else the current one."""
    folder = Path(os.environ.get("NBSESSION_DOWNLOADS") or Path.cwd()).expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Downloads:
    """Takes each file from where the browser saves it, when that has all of it. One thread.

    A file of the same name is replaced: a notebook that is run again makes the same files, no ``(1)``. For that reason
    what the page saves by itself goes nowhere: a link in HTML that is shown would replace any file of the folder.

    Parameters
    ----------
    incoming : Path
        Where the browser saves them, under names of its own.
    folder : Path
        Where they are to land.
    files : SavedFiles
        Knows which files are wanted.
    """

    def __init__(self, incoming: Path, folder: Path, files: SavedFiles) -> None:
        self._incoming = incoming
        self._folder = folder
        self._files = files
        self._begun: dict[str, tuple[str, str]] = {}

    def happened(self, method: str, parameters: dict[str, Any]) -> None:
        """Take an event of the browser."""
        if method == "Browser.downloadWillBegin":
            url, name = parameters["url"], parameters["suggestedFilename"]
            if self._files.expects(url):
                self._begun[parameters["guid"]] = url, name
            else:
                log.warning(
                    "the page saves %.100a itself: only files of download() and put_file() are kept", name
                )
        elif method == "Browser.downloadProgress" and parameters["state"] != "inProgress":
            saved = self._incoming / parameters["guid"]
            url, name = self._begun.pop(parameters["guid"], ("", ""))
            if not url:
                saved.unlink(missing_ok=True)
                return
            failure = None if parameters["state"] == "completed" else "the browser has cancelled it"
            if name and failure is None:
                failure = _move(saved, self._folder / Path(name).name)
            self._files.landed(url, failure)


def _move(saved: Path, target: Path) -> str | None:
    """Put a file in its place, in one step for whoever looks there; return what went wrong."""
    passing = target.with_name(f".{saved.name}")
    try:
        shutil.move(saved, passing)  # perhaps from another file system
        passing.replace(target)
    except OSError as error:
        return f"{type(error).__name__}: {error}"
    return None

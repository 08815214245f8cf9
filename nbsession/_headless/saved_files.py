"""Files that the headless browser saves: they appear in one folder, under their own names, when they are complete."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import Any, Protocol

log = logging.getLogger("nbsession")


class SavedFiles(Protocol):
    """The offered files, which are notified when the browser has saved them."""

    def expects(self, url: str) -> bool:
        """Return whether ``download`` or ``put_file`` has offered the file of this address."""
        ...

    def landed(self, url: str, failure: str | None = None) -> None:
        """Called when the file is in its folder, or with the reason why it is not."""
        ...


def chosen_folder() -> Path:
    """Return the folder in ``NBSESSION_DOWNLOADS``, creating it if necessary; by default, the current one."""
    folder = Path(os.environ.get("NBSESSION_DOWNLOADS") or Path.cwd()).expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Downloads:
    """Moves each complete file from the browser's folder to the final one. Must be used on one thread.

    An existing file of the same name is replaced, so that a notebook that is run again creates the same files, without
    ``(1)``. Files that the page saves by itself are therefore dropped: otherwise, a link in displayed HTML could
    replace any file in the folder.

    Parameters
    ----------
    incoming : Path
        The folder in which the browser saves them, under its own names.
    folder : Path
        The final folder.
    files : SavedFiles
        Determines which files are wanted.
    """

    def __init__(self, incoming: Path, folder: Path, files: SavedFiles) -> None:
        self._incoming = incoming
        self._folder = folder
        self._files = files
        self._begun: dict[str, tuple[str, str]] = {}

    def happened(self, method: str, parameters: dict[str, Any]) -> None:
        """Handle an event of the browser."""
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
    """Move a file to its folder atomically. Return the error message, if any."""
    passing = target.with_name(f".{saved.name}")
    try:
        shutil.move(saved, passing)  # perhaps from another file system
        passing.replace(target)
    except OSError as error:
        return f"{type(error).__name__}: {error}"
    return None

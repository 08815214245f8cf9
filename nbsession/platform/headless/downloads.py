"""Files that the headless browser saves: they land in one folder, under their own names, complete."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def chosen_folder() -> Path:
    """Return the folder that ``NBSESSION_DOWNLOADS`` names, made if need be; else the current one."""
    folder = Path(os.environ.get("NBSESSION_DOWNLOADS") or Path.cwd()).expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Downloads:
    """Takes each file from where the browser saves it, when that has all of it. One thread.

    A file of the same name is replaced: a notebook that is run again makes the same files, no ``(1)``.

    Parameters
    ----------
    incoming : Path
        Where the browser saves them, under names of its own.
    folder : Path
        Where they are to land.
    landed : callable
        ``landed(url, failure)`` is called with each file's address when it is there, or why it is not.
    """

    def __init__(self, incoming: Path, folder: Path, landed: Callable[[str, str | None], object]) -> None:
        self._incoming = incoming
        self._folder = folder
        self._landed = landed
        self._begun: dict[str, tuple[str, str]] = {}

    def happened(self, method: str, parameters: dict[str, Any]) -> None:
        """Take an event of the browser."""
        if method == "Browser.downloadWillBegin":
            self._begun[parameters["guid"]] = parameters["url"], parameters["suggestedFilename"]
        elif method == "Browser.downloadProgress" and parameters["state"] != "inProgress":
            url, name = self._begun.pop(parameters["guid"], ("", ""))
            failure = None if parameters["state"] == "completed" else "the browser has given it up"
            if name and failure is None:
                failure = _move(self._incoming / parameters["guid"], self._folder / Path(name).name)
            self._landed(url, failure)


def _move(saved: Path, target: Path) -> str | None:
    """Put a file in its place, in one step for whoever looks there; return what went wrong."""
    passing = target.with_name(f".{saved.name}")
    try:
        shutil.move(saved, passing)  # perhaps from another file system
        passing.replace(target)
    except OSError as error:
        return f"{type(error).__name__}: {error}"
    return None

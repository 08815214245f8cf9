"""Files that the headless browser saves: they land in one folder, under their own names, complete."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


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
    """

    def __init__(self, incoming: Path, folder: Path) -> None:
        self._incoming = incoming
        self._folder = folder
        self._names: dict[str, str] = {}

    def happened(self, method: str, parameters: dict[str, Any]) -> None:
        """Take an event of the browser."""
        if method == "Browser.downloadWillBegin":
            self._names[parameters["guid"]] = parameters["suggestedFilename"]
        elif method == "Browser.downloadProgress" and parameters["state"] != "inProgress":
            name = self._names.pop(parameters["guid"], None)
            if name is not None and parameters["state"] == "completed":
                self._land(self._incoming / parameters["guid"], self._folder / Path(name).name)

    def _land(self, saved: Path, target: Path) -> None:
        try:
            saved.replace(target)
        except OSError:  # another file system
            import shutil  # noqa: PLC0415 -- rarely needed

            passing = target.with_name(f".{target.name}.nbsession")
            shutil.copyfile(saved, passing)
            passing.replace(target)
            saved.unlink()

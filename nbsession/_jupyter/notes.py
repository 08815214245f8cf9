"""A kernel's final report, recorded as it runs: a kernel that nbval kills cannot report at its end."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NOTES = "NBSESSION_NOTES"
"""Names the folder for the reports, with one remark per line. The pytest plugin sets it and shows the reports."""


class Notes:
    """The notes of this kernel, if a folder is set.

    Parameters
    ----------
    remarks : callable
        Returns the lines of the report.
    """

    def __init__(self, remarks: Callable[[], Iterable[str]]) -> None:
        self._remarks = remarks
        self._folder = os.environ.get(NOTES)

    def write(self) -> None:
        """Record the current report at the end of a cell."""
        if self._folder is None:
            return
        lines = "".join(f"{remark}\n" for remark in self._remarks())
        note = Path(self._folder) / f"{os.getpid()}.txt"
        if lines and note.parent.is_dir():
            note.write_text(lines, encoding="utf-8")

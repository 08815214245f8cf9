"""What a kernel has to say at its end, noted as it goes: one that nbval kills cannot say it then."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NOTES = "NBSESSION_NOTES"
"""Names the folder in which a kernel notes it, a remark a line. The pytest plugin sets it and shows what is there."""


class Notes:
    """The notes of this kernel, if anybody wants them.

    Parameters
    ----------
    remarks : callable
        Returns what there is to say.
    """

    def __init__(self, remarks: Callable[[], Iterable[str]]) -> None:
        self._remarks = remarks
        self._folder = os.environ.get(NOTES)

    def write(self) -> None:
        """A cell has ended: note what is to be said so far."""
        if self._folder is None:
            return
        lines = "".join(f"{remark}\n" for remark in self._remarks())
        note = Path(self._folder) / f"{os.getpid()}.txt"
        if lines and note.parent.is_dir():
            note.write_text(lines, encoding="utf-8")

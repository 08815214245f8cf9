"""How far a process's memory grows while something is done. Linux only."""

from __future__ import annotations

import ctypes
import gc
from pathlib import Path
from typing import final


@final
class Peak:
    """A context manager; afterwards `growth` is the peak of resident memory above what there was before, in bytes."""

    growth = 0

    def __enter__(self) -> Peak:
        gc.collect()
        # What earlier rounds gave back to malloc would be used again unseen.
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        self._before = _status("VmRSS")
        return self

    def __exit__(self, *_: object) -> None:
        self.growth = _status("VmHWM") - self._before


def _status(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) * 1024
    raise KeyError(field)

"""Whether this process is a Jupyter kernel, and whether it has started."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def running_kernel() -> object | None:
    """Return the ipykernel of this process, without importing ipykernel if there is none."""
    module = sys.modules.get("ipykernel.kernelbase")
    if module is None or not module.Kernel.initialized():
        return None
    kernel: object = module.Kernel.instance()
    return kernel


def when_listening(do: Callable[[], object]) -> None:
    """Call a function if this process is a kernel: now, or before its first cell if it does not listen yet.

    A kernel does not listen while it runs IPython's startup files, for example.
    """
    kernel: Any = running_kernel()
    if kernel is None:
        return
    receiving = getattr(getattr(kernel, "shell_stream", None), "receiving", None)
    events = getattr(getattr(kernel, "shell", None), "events", None)
    if receiving is None or receiving() or events is None:
        do()
        return

    def begin(_info: object = None) -> None:
        events.unregister("pre_run_cell", begin)
        do()

    events.register("pre_run_cell", begin)

"""Places that are neither a kernel of ipykernel nor a script: a page on the machine that runs them helps nobody.

Without this they would be taken for scripts, print an address that only a server can open, and wait for ever.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_KERNEL = "Choose a kernel of ipykernel (6.29 or newer) for this notebook"


class Place(NamedTuple):
    """Where the code runs.

    Attributes
    ----------
    name : str
        What the user knows it by.
    advice : str
        Where nbsession works instead.
    serves : bool
        ``start_server`` may start a server there.
    """

    name: str
    advice: str
    serves: bool = False


def foreign_place(kernel: object | None) -> Place | None:
    """Return where this process runs if that is no place of nbsession's; nothing is imported to find out.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel or None
        The ipykernel of this process.
    """
    if sys.platform == "emscripten":
        return Place(
            "Python that runs in the browser (Pyodide)", "It needs a Python with threads and sockets"
        )
    if type(kernel).__module__.startswith("ipyparallel."):
        return Place("an engine of ipyparallel", "Call it in the notebook of the client")
    if kernel is not None:
        return None
    if "xpython" in sys.modules:
        return Place("a kernel of xeus-python", _KERNEL)
    if _call("marimo", "running_in_notebook"):
        return Place("a marimo notebook", "Run this notebook in Jupyter, or as a script (python notebook.py)")
    return _foreign_shell() or _worker()


def _worker() -> Place | None:
    if _call("multiprocessing.process", "parent_process") is None:
        return None
    return Place(
        "a process that multiprocessing has started",
        "Call it in the process that started this one, and return to there what is to be shown",
        serves=True,
    )


def _foreign_shell() -> Place | None:
    """Return a place whose IPython is neither a terminal's nor one that a program has made to run code by itself."""
    shell = _call("IPython", "get_ipython")
    kind = type(shell)
    terminal = getattr(sys.modules.get("IPython.terminal.interactiveshell"), "TerminalInteractiveShell", ())
    if shell is None or isinstance(shell, terminal) or kind.__module__.startswith("IPython."):
        return None
    return Place(f"this kernel, whose shell is {kind.__module__}.{kind.__qualname__}", _KERNEL)


def _call(module: str, name: str) -> Any:
    """Return what a module's function returns; None if the module has not been imported."""
    function: Callable[[], object] | None = getattr(sys.modules.get(module), name, None)
    return None if function is None else function()

"""Environments that are neither an ipykernel kernel nor a script, where a page on the machine would be of no use.

Without this check, they would be treated as scripts, print an address that only the server's machine can open, and wait
forever.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_KERNEL = "Choose a kernel of ipykernel (6.29 or newer) for this notebook"


class Place(NamedTuple):
    """An environment in which the code runs.

    Attributes
    ----------
    name : str
        Its name for the user.
    advice : str
        Where nbsession works instead.
    serves : bool
        Whether ``start_server`` may start a server there.
    """

    name: str
    advice: str
    serves: bool = False


def foreign_place(kernel: object | None) -> Place | None:
    """Return the environment of this process if nbsession has no page in it. Imports nothing.

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
        return Place("an engine of ipyparallel", "Call it in the client's notebook")
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
        "Call it in the process that started this one, and return the results to it",
        serves=True,
    )


def _foreign_shell() -> Place | None:
    """Return an environment whose IPython is neither a terminal's nor one that a program created to run code itself."""
    shell = _call("IPython", "get_ipython")
    kind = type(shell)
    terminal = getattr(sys.modules.get("IPython.terminal.interactiveshell"), "TerminalInteractiveShell", ())
    if shell is None or isinstance(shell, terminal) or kind.__module__.startswith("IPython."):
        return None
    return Place(f"this kernel, whose shell is {kind.__module__}.{kind.__qualname__}", _KERNEL)


def _call(module: str, name: str) -> Any:
    """Call a module's function and return its result; None if the module has not been imported."""
    function: Callable[[], object] | None = getattr(sys.modules.get(module), name, None)
    return None if function is None else function()

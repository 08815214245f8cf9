"""Hooks at the start and the end of cells, based on IPython's events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def register(shell: Any, before: Callable[[Any], object], after: Callable[[Any], object]) -> None:
    """Call functions around each cell, on the thread that runs it. Registering them again changes nothing.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        The shell that runs the cells.
    before : callable
        Called with the cell's ``ExecutionInfo``; for an async cell, in its task.
    after : callable
        Called with the cell's ``ExecutionResult``, or None for an interrupted async cell. Not called for an empty cell,
        which IPython never starts.
    """
    for event, function in (("pre_run_cell", before), ("post_run_cell", _After(after))):
        if function not in shell.events.callbacks[event]:
            shell.events.register(event, function)


def unregister(shell: Any, before: Callable[[Any], object], after: Callable[[Any], object]) -> None:
    """Remove the functions if they are registered."""
    for event, function in (("pre_run_cell", before), ("post_run_cell", _After(after))):
        if function in shell.events.callbacks[event]:
            shell.events.unregister(event, function)


@dataclass(frozen=True)
class _After:
    """Equals another hook of the same function, so that it can be found again."""

    function: Callable[[Any], object]

    def __call__(self, result: Any = None) -> None:
        if result is None or str(result.info.raw_cell or "").strip():
            self.function(result)

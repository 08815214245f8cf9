"""Separate figures of ``matplotlib.pyplot`` for code that runs concurrently with cells. Does not import matplotlib.

pyplot keeps its figures, and the current one, in one table of the process. At the end of each cell, Jupyter's inline
backend shows and closes all of them, including figures that an app, callback, thread or task is still drawing. Code
that draws concurrently would also draw into each other's current figure. Therefore, each run of such code has its own
table, which is empty at the start. The code of cells, and code that is unrelated to nbsession, uses pyplot's table.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import OrderedDict
from collections.abc import Container, Iterator, MutableMapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from .current import runtime
from .importing import when_imported
from .scope import SessionScope, scope_var

if TYPE_CHECKING:
    from .scope import CodeScope
    from .session import Session

    Figures = OrderedDict[object, Any]  # by pyplot's number, the current figure last

_MODULE = "matplotlib._pylab_helpers"


class _Run:
    """One run of code with its own figures.

    Parameters
    ----------
    owner : object
        An object that lives as long as the code runs: its scope, thread or task.
    home : Session or CodeScope
        The session or the cell that the code belongs to.
    """

    def __init__(self, owner: object, home: Session | CodeScope) -> None:
        self.owner = ref(owner)
        self.home = home
        self.figures: Figures = OrderedDict()

    @property
    def ended(self) -> bool:
        owner = self.owner()
        if isinstance(owner, threading.Thread):
            return not owner.is_alive()
        return owner is None or (isinstance(owner, asyncio.Future) and owner.done())


class _Runs:
    """The runs of code that have figures. Can be used on any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_owner: WeakKeyDictionary[Any, _Run] = WeakKeyDictionary()
        self._of_task: ContextVar[tuple[CodeScope, _Run] | None] = ContextVar(
            "nbsession_figures", default=None
        )
        self._kept: list[_Run] | None = None

    def current(self) -> Figures | None:
        """Return the figures of the calling code; None for pyplot's table."""
        scope = scope_var.get()
        if scope is None:
            thread = threading.current_thread()
            session = runtime.registered(thread)
            return None if session is None else self._of(thread, session)
        task, own = _running_task(), scope.task
        home = scope.session if isinstance(scope, SessionScope) else scope
        found = self._of_task.get()
        if found is not None and found[0] is scope and (task is None or found[1].owner() is task):
            return found[1].figures  # without a task: a thread that the task waits for
        if task is not None and own is not None and own() is not task:
            run = self._begin(task, home)
            self._of_task.set((scope, run))
            return run.figures
        if not isinstance(scope, SessionScope):
            return None
        if own is None and threading.current_thread() is threading.main_thread():
            return None  # a bound function called by another cell or a widget runs as a part of that
        if own is None and task is not None:
            scope.run_by(task)
        return self._of(scope, home)

    def _of(self, owner: object, home: Session | CodeScope) -> Figures:
        with self._lock:
            run = self._by_owner.get(owner)
        return (run or self._begin(owner, home)).figures

    def _begin(self, owner: object, home: Session | CodeScope) -> _Run:
        run = _Run(owner, home)
        with self._lock:
            self._by_owner[owner] = run
            if self._kept is not None and getattr(home, "app", None) is None:
                self._kept.append(run)
        return run

    def keep(self) -> None:
        """From now on, keep the figures that code outside of apps leaves open, for `left`."""
        self._kept = self._kept or []

    def left(self, homes: Container[object]) -> list[Any]:
        """Return the figures that ended runs have left open, if the runs belong to one of the homes.

        Each figure is returned once.
        """
        with self._lock:
            kept = self._kept or []
            ended = [run for run in kept if run.ended]
            self._kept = [run for run in kept if run not in ended]
        return [manager for run in ended if run.home in homes for manager in run.figures.values()]


_runs = _Runs()


class _Divided(MutableMapping[object, Any]):
    """Replaces pyplot's table. The calling code sees its own figures."""

    def __init__(self, pyplots: Figures) -> None:
        self._pyplots = pyplots

    @property
    def _own(self) -> Figures:
        own = _runs.current()
        return self._pyplots if own is None else own

    def __getitem__(self, number: object) -> Any:
        return self._own[number]

    def __setitem__(self, number: object, manager: Any) -> None:
        self._own[number] = manager

    def __delitem__(self, number: object) -> None:
        del self._own[number]

    def __iter__(self) -> Iterator[object]:
        return iter(self._own)

    def __reversed__(self) -> Iterator[object]:
        return reversed(self._own)

    def __len__(self) -> int:
        return len(self._own)

    def keys(self) -> Any:
        return self._own.keys()

    def values(self) -> Any:
        return self._own.values()  # pyplot needs only the last one

    def items(self) -> Any:
        return self._own.items()

    def move_to_end(self, number: object, last: bool = True) -> None:  # noqa: FBT001, FBT002 -- OrderedDict's
        self._own.move_to_end(number, last)

    def take_out(self, manager: Any) -> None:
        """Remove a figure from pyplot's table that the calling code was given by code without its own table."""
        number = manager.num
        if number in self._pyplots and self._pyplots[number] is manager:
            del self._pyplots[number]


def _running_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # no loop runs in this thread
        return None


def _divide(module: Any) -> None:
    figures = getattr(getattr(module, "Gcf", None), "figs", None)
    if isinstance(figures, OrderedDict):
        module.Gcf.figs = _Divided(figures)


def close(figure: Any) -> None:
    """Close a figure in pyplot, independent of its owner. It can still be drawn."""
    sys.modules["matplotlib.pyplot"].close(figure)
    figures = sys.modules[_MODULE].Gcf.figs
    manager: Any = getattr(figure.canvas, "manager", None)
    if manager is not None and isinstance(figures, _Divided):
        figures.take_out(manager)


def keep_left() -> None:
    """Keep the figures that threads and tasks of cells leave open, for `show_left`."""
    _runs.keep()


def show_left(homes: Container[object]) -> None:
    """Let the inline backend show the figures that ended threads and tasks have left open, like pyplot's own.

    Parameters
    ----------
    homes : container
        The sessions and cells whose figures are shown. All others are dropped.
    """
    left = _runs.left(homes)
    for manager in left:
        table: Any = sys.modules[_MODULE].Gcf
        manager.num = max((number for number in table.figs if isinstance(number, int)), default=0) + 1
        table._set_new_active_manager(manager)
    backend: Any = sys.modules.get("matplotlib_inline.backend_inline")
    if left and hasattr(getattr(backend, "show", None), "_draw_called"):
        backend.show._draw_called = True
        backend.flush_figures()


when_imported(_MODULE, _divide)

"""Cells. Each output hosts the session of its cell, which is opened at first use."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from nbsession._core.scope import scope_var
from nbsession._core.session import Session
from nbsession._sync import forked

if TYPE_CHECKING:
    from collections.abc import Callable


class CellScope:
    """One run of a cell.

    Parameters
    ----------
    parent : dict
        The ``execute_request`` that runs it.
    open_session : callable
        Opens the session of this run.
    """

    __slots__ = ("_lock", "_open", "_pid", "_session", "parent", "task")

    def __init__(self, parent: dict[str, Any], open_session: Callable[[CellScope], Session]) -> None:
        self.parent = parent
        self._open = open_session
        self.task: ref[asyncio.Task[Any]] | None = None  # the task that runs the cell's code
        self._session: Session | None = None
        self._lock = threading.Lock()
        self._pid = forked.pid

    @property
    def cell_id(self) -> str | None:
        """The cell's id in the notebook, if the front end sends it."""
        metadata = self.parent.get("metadata")
        cell_id = metadata.get("cellId") if isinstance(metadata, dict) else None
        return cell_id if isinstance(cell_id, str) else None

    @property
    def unattended(self) -> bool:
        """Whether the cell is run by a client that does not answer ``input()``: nbconvert, papermill, nbval."""
        content = self.parent.get("content")
        return isinstance(content, dict) and content.get("allow_stdin") is False

    @property
    def place(self) -> str:
        """A key that is the same for all runs that replace one another."""
        if self.cell_id is not None:
            return self.cell_id
        # A client that sends no cell ids runs notebooks, perhaps on a server, or is a console: each run has its own
        # outputs.
        return f"message {self._header('msg_id')}"

    @property
    def deleted(self) -> list[str]:
        """The cells that were deleted since this front end last ran one, as JupyterLab and Notebook 7 report."""
        metadata = self.parent.get("metadata")
        deleted = metadata.get("deletedCells") if isinstance(metadata, dict) else None
        return [each for each in deleted if isinstance(each, str)] if isinstance(deleted, list) else []

    @property
    def peer(self) -> str:
        """The front-end connection that runs the cell."""
        return self._header("session")

    def run_by_running_task(self) -> None:
        """Record the task that runs the cell's code, if any."""
        self.task = _running_task()

    def _header(self, field: str) -> str:
        return str(self.parent.get("header", {}).get(field, ""))

    @property
    def opened(self) -> Session | None:
        return self._session

    @property
    def session(self) -> Session:
        session = self._session
        if session is None:
            forked.check_made_here(self._pid)
            with self._lock:
                session = self._session
                if session is None:
                    session = self._session = self._open(self)
        return session


class Cells:
    """The cells of a kernel that have a session.

    A cell is identified by the front end's cell id. If there is none (nbconvert, an executor on the server, a console),
    each run has its own place.

    Parameters
    ----------
    new_session : callable
        Creates a session for a front-end connection.
    parent : callable
        Returns the message that the kernel is handling for the calling code.
    """

    def __init__(
        self, new_session: Callable[[str | None], Session], parent: Callable[[], dict[str, Any]]
    ) -> None:
        self._new_session = new_session
        self._parent = parent
        self._sessions: dict[str, Session] = {}
        self._scopes: dict[int, CellScope] = {}  # by session number
        self._running: CellScope | None = None
        self.executing: CellScope | None = None  # the cell whose code is running
        self._homes: WeakKeyDictionary[Session, dict[str, Any]] = WeakKeyDictionary()

    def counts(self) -> dict[str, int]:
        """Return the number of cells with a session, of sessions in cells, and of sessions whose output is known."""
        return {
            "cells": len(self._sessions),
            "sessions of cells": len(self._scopes),
            "sessions with a home": len(self._homes),
        }

    def scope(self) -> CellScope:
        """Return the scope of the running cell."""
        parent = self._parent()
        running = self._running
        if running is None or running.parent is not parent:
            running = self._running = CellScope(parent, self._open)
        return running

    def enter(self) -> CellScope:
        """Handle the start of a cell: close the session of its last run. Must be called on the main thread."""
        scope = self.executing = self.scope()
        self._close_deleted(scope)
        former = self._sessions.get(scope.place)
        if former is not None and scope.cell_id is not None and former is not scope.opened:
            self._move_home(former, scope)
            former.close("the cell was run again", keep_outputs=False)
            former.wait_closed(5.0)  # its deferred functions may clean up what this run sets up
        scope_var.set(scope)
        scope.run_by_running_task()
        return scope

    def leave(self, *, interrupted: bool) -> None:
        """Handle the end of a cell, perhaps by an interrupt. Must be called on the main thread."""
        running, self._running = self._running, None
        self.executing = None
        # Not reset(token): an async cell's code runs in its own context.
        scope_var.set(None)
        session = None if running is None else running.opened
        if session is not None and interrupted:
            session.interrupt()

    def latest(self, scope: CellScope) -> Session | None:
        """Return the session of a cell's run, opening it if necessary; None if the cell was run again."""
        session = self._sessions.get(scope.place)
        if session is None or session.closed is not None or self._scopes.get(session.number) is scope:
            found = scope.session
            return found if found.closed is None else None
        return None

    def scope_of(self, session: Session) -> CellScope | None:
        """Return the cell of a session, if any."""
        return self._scopes.get(session.number)

    def parent_of(self, session: Session) -> dict[str, Any] | None:
        """Return the message whose output hosts the session, if it is a cell's."""
        scope = self._scopes.get(session.number)
        return None if scope is None else scope.parent

    def adopt(self, session: Session, cell_session: Session) -> None:
        """Assign the session of an app to the output that hosts ``cell_session``."""
        scope = self._scopes.get(cell_session.number)
        if scope is not None:
            self._scopes[session.number] = scope
            self._homes[session] = scope.parent

    def home(self, session: Session) -> dict[str, Any] | None:
        """Return the message whose output hosts the session, or hosted it until it was closed."""
        return self._homes.get(session)

    def runs(self, session: Session) -> bool:
        """Return whether the code of the session's cell is running."""
        executing = self.executing
        return executing is not None and self._scopes.get(session.number) is executing

    def living_in(self, message: str) -> list[int]:
        """Return the numbers of the sessions in the output of the message with this id."""
        scopes = list(self._scopes.items())
        return [number for number, scope in scopes if scope.parent.get("header", {}).get("msg_id") == message]

    def forget(self, session: Session) -> None:
        scope = self._scopes.pop(session.number, None)
        if scope is not None and self._sessions.get(scope.place) is session:
            del self._sessions[scope.place]

    def _open(self, scope: CellScope) -> Session:
        session = None if scope.cell_id is not None else self._sessions.get(scope.place)
        if session is not None and session.closed is not None:
            session.close(keep_outputs=False)
            session = None
        if session is None:
            # A client that runs notebooks without a reader (Voila) has no page of its own to wait for: any page will
            # do.
            session = self._new_session(None if scope.unattended else scope.peer)
            self._sessions[scope.place] = session
        self._scopes[session.number] = scope
        self._homes[session] = scope.parent
        return session

    def _move_home(self, former: Session, scope: CellScope) -> None:
        """Direct prints of the sessions of a cell's last run to the new output, because the old one is gone."""
        last = self._scopes.get(former.number)
        for session in list(self._homes):
            if self._scopes.get(session.number) is last:
                self._homes[session] = scope.parent

    def _close_deleted(self, scope: CellScope) -> None:
        """Close the sessions of the cells that the front end reports as deleted since it last ran one."""
        for cell_id in scope.deleted:
            session = self._sessions.get(cell_id)
            if session is not None and cell_id != scope.cell_id:
                session.close("its cell was deleted", keep_outputs=False)


def _running_task() -> ref[asyncio.Task[Any]] | None:
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no loop runs in this thread
        return None
    return None if task is None else ref(task)

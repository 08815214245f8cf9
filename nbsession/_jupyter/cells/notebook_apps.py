"""Apps in a cell's output: `start_server` in a notebook."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Protocol

from nbsession._apps.apps import destination, make_app
from nbsession._sync import forked
from nbsession.exceptions import SessionClosedException, SessionException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbsession._core.app import AppFunction
    from nbsession._core.session import Session

REPLACED = "another app was opened in its place"
RESTARTED = "a new session was started"


class Stage(Protocol):
    """The interface between apps and the notebook's platform."""

    def open_beside(self, cell_session: Session) -> Session:
        """Create a session in the output of the same cell."""
        ...

    def show_app(self, session: Session) -> None:
        """Show a view of the session in the cell's output."""
        ...

    def replace_app(self, former: Session, session: Session) -> None:
        """Let the view of ``former`` show ``session``."""
        ...


class CellApps:
    """The apps of one ``start_server`` call, in the output of one cell.

    Parameters
    ----------
    stage : Stage
        Creates sessions and views.
    cell_session : Session
        The session of the calling code. The apps close with it.
    apps : mapping
        The apps by name.
    """

    loop = None  # a blocking cell must not stop a coroutine app

    def __init__(self, stage: Stage, cell_session: Session, apps: Mapping[str, AppFunction]) -> None:
        self._stage = stage
        self.cell_session = cell_session
        self._apps = apps
        self._lock = threading.Lock()
        self._sessions: list[Session] = []  # one per view, the newest last; closed ones stay until replaced
        self._closed: str | None = None
        cell_session.on_close(self._cell_closed)

    @property
    def current(self) -> Session | None:
        """The session that was started last; None if the reader has removed all views."""
        return self._sessions[-1] if self._sessions else None

    def start(self, name: str) -> None:
        """Run an app in a new view, below the existing ones."""
        session = self._new_session(name)
        with self._lock:
            self._sessions.append(session)
        self._stage.show_app(session)
        self._run(session)

    def go(self, session: Session, name: str, *, new_window: bool) -> None:
        """Run another app; see `go_app`."""
        name = destination(self._apps, name)
        if new_window:
            self.start(name)
        else:
            self._replace(session, name, REPLACED)

    def restart(self, session: Session) -> None:
        """Run the session's app again in its view."""
        if session.app is not None:
            self._replace(session, session.app.name, RESTARTED)

    def holds(self, number: int) -> Session | None:
        """Return the session with that number, if a view of these apps shows it."""
        if self._closed is not None:
            return None
        return next((session for session in self._sessions if session.number == number), None)

    def drop(self, session: Session, reason: str) -> bool:
        """End a session whose view the reader has removed. Return whether it is one of these."""
        with self._lock:
            if session not in self._sessions:
                return False
            self._sessions.remove(session)
        session.close(reason, keep_outputs=False)
        return True

    def close(self, reason: str, *, keep_outputs: bool = True) -> list[Session]:
        """Close all sessions and return them."""
        with self._lock:
            if self._closed is not None:
                return []
            self._closed = reason
            sessions = list(self._sessions)
        for session in sessions:
            if session.app is not None:
                session.app.forbid_restart()
            session.close(reason, keep_outputs=keep_outputs)
        return sessions

    def _cell_closed(self, reason: str) -> None:
        self.close(reason, keep_outputs=self.cell_session.outputs_kept)

    def _new_session(self, name: str) -> Session:
        if self._closed is not None:
            raise SessionClosedException(self._closed)
        session = self._stage.open_beside(self.cell_session)
        self.cell_session.add_dependent(session)
        make_app(session, name, self, self._apps[name]).allow_restart()
        return session

    def _replace(self, former: Session, name: str, reason: str) -> None:
        session = self._new_session(name)
        with self._lock:
            if former not in self._sessions:  # two clicks, or the apps were closed in the meantime
                session.close(reason, keep_outputs=False)
                return
            self._sessions[self._sessions.index(former)] = session
        self._stage.replace_app(former, session)
        former.close(reason, keep_outputs=False)
        self._run(session)

    def _run(self, session: Session) -> None:
        app = session.app
        if app is not None:
            app.start()


class AppHandle:
    """The return value of ``start_server`` in a notebook. As a cell's last value, it displays nothing.

    Attributes
    ----------
    session : Session or None
        The session of the app that was started last. Its `closed` is the reason of its end, None while it is open.
    """

    def __init__(self, apps: CellApps) -> None:
        self._cell_apps = apps

    def __repr__(self) -> str:
        return f"<apps in a cell's output, {self.session or 'taken away'}>"

    def _ipython_display_(self) -> None:
        pass

    @property
    def session(self) -> Session | None:
        return self._cell_apps.current

    def close(self, reason: str = "closed by the program") -> None:
        """Close the apps' sessions and wait for their deferred functions, for at most 5 s."""
        forked.check(self._cell_apps.cell_session)
        for session in self._cell_apps.close(reason):
            session.wait_closed(5.0)


class NotebookApps:
    """All apps of a kernel."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._all: list[CellApps] = []

    def serve(self, cell_session: Session, apps: Mapping[str, AppFunction]) -> AppHandle:
        """Host apps in the output of ``cell_session`` and start the first one."""
        if cell_session.toasts:
            msg = (
                "start_server() shows apps in a cell's output: call it in a cell, not in a widget's callback"
            )
            raise SessionException(msg)
        app = cell_session.app
        if app is not None and isinstance(app.host, CellApps):
            cell_session = app.host.cell_session  # an app that starts others may end before them
        cell_apps = CellApps(self._stage, cell_session, apps)
        self._all.append(cell_apps)
        cell_session.on_close(lambda _: self._all.remove(cell_apps))
        cell_apps.start(_first(apps))
        return AppHandle(cell_apps)

    def taken_away(self, session: Session, reason: str) -> None:
        """End the app whose view the reader has removed."""
        any(cell_apps.drop(session, reason) for cell_apps in list(self._all))

    def said(self, body: list[Any]) -> None:
        """Handle ``["restart", session]`` from a page."""
        number = body[1] if len(body) > 1 else None
        for cell_apps in list(self._all):
            session = cell_apps.holds(number) if type(number) is int else None
            if session is not None:
                # Not on the interceptor's thread: opening a session may take a while.
                threading.Thread(target=cell_apps.restart, args=(session,), daemon=True).start()


def _first(apps: Mapping[str, AppFunction]) -> str:
    return "index" if "index" in apps else next(iter(apps))

"""The static rendition of each view, for the readers of the notebook's file (docs/renditions.md)."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from .displayed_view import LATER
from .view import GONE, VIEW_HTML

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session
    from nbsession._sync.timer_thread import Handle, TimerThread

    from .cell import Cells, CellScope
    from .displayed_view import DisplayedView

VARIABLE = "NBSESSION_STATIC"
# Seconds without a change after which the rendition is made again.
QUIET = 2.0
# Seconds after which it is made if the changes never end.
AT_LATEST = 60.0
# Seconds after which a new page gets it, which may show many views.
_SEEN = 0.1
_KIB = 1024
_LIMIT = 1024 * _KIB

log = logging.getLogger("nbsession")


class Publish(Protocol):
    """Publishes a mimebundle; see `Publisher.display`."""

    def __call__(
        self,
        parent: dict[str, Any],
        data: dict[str, object],
        metadata: dict[str, object] | None = None,
        *,
        display_id: str | None,
        update: bool = False,
    ) -> None: ...


def limit_from_environment() -> int:
    """Return the largest size of a rendition in bytes, from ``NBSESSION_STATIC``; 0 if there are to be none.

    Raises
    ------
    ValueError
        If the variable is neither a positive number nor ``off``.
    """
    given = os.environ.get(VARIABLE, "").strip().lower()
    if given in {"", "on"}:
        return _LIMIT
    if given == "off":
        return 0
    if not given.isdecimal() or int(given) == 0:
        msg = f"{VARIABLE} must be a number of KiB above 0, or off, not {given!r}"
        raise ValueError(msg)
    return int(given) * _KIB


class _Rendition:
    """The rendition of one view.

    Attributes
    ----------
    html : str
        The text that was published last.
    first : str or None
        The text at the end of the cell, if it has ended.
    changed : bool
        Whether the outputs have changed since then.
    since : float
        When they did.
    stirred : bool
        Whether they have changed since the last look.
    """

    def __init__(self, view: DisplayedView, handle: Handle) -> None:
        self.view = view
        self.handle = handle
        self.html = VIEW_HTML
        self.first: str | None = None
        self.changed = False
        self.since = 0.0
        self.stirred = False
        self.greetings = -1  # how many pages had come when it was published

    @property
    def session(self) -> Session:
        return self.view.session

    def stir(self) -> None:
        """Note a change, the first one since the last look. The next look follows when it may be quiet again."""
        now = monotonic()
        if not self.changed:
            self.since = now
        self.changed = self.stirred = True
        self.handle.at(now + QUIET)

    def look(self) -> bool:
        """Wait for the next change. Return whether there was one since the last look."""
        stirred, self.stirred = self.stirred, False
        self.session.outputs.watch_next_change(self.stir)
        return stirred


class Renditions:
    """The renditions of a kernel's views. Can be used on any thread.

    A rendition is published as ``update_display_data`` when it has changed: when the cell ends, when the view has been
    quiet for a while, and when the session ends. Only the first change after each look calls a function here, so
    outputs that change often cost nothing more.

    JupyterLab and Notebook 7 would render the view anew, so its display has no display id there, and they ignore the
    update. The page takes it up (``js/src/page/renditions.ts``) without a change to what it shows.

    Parameters
    ----------
    publish : callable
        Publishes a mimebundle.
    alarm : TimerThread
        Calls when it is time to look.
    cells : Cells
        The cells of the kernel.
    limit : int
        The largest size in bytes; 0 for no renditions.
    greetings : callable
        Returns how many pages have sent their hello.
    """

    def __init__(
        self,
        publish: Publish,
        alarm: TimerThread,
        cells: Cells,
        limit: int,
        greetings: Callable[[], int],
    ) -> None:
        self._publish = publish
        self._alarm = alarm
        self._cells = cells
        self._limit = limit
        self._greetings = greetings
        self._lock = threading.Lock()
        self._all: dict[int, _Rendition] = {}

    def __len__(self) -> int:
        return len(self._all)

    def display(self, view: DisplayedView) -> None:
        """Display a view, at first without a rendition."""
        if self._limit:
            self._keep(view)
        display_id = None if view.written_by_page else view.display_id
        self._publish(view.parent, view.bundle(VIEW_HTML), display_id=display_id)

    def replace(self, former: Session, session: Session) -> None:
        """Handle that the view of ``former`` shows ``session`` from now on."""
        with self._lock:
            rendition = self._all.pop(former.number, None)
        if rendition is not None:
            rendition.handle.close()
            self._keep(replace(rendition.view, session=session), rendition.html, rendition.first)

    def cell_ended(self, scope: CellScope | None) -> None:
        """Publish what has changed. Must be called before the cell's reply."""
        if not self._all:
            return
        for rendition in self._list():
            own = self._cells.scope_of(rendition.session) is scope
            if rendition.changed and (own or rendition.view.unattended):
                self._renew(rendition, scope)
            if own:
                rendition.first = rendition.html

    def seen(self, session: Session) -> None:
        """Handle that a page shows the view. A page that has come since the last update has not received it."""
        rendition = self._all.get(session.number)
        if rendition is not None and rendition.greetings != self._greetings():
            rendition.html = VIEW_HTML
            rendition.changed = True
            rendition.handle.at(monotonic() + _SEEN)

    def forget(self, session: Session) -> None:
        """Stop publishing the session's rendition. The last one stays in the notebook."""
        with self._lock:
            rendition = self._all.pop(session.number, None)
        if rendition is not None:
            rendition.handle.close()
            session.outputs.watch_next_change(None)

    def _keep(self, view: DisplayedView, html: str = VIEW_HTML, first: str | None = None) -> None:
        number = view.session.number
        rendition = _Rendition(view, self._alarm.handle(lambda now: self._look(number, now)))
        rendition.html, rendition.first = html, first
        with self._lock:
            former = self._all.get(number)
            self._all[number] = rendition
        if former is None:
            view.session.on_close(lambda reason: self._session_ended(number, reason))
        else:
            former.handle.close()
        rendition.look()
        rendition.stir()

    def _look(self, number: int, now: float) -> float | None:
        """Publish a rendition if nothing has changed for a while. Return when to look again, if ever."""
        rendition = self._all.get(number)
        if rendition is None or self._cells.runs(rendition.session):
            return None  # the end of the cell is a better moment
        if rendition.look() and now < rendition.since + AT_LATEST:
            return now + QUIET
        if rendition.changed and rendition.view.undisturbed:
            self._renew(rendition, self._cells.executing)
        return None

    def _session_ended(self, number: int, reason: str) -> None:
        rendition = self._all.get(number)
        if rendition is not None and reason not in GONE and rendition.changed:
            self._renew(rendition, None)

    def _renew(self, rendition: _Rendition, executing: CellScope | None) -> None:
        """Publish the rendition if it is another one. After an error, the last one stays."""
        rendition.look()  # before the rendition is made, so that no change is missed
        rendition.changed = False
        try:
            html = self._html(rendition.session)
        except Exception:
            log.exception("the rendition of session %d failed", rendition.session.number)
            return
        if html == rendition.html:
            return
        rendition.html = html
        rendition.greetings = self._greetings()
        view = rendition.view
        # Clients that run notebooks receive only messages of the running cell.
        parent = view.parent if executing is None else executing.parent
        later = rendition.first is not None and html != rendition.first
        self._publish(
            parent, view.bundle(html), LATER if later else None, display_id=view.display_id, update=True
        )

    def _html(self, session: Session) -> str:
        if session.env.get("static") is False:
            return VIEW_HTML
        from nbsession._rendition import render  # noqa: PLC0415 -- for the first view

        title = session.env.get("title")
        shown = render(
            session.outputs.copy(), title=title if isinstance(title, str) else None, limit=self._limit
        )
        return shown or VIEW_HTML

    def _list(self) -> list[_Rendition]:
        with self._lock:
            return list(self._all.values())

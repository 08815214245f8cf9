"""Views of sessions in cells, displayed as soon as a session has something to show, and tracked until they are gone."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .displayed_view import DisplayedView
from .left_views import LeftViews
from .presence import Presence

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

    from .bridge import Bridge, View
    from .renditions import Renditions

# The text that is displayed without widgets. It is constant, so that tools that compare outputs see no change.
VIEW_TEXT = "nbsession view"
# The HTML that is displayed without widgets, until there is a rendition (`renditions.py`).
VIEW_HTML = (
    "<p>This output of nbsession is live: run the cell to see it. If this message stays in a trusted notebook, the "
    "page cannot load nbsession's widget: run <code>pip install anywidget</code> in the environment in which the "
    "Jupyter <em>server</em> runs (the kernel's may be another), then reload the page.</p>"
)

# Reasons after which the notebook contains no view of the session.
GONE = frozenset({"the cell was run again", "its output was cleared", "its cell was deleted"})


@dataclass
class _Shown:
    session: Session
    view: View
    presence: Presence = field(default_factory=Presence)
    parts: list[View] = field(default_factory=list)


class Views:
    """The views of a kernel's sessions. Can be used on any thread.

    Parameters
    ----------
    display : callable
        ``display(parent, data)`` publishes a mimebundle to the output of the cell that ``parent`` ran.
    renditions : Renditions
        The renditions of the views.
    running : callable
        Returns whether the code of a session's cell is running. If so, the session is not closed.
    taken_away : callable
        Called with a session whose last view the reader has removed.
    """

    def __init__(
        self,
        display: Callable[[dict[str, Any], dict[str, object]], None],
        renditions: Renditions,
        running: Callable[[Session], bool],
        taken_away: Callable[[Session], object],
    ) -> None:
        self._display = display
        self._renditions = renditions
        self._running = running
        self._taken_away = taken_away
        self._lock = threading.Lock()
        self._shown: dict[int, _Shown] = {}
        self._left = LeftViews()

    def counts(self) -> dict[str, int]:
        """Return the number of sessions with a view, and of ended sessions whose views are kept."""
        return {"views": len(self._shown), "left views": len(self._left)}

    def show(self, session: Session, parent: dict[str, Any], bridge: Bridge) -> None:
        """Show the session in the cell's output, also if it was shown there before."""
        from .bridge import mimebundle  # noqa: PLC0415 -- anywidget is imported at first use

        shown = self._shown_or_new(session, bridge)
        shown.presence.displayed()
        view = shown.view
        self._renditions.display(
            DisplayedView(session, parent, view.model_id, lambda html: mimebundle(view, html))
        )

    def show_part(self, session: Session, parent: dict[str, Any], bridge: Bridge, part: int) -> None:
        """Show the content of one node of the session as output of the message ``parent``."""
        from .bridge import View, mimebundle  # noqa: PLC0415

        shown = self._shown_or_new(session, bridge)
        view = next((view for view in shown.parts if view.part == part), None)
        if view is None:
            view = View(bridge.model_id, session.number, part)
            shown.parts.append(view)
        shown.presence.displayed()
        self._display(parent, mimebundle(view))

    def _shown_or_new(self, session: Session, bridge: Bridge) -> _Shown:
        from .bridge import View  # noqa: PLC0415

        with self._lock:
            shown = self._shown.get(session.number)
        if shown is None:
            shown = _Shown(session, View(bridge.model_id, session.number))
            with self._lock:
                shown = self._shown.setdefault(session.number, shown)
        return shown

    def replace(self, former: Session, session: Session) -> None:
        """Let the view of ``former`` show ``session``."""
        with self._lock:
            shown = self._shown.pop(former.number, None)
            if shown is not None:
                self._shown[session.number] = _Shown(session, shown.view, parts=shown.parts)
        if shown is not None:
            shown.view.session = session.number
            self._renditions.replace(former, session)

    def remove(self, session: Session) -> None:
        """Release a closed session's view. Its last content stays on the page.

        A notebook that is opened again also shows the view. As long as the view's model exists, it shows why the
        session ended; later, it shows "model not found".
        """
        number, reason = session.number, session.closed or ""
        with self._lock:
            shown = self._shown.pop(number, None)
        if shown is None:
            return
        views = [shown.view, *shown.parts]
        if reason in GONE or shown.presence.stayed_away:
            self._left.let_go(number, views, shown.presence.pages)
        else:
            self._left.keep(number, views, reason, shown.presence.pages)

    def ended_because(self, number: object) -> str | None:
        """Return why a session ended of which only a view is left; None for any other number."""
        return self._left.reason(number) if type(number) is int else None

    def displays(self, session: Session) -> bool:
        """Return whether a view of the session was displayed and not removed."""
        with self._lock:
            return session.number in self._shown

    def seen_on(self, session: Session) -> frozenset[str]:
        """Return the ids of the pages that show views of the session."""
        shown = self._find(session.number)
        return frozenset() if shown is None else shown.presence.pages

    # -- reports of pages and code ---------------------------------------------------------------

    def counted(self, page: str, number: object, count: object) -> None:
        """Record the number of views of a session that a page shows."""
        if type(number) is not int or type(count) is not int or count < 0:
            return
        shown = self._find(number)
        if shown is not None:
            if count:
                self._renditions.seen(shown.session)
            shown.presence.counted(page, count)
            if not shown.presence.anywhere:
                shown.session.view_gone()
        elif count:
            self._left.shown_on(page, number)

    def gone(self, page: str, number: object) -> None:
        """Record that a page has had no view of a session for two seconds."""
        shown = self._find(number)
        if shown is not None:
            shown.presence.gone(page)
            self._judge(shown)
        elif type(number) is int:
            self._left.gone_from(page, number)

    def renewed(self, page: str) -> None:
        """Handle the reload of a page."""
        for shown in self._all():
            shown.presence.renewed(page)
        self._left.renewed(page)

    def ended(self, page: str) -> None:
        """Handle the end of a page."""
        for shown in self._all():
            shown.presence.ended(page)
            self._judge(shown)
        self._left.ended(page)

    def cleared(self, number: int) -> None:
        """Called when code has cleared the output of the session."""
        shown = self._find(number)
        if shown is not None:
            shown.presence.cleared()
            shown.session.view_gone()

    def judge_all(self) -> None:
        """Close the sessions whose views were removed while a cell's code was running."""
        for shown in self._all():
            self._judge(shown)

    def _judge(self, shown: _Shown) -> None:
        if shown.presence.taken_away and not self._running(shown.session):
            self._taken_away(shown.session)

    def _find(self, number: object) -> _Shown | None:
        with self._lock:
            return self._shown.get(number) if type(number) is int else None

    def _all(self) -> list[_Shown]:
        with self._lock:
            return list(self._shown.values())

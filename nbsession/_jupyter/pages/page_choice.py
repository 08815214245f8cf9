"""Which page a session gets, and which one continues the sessions of another."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from nbsession._core.session import sessions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._core.page import Page
    from nbsession._core.session import Session


class PageChoice:
    """Chooses among the pages of a kernel. Can be used on any thread.

    Parameters
    ----------
    present : callable
        Returns the pages that are not away, the newest first.
    silent : callable
        Returns whether a page has missed so many heartbeats that another page is preferred.
    showing : callable
        ``showing(session)`` returns the ids of the pages that show views of it.
    """

    def __init__(
        self,
        present: Callable[[], Sequence[Page]],
        silent: Callable[[Page], bool],
        showing: Callable[[Session], frozenset[str]],
    ) -> None:
        self._present = present
        self._silent = silent
        self._showing = showing
        self._touches: dict[str, int] = {}  # page id -> when the reader last used it; higher is later
        self._next_touch = itertools.count(1).__next__

    @property
    def last_touched(self) -> str | None:
        """The id of the page that the reader last used; None if none was used."""
        touches = self._touches.copy()
        return max(touches, key=touches.__getitem__, default=None)

    def touched(self, page: Page) -> None:
        """Record that the reader uses a page, which then precedes newer ones."""
        self._touches[page.page_id] = self._next_touch()

    def forget(self, page: Page) -> None:
        """Remove a page that has ended."""
        self._touches.pop(page.page_id, None)

    def choose(self, session: Session, but: Page | None = None) -> Page | None:
        """Return the page that ran the cell, else the one that the reader last used, else the newest.

        A sleeping page is chosen only if there is no other. Pages that show the session precede others.
        """
        present = [page for page in self._present() if page is not but]
        if len(present) <= 1:
            return present[0] if present else None
        own = [page for page in present if page.transport.peer == session.peer]
        shown_on = self._showing(session) if but is not None else frozenset()

        def rank(page: Page) -> tuple[bool, bool, int]:
            return not self._silent(page), page.page_id in shown_on, self._touches.get(page.page_id, 0)

        return max(own or present, key=rank)

    def successor(self, session: Session, but: Page) -> Page | None:
        """Return the page on which a session continues whose page is gone; None if it does not continue."""
        return None if session.toasts or session.closed is not None else self.choose(session, but)

    def replaceable(self, page: Page) -> bool:
        """Return whether another page could take over a session of this page."""
        return any(
            session in page.channels
            and (successor := self.successor(session, page)) is not None
            and not self._silent(successor)
            for session in sessions_of(page)
        )

"""The views of ended sessions.

A view's comms are closed when no page shows the view any more. Closing them earlier would remove the view from the
pages. Never closing them would make each page keep the models of all views that it has ever shown.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbsession._jupyter.shell import _private_outputs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .bridge import View

# Number of views whose models are kept, so that a notebook that is opened again finds them.
_MOST_KEPT = 200


@dataclass
class _Left:
    views: list[View]  # the session's own view, and those of its parts
    reason: str
    pages: set[str]  # the pages that show them


class LeftViews:
    """The views of ended sessions, by session number. Can be used on any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, _Left] = OrderedDict()
        self._going: dict[int, _Left] = {}  # kept only for the pages that show them

    def __len__(self) -> int:
        return len(self._kept) + len(self._going)

    def keep(self, number: int, views: list[View], reason: str, pages: Iterable[str]) -> None:
        """Keep a session's views for pages, including those that open the notebook later; see `let_go`."""
        with self._lock:
            self._kept[number] = _Left(views, reason, set(pages))
            if len(self._kept) <= _MOST_KEPT:
                return
            number, oldest = self._kept.popitem(last=False)
            if oldest.pages:
                self._going[number] = oldest
                return
        _close(oldest, tell=False)  # a sleeping page may show it

    def let_go(self, number: int, views: list[View], pages: Iterable[str]) -> None:
        """Close a session's views as soon as none of these pages shows them."""
        left = _Left(views, "", set(pages))
        if left.pages:
            with self._lock:
                self._going[number] = left
        else:
            _close(left, tell=True)

    def reason(self, number: int) -> str | None:
        """Return why a session ended whose view is kept; None for any other number."""
        with self._lock:
            left = self._kept.get(number)
        return None if left is None else left.reason

    def shown_on(self, page: str, number: int) -> None:
        """Record that a page shows the view."""
        with self._lock:
            left = self._find(number)
            if left is not None:
                left.pages.add(page)

    def gone_from(self, page: str, number: int) -> None:
        """Called when the reader, or code, has removed the view from a page."""
        with self._lock:
            left = self._find(number)
            if left is None:
                return
            left.pages.discard(page)
            if left.pages:
                return
            self._kept.pop(number, None)
            self._going.pop(number, None)
        _close(left, tell=True)

    def renewed(self, page: str) -> None:
        """Handle the reload of a page, which then reports the views that it shows."""
        self._leave(page, tell=True)

    def ended(self, page: str) -> None:
        """Handle the end of a page."""
        self._leave(page, tell=False)  # a page that was only asleep still shows the view

    def _leave(self, page: str, *, tell: bool) -> None:
        with self._lock:
            for left in (*self._kept.values(), *self._going.values()):
                left.pages.discard(page)
            nowhere = [number for number, left in self._going.items() if not left.pages]
            gone = [self._going.pop(number) for number in nowhere]
        for left in gone:
            _close(left, tell=tell)

    def _find(self, number: int) -> _Left | None:
        return self._kept.get(number) or self._going.get(number)


def _close(left: _Left, *, tell: bool) -> None:
    """Close the views' comms. If the pages are notified, they remove the views."""
    for view in left.views:
        for widget in (view, view.layout):  # ipywidgets creates a layout for each view, and never closes it
            if not tell:
                _private_outputs.abandon(widget)
            widget.close()
